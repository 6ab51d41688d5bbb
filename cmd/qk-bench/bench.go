package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"qk/cmd/qk-bench/internal/wire"
)

// compared is how many losses have to agree.
const compared = 5

// validate says what is wrong with the flags.
func (o options) validate() error {
	switch {
	case o.rounds < 1:
		return fmt.Errorf("--rounds %d: at least one", o.rounds)
	case o.fill <= 0 || o.brief <= 0 || o.patience <= 0 || o.longest <= 0:
		return fmt.Errorf("--fill, --brief, --patience and --longest are times above 0, such as 300ms")
	case !(o.tolerance > 0):
		return fmt.Errorf("--tolerance %g: want a number above 0", o.tolerance)
	}
	return nil
}

// bench measures the chosen shapes.
func bench(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if err := o.validate(); err != nil {
		return err
	}
	shapes, err := choose(o.task, o.shapes)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "qk-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	list, err := o.field(folder)
	if err != nil {
		return err
	}
	var reports []report
	disagree := false
	for _, s := range shapes {
		fmt.Fprintf(stderr, "%s %s\n", s.Task, s)
		r, err := o.shape(ctx, s, list, folder, stderr)
		if err != nil {
			return fmt.Errorf("%s %s: %w", s.Task, s, err)
		}
		disagree = disagree || len(r.Complaints) > 0
		reports = append(reports, r)
		if !o.json {
			r.print(stdout)
		}
	}
	if o.json {
		if err := printJSON(stdout, reports); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(stdout, "\n%s\n", explain)
	}
	if disagree {
		return errDisagree
	}
	return nil
}

// field returns who takes part.
func (o options) field(folder string) ([]contestant, error) {
	all := o.contestants
	if all == nil {
		if err := unpack(folder); err != nil {
			return nil, err
		}
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		all = contestants(self, o.python, folder, o.gomlx)
	}
	if len(o.only) == 0 {
		return all, nil
	}
	chosen := all[:1:1]
	for _, name := range o.only {
		var names []string
		found := name == all[0].Name
		for _, c := range all[1:] {
			names = append(names, c.Name)
			if strings.EqualFold(c.Name, name) {
				chosen, found = append(chosen, c), true
			}
		}
		if !found {
			return nil, fmt.Errorf("--only %q: use some of %s", name, strings.Join(names, ", "))
		}
	}
	return chosen, nil
}

// shape measures one shape. Only variants that agree are ever timed in rounds.
func (o options) shape(ctx context.Context, s shape, list []contestant, folder string, stderr io.Writer) (report, error) {
	dir, err := os.MkdirTemp(folder, s.Task)
	if err != nil {
		return report{}, err
	}
	defer os.RemoveAll(dir)
	p, err := lay(s, o.seed, dir)
	if err != nil {
		return report{}, err
	}
	r := &referee{
		list: list, folder: dir, tolerance: o.tolerance, steps: compared,
		patience: o.patience, longest: o.longest, brief: o.brief, log: stderr,
	}
	t, err := r.tune(ctx)
	if err != nil {
		return report{}, err
	}
	for _, c := range t.complaints {
		fmt.Fprintf(stderr, "*** %s\n", c)
	}
	roof := measure(adamBytes * 2 * p.V * p.R)
	times, err := r.race(ctx, fastest(t.trials), o.rounds, o.fill)
	if err != nil {
		return report{}, err
	}
	return newReport(p, t, times, list, roof), nil
}

// lay makes the problem of a shape in a folder.
func lay(s shape, seed uint64, dir string) (*wire.Problem, error) {
	if s.Task == "recall" {
		p := recallProblem(s, seed)
		return p, p.Write(dir)
	}
	p, text, err := predictProblem(s, seed)
	if err != nil {
		return nil, err
	}
	p.Text = "text.txt"
	if err := os.WriteFile(filepath.Join(dir, p.Text), []byte(text), 0o600); err != nil {
		return nil, err
	}
	return p, p.Write(dir)
}
