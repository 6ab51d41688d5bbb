package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train"
	"qk/train/sweep"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// runPath finds the folder of a run by its path or by its name under runs/; an
// empty name means the newest run.
func (a *app) runPath(name string) (string, error) {
	if name == "" {
		return a.newestRun()
	}
	if exists(name) {
		return name, nil
	}
	if path := filepath.Join(a.runs, name); exists(path) {
		return path, nil
	}
	listed, err := listRuns(a.runs)
	if err != nil {
		return "", err
	}
	var names []string
	for _, r := range listed {
		names = append(names, r.Name)
	}
	hint := "`qk runs` lists the runs"
	if near := text.Nearest(name, names, 1); len(near) > 0 {
		hint = "did you mean " + near[0] + "?"
	}
	return "", fmt.Errorf("run %s: no such folder, neither here nor under %s: %s", name, a.runs, hint)
}

// newestRun is the last run that was started under runs/.
func (a *app) newestRun() (string, error) {
	listed, err := listRuns(a.runs)
	if err != nil {
		return "", err
	}
	if len(listed) == 0 {
		return "", fmt.Errorf("no run under %s: train one with `qk train`, or name the folder of a run", a.runs)
	}
	newest := listed[0]
	for _, r := range listed[1:] {
		if r.Created.After(newest.Created) || r.Created.Equal(newest.Created) && r.path > newest.path {
			newest = r
		}
	}
	return newest.path, nil
}

// notASweep says of a folder that is no run but a sweep how its runs are named.
func notASweep(path string, err error) error {
	if !errors.Is(err, train.ErrNoRun) {
		return err
	}
	s, openErr := sweep.Open(path)
	if openErr != nil || len(s.Points()) == 0 {
		return err
	}
	return fmt.Errorf("%s is a sweep: name one of its runs, such as %s", path, shellWord(filepath.Join(path, s.Points()[0].Name)))
}

// loaded is a run that was read back: what lookup, vote and check work on.
type loaded struct {
	dir     *train.RunDir
	e       *train.Experiment
	weights *graph.Weights
	steps   int
}

// load reads a run back, with its text.
func (a *app) load(name string) (*loaded, error) {
	d, err := a.openRun(name)
	if err != nil {
		return nil, err
	}
	l, err := readBack(d)
	if err != nil {
		return nil, err
	}
	a.warnUnfinished(d.Path, d.Record.Status, l.steps)
	return l, nil
}

// openRun opens the folder of a run by its path or name, see [app.runPath].
func (a *app) openRun(name string) (*train.RunDir, error) {
	path, err := a.runPath(name)
	if err != nil {
		return nil, err
	}
	d, err := train.OpenRun(path)
	return d, notASweep(path, err)
}

// readBack reads a run with its text.
func readBack(d *train.RunDir) (*loaded, error) {
	e, err := d.Experiment()
	if err != nil {
		return nil, err
	}
	w, steps, err := d.Weights(e)
	if err != nil {
		return nil, err
	}
	return &loaded{dir: d, e: e, weights: w, steps: steps}, nil
}

// warnUnfinished says of a run that is not finished what is shown of it.
func (a *app) warnUnfinished(path string, status train.RunStatus, steps int) {
	if status != train.Done {
		fmt.Fprintf(a.stderr, "qk: warning: run %s is %s: this is its state after step %d; go on with `qk train --resume %s`\n", path, unfinished(status), steps, path)
	}
}

func unfinished(s train.RunStatus) string {
	if s == train.Running {
		return "not finished"
	}
	return string(s)
}

// row pulls the scores S[w,·] [V] of one word out of the matrix, and compares
// them with the counts.
func (l *loaded) row(w data.Word) ([]float64, train.LearnedRow, train.RowAgreement, error) {
	scores, err := l.weights.Lookup(w)
	if err != nil {
		return nil, train.LearnedRow{}, train.RowAgreement{}, err
	}
	learned := train.LearnRow(l.e, w, scores)
	return scores, learned, train.AgreeRow(l.e, learned), nil
}

// runAndRest splits arguments of the form [RUN] REST.
func runAndRest(args []string) (name, rest string) {
	if len(args) == 1 {
		return "", args[0]
	}
	return args[0], args[1]
}

// find looks up a word as the run's text would have it: folded to lower case
// unless the run kept the case.
func (l *loaded) find(word string) (data.Word, error) {
	vocab := l.e.Corpus.Vocab
	if !l.e.Config.KeepCase {
		if w, ok := vocab.Lookup(strings.ToLower(word)); ok {
			return w, nil
		}
	}
	w, err := vocab.Find(word)
	if unknown, ok := l.unknown(); err != nil && ok {
		return w, fmt.Errorf("%w; a word that was not counted goes as %q", err, vocab.Text(unknown))
	}
	return w, err
}

// completeRun completes a first argument with the names of the runs, the newest first,
// and after the name of a sweep with those of its runs.
func (a *app) completeRun(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeRuns(typed)
}

// completeRuns completes any argument as completeRun does the first.
func (a *app) completeRuns(typed string) ([]string, cobra.ShellCompDirective) {
	dir, within := a.runs, ""
	if at := strings.LastIndexByte(typed, '/'); at > 0 && exists(filepath.Join(a.runs, typed[:at])) {
		dir, within = filepath.Join(a.runs, typed[:at]), typed[:at+1]
	}
	runs, _, err := listAll(dir, func(path string) (*listedRun, error) {
		s, err := sweep.Open(path)
		if err != nil {
			return nil, err
		}
		return &listedRun{Record: &train.Record{Created: s.Plan.Created}, path: path}, nil
	})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	slices.SortStableFunc(runs, func(x, y listedRun) int { return y.Created.Compare(x.Created) })
	var names []string
	for _, r := range runs {
		names = append(names, within+filepath.Base(r.path))
	}
	return names, cobra.ShellCompDirectiveDefault
}
