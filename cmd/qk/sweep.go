package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"qk/train"
	"qk/train/sweep"
)

// sweepOptions are the flags of sweep that are not settings of its runs.
type sweepOptions struct {
	file, out, resume, base  string
	jobs, most               int
	dryRun, json, csv, quiet bool
}

func (a *app) sweepCommand() *cobra.Command {
	var o sweepOptions
	var axes []*axisFlag
	cmd := &cobra.Command{
		Use:   "sweep [FILE]",
		Short: "Train a grid of runs side by side: every combination of some settings",
		Long: `Sweep trains a run for every combination of the values that settings are given:

  --rank 1,2,4,8    four values, between commas
  --seed 1..10      whole numbers, here ten of them
  --seed 0..20..5   every fifth: 0, 5, 10, 15, 20
  --one-hot=true,false
  --corpus a.txt --corpus b.txt    a flag that is given again adds values

A grid can stand in a FILE of TOML too, in which a list is an axis:

  corpus = "mytext.txt"
  rank = [1, 2, 4, 8]
  seed = "1..10"

For several texts in one run, write corpus = [["a.txt", "b.txt"]]. The file can also
be the folder of a run or a sweep, whose settings are then taken. What is given by
flags takes the place of what is in the file.

Runs are trained side by side, each on a processor of its own, unless they are large
enough to need all; the results are those of ` + "`qk train`" + ` to the bit. The sweep is a
folder under runs/ with a folder for each run. After an interrupt, a crash or a full
disk, --resume goes on: runs that are done are kept, others continue from their
checkpoints. One run that fails does not end the others.

Exit codes: 0 when every run came to its end and passed its checks, 1 when a check
or a run failed, 2 for bad usage or input or when the sweep had to stop, 130 when
interrupted with all states saved.`,
		Example: `  qk sweep --rank 1,2,4,8 --seed 1..10 --l2 0,1e-4
  qk sweep plan.toml --jobs 1
  qk sweep runs/20260102-030405-diary --seed 1..10
  qk sweep --resume runs/20260102-030405-sweep-diary`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && o.file != "" {
				return usage(cmd, "one file at most")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.file = args[0]
			}
			if err := o.check(cmd, axes); err != nil {
				return err
			}
			if o.resume != "" {
				return a.resumeSweep(cmd.Context(), o)
			}
			grid, err := a.grid(o, axes)
			if err != nil {
				return err
			}
			return a.sweep(cmd.Context(), grid, o)
		},
	}
	axes = axisFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.file, "file", "", "the same as FILE")
	f.StringVar(&o.out, "out", "", "folder of this sweep, which must not exist (default runs/<time>-sweep-<corpus>)")
	f.StringVar(&o.resume, "resume", "", "go on with the sweep in this folder")
	f.IntVar(&o.jobs, "jobs", 0, "how many processors to take (default all)")
	f.IntVar(&o.most, "max-runs", 10000, "refuse a grid of more runs")
	f.StringVar(&o.base, "base", "", "compare the groups with this one, such as rank=4 (default the first)")
	f.BoolVar(&o.dryRun, "dry-run", false, "check everything and show the grid, but train nothing")
	f.BoolVar(&o.json, "json", false, "print the result as one JSON document")
	f.BoolVar(&o.csv, "csv", false, "print the result as CSV, a line for each run")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress, and the table alone")
	cmd.MarkFlagsMutuallyExclusive("out", "resume")
	cmd.MarkFlagsMutuallyExclusive("dry-run", "resume")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	cmd.MarkFlagsMutuallyExclusive("dry-run", "csv")
	return cmd
}

// check refuses flags that make no sense, alone or together.
func (o *sweepOptions) check(cmd *cobra.Command, axes []*axisFlag) error {
	f := cmd.Flags()
	for _, name := range []string{"file", "out", "resume"} {
		if f.Changed(name) && f.Lookup(name).Value.String() == "" {
			return &train.FlagError{Flag: name, Value: `""`, Why: "name a file or a folder, or leave this out"}
		}
	}
	switch {
	case f.Changed("jobs") && o.jobs < 1:
		return &train.FlagError{Flag: "jobs", Value: fmt.Sprint(o.jobs), Why: "give a number of processors, at least 1"}
	case o.most < 1:
		return &train.FlagError{Flag: "max-runs", Value: fmt.Sprint(o.most), Why: "give a number of runs, at least 1"}
	case o.resume == "":
		return nil
	case o.file != "":
		return &train.FlagError{Flag: "resume", Value: o.resume, Why: "a resumed sweep keeps its own grid: leave out " + o.file}
	}
	for _, axis := range axes {
		if len(axis.values) > 0 {
			return &train.FlagError{Flag: axis.name, Value: axis.String(), Why: "a resumed sweep keeps its own settings: leave this out, or make a new sweep"}
		}
	}
	if f.Changed("max-runs") {
		return &train.FlagError{Flag: "max-runs", Value: fmt.Sprint(o.most), Why: "a resumed sweep keeps its own grid: leave this out"}
	}
	return nil
}

// grid puts together what the file and the flags ask for.
func (a *app) grid(o sweepOptions, axes []*axisFlag) (sweep.Grid, error) {
	var grid sweep.Grid
	if o.file != "" {
		var err error
		if grid, err = readGrid(o.file); err != nil {
			return nil, err
		}
	}
	typed := typedAxes(axes)
	for _, axis := range typed {
		switch axis.name { // the one takes the place of the other
		case "corpus":
			grid.Unset("counts")
		case "counts":
			grid.Unset("corpus")
		}
	}
	several := o.file != ""
	for _, axis := range typed {
		grid.Set(axis.name, axis.values)
		several = several || len(axis.values) > 1
	}
	if !several {
		return nil, errors.New("there is nothing to sweep over: give a setting several values, such as --seed 1..10, or a file with a grid; for a single run there is `qk train`")
	}
	return grid, nil
}

// sweep makes a new sweep and runs it.
func (a *app) sweep(ctx context.Context, grid sweep.Grid, o sweepOptions) error {
	plan, points, err := grid.Plan(o.most)
	if err != nil {
		return err
	}
	s, err := show(ctx, a, func(tell func(train.Stage)) (*sweep.Sweep, error) {
		return sweep.New(ctx, plan, points, a.stdin, tell)
	})
	if err != nil {
		return err
	}
	if err := checkBase(s, o.base); err != nil {
		return err
	}
	if o.dryRun {
		return a.showGrid(s, o)
	}
	s.Plan.Created = a.now().UTC()
	if o.out == "" {
		o.out = a.newPath(a.now(), "sweep-"+shortName(plan.Base.Corpus.Names()[0]))
	}
	if err := s.Create(o.out); err != nil {
		return err
	}
	return a.runSweep(ctx, s, o)
}

// resumeSweep goes on with a sweep.
func (a *app) resumeSweep(ctx context.Context, o sweepOptions) error {
	path, err := a.sweepPath(o.resume)
	if err != nil {
		return err
	}
	s, err := sweep.Open(path)
	if err != nil {
		return err
	}
	if err := checkBase(s, o.base); err != nil {
		return err
	}
	return a.runSweep(ctx, s, o)
}

// checkBase finds out before anything is trained whether groups can be compared with
// this one.
func checkBase(s *sweep.Sweep, base string) error {
	var none []sweep.Result
	for _, p := range s.Points() {
		none = append(none, sweep.Result{Point: p})
	}
	_, err := sweep.NewTable(s.Plan.Axes, none, base)
	return err
}

// runSweep trains what is left to train and shows how all runs stand.
func (a *app) runSweep(ctx context.Context, s *sweep.Sweep, o sweepOptions) error {
	w, err := a.watchSweep(s, o.quiet)
	if err != nil {
		return err
	}
	err = s.Run(ctx, sweep.Options{Jobs: o.jobs, Now: a.now, Tell: w.stage, Counted: collecting, Begun: w.begun, Ended: w.ended})
	w.close(err == nil)
	if err != nil {
		return sweepStopped(s, err)
	}
	results, err := s.Results()
	if err != nil {
		return err
	}
	doc, err := newSweepDocument(s, results, o.base)
	switch {
	case err != nil:
	case o.json:
		err = a.printJSON(doc)
	case o.csv:
		err = a.printSweepCSV(s, doc)
	default:
		err = a.showSweep(s, doc, o.quiet)
	}
	if err == nil && !doc.Pass {
		err = errCheckFailed
	}
	return err
}

// sweepStopped says how to go on with a sweep that did not come to its end.
func sweepStopped(s *sweep.Sweep, cause error) error {
	again := fmt.Sprintf("go on with `qk sweep --resume %s`", s.Path)
	var stopped *sweep.StoppedError
	switch {
	case errors.Is(cause, train.ErrInterrupted):
		return fmt.Errorf("%w, all states are saved: %s", cause, again)
	case errors.As(cause, &stopped):
		return fmt.Errorf("%w: every other run would meet the same, so the sweep has stopped: free some space, then %s", cause, again)
	}
	return cause
}

// shortName is what a folder shows of a text's name.
func shortName(corpus string) string {
	if corpus == "-" {
		return "stdin"
	}
	if i := strings.LastIndexAny(corpus, `/\`); i >= 0 {
		corpus = corpus[i+1:]
	}
	name, _, _ := strings.Cut(corpus, ".")
	return name
}
