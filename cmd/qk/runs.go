package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/train"
	"qk/train/sweep"
)

// runsOptions are the flags of runs.
type runsOptions struct {
	by, base        string
	where           []string
	limit           int
	json, csv, toml bool
}

func (a *app) runsCommand() *cobra.Command {
	var o runsOptions
	cmd := &cobra.Command{
		Use:   "runs [RUN|SWEEP...]",
		Short: "List the runs, show one or a sweep, or compare several",
		Long: `Runs lists the runs and the sweeps under runs/. With the name or the folder of one it
shows its settings and its result, of a sweep the table over its seeds. Several are
put side by side: the settings that differ, and the figures.

--where chooses the runs to list, by any setting of qk train and by created, name,
status, pass, loss, above-floor, heldout, steps and seconds; of several all must hold.
--sort takes the same names, the largest first after a minus.`,
		Example: `  qk runs
  qk runs --where 'rank>=4' --where corpus=diary --sort=-loss --limit 10
  qk runs 20260102-030405-diary
  qk runs 20260102-030405-diary 20260102-030506-diary
  qk runs 20260102-030405-sweep-diary --base rank=4`,
		ValidArgsFunction: func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeRuns(typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd, args); err != nil {
				return err
			}
			switch len(args) {
			case 0:
				return a.listRuns(o)
			case 1:
				return a.showOne(args[0], o)
			}
			return a.compareRuns(args, o.json)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.where, "where", nil, "list only runs of which this holds, such as 'rank>=4' or corpus=diary; more than once for several")
	f.StringVar(&o.by, "sort", "created", "order: created, name, status, pass, loss, above-floor, heldout, steps, seconds or any setting, with - before it the largest first")
	f.IntVar(&o.limit, "limit", 0, "list so many runs at most; 0 lists all")
	f.StringVar(&o.base, "base", "", "of a sweep: compare its groups with this one, such as rank=4 (default the first)")
	f.BoolVar(&o.json, "json", false, "print the records as JSON")
	f.BoolVar(&o.csv, "csv", false, "print the list, or the table of a sweep, as CSV")
	f.BoolVar(&o.toml, "toml", false, "print the settings of a run as the file that qk sweep takes")
	cmd.MarkFlagsMutuallyExclusive("json", "csv", "toml")
	complete(cmd, "sort", runFields())
	return cmd
}

// check refuses flags that do not go with the arguments.
func (o runsOptions) check(cmd *cobra.Command, args []string) error {
	for _, name := range []string{"where", "sort", "limit"} {
		if cmd.Flags().Changed(name) && len(args) > 0 {
			return &train.FlagError{Flag: name, Value: cmd.Flags().Lookup(name).Value.String(), Why: "this is for the list of all runs: leave it out, or the name of the run"}
		}
	}
	switch {
	case o.limit < 0:
		return &train.FlagError{Flag: "limit", Value: fmt.Sprint(o.limit), Why: "give a number of runs, or 0 for all"}
	case o.toml && len(args) != 1:
		return &train.FlagError{Flag: "toml", Value: "true", Why: "name one run"}
	case o.base != "" && len(args) != 1:
		return &train.FlagError{Flag: "base", Value: o.base, Why: "name one sweep, whose groups are then compared with this one"}
	case o.csv && len(args) > 1:
		return &train.FlagError{Flag: "csv", Value: "true", Why: "runs side by side are printed as text or with --json"}
	}
	return nil
}

// showOne shows a run or a sweep.
func (a *app) showOne(name string, o runsOptions) error {
	path, err := a.runPath(name)
	if err != nil {
		return err
	}
	s, err := sweep.Open(path)
	if err == nil {
		return a.showOneSweep(s, o)
	}
	if !errors.Is(err, sweep.ErrNoSweep) {
		return err
	}
	switch {
	case o.base != "":
		return &train.FlagError{Flag: "base", Value: o.base, Why: path + " is a run, not a sweep"}
	case o.csv:
		return &train.FlagError{Flag: "csv", Value: "true", Why: "one run is printed as text or with --json; `qk export --csv` has its tables"}
	case !o.toml:
		return a.showRun(path, o.json)
	}
	r, err := train.ReadRecord(path)
	if err != nil {
		return err
	}
	return sweep.WriteTOML(a.stdout, r.Config)
}

// showOneSweep shows the table of a sweep.
func (a *app) showOneSweep(s *sweep.Sweep, o runsOptions) error {
	if o.toml {
		return s.Plan.WriteTOML(a.stdout)
	}
	results, err := s.Results()
	if err != nil {
		return err
	}
	doc, err := newSweepDocument(s, results, o.base)
	switch {
	case err != nil:
		return err
	case o.json:
		return a.printJSON(doc)
	case o.csv:
		return a.printSummaryCSV(doc.Summary)
	}
	return a.showSweep(s, doc, false)
}

// showRun shows the settings and the result of one run, from its record alone.
func (a *app) showRun(path string, asJSON bool) error {
	r, err := train.ReadRecord(path)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(r)
	}
	s := a.screenOn(a.stdout)
	c := r.Config
	s.Heading(r.Name)
	s.Pairs([]screen.Pair{
		{Key: "status", Value: unfinished(r.Status)}, {Key: "started", Value: r.Created.Local().Format("2006-01-02 15:04:05")},
		{Key: "corpus", Value: corpusName(c.Corpus)}, {Key: "tokens", Value: string(c.Tokens)}, {Key: "words", Value: fmt.Sprint(r.Data.Vocabulary)},
		{Key: "positions", Value: fmt.Sprint(r.Data.Positions)}, {Key: "task", Value: string(c.Task)}, {Key: "objective", Value: string(c.Objective)},
		{Key: "one-hot", Value: yes(c.OneHot)}, {Key: "rank", Value: fmt.Sprint(c.Rank)}, {Key: "null slot", Value: yes(c.Null)},
		{Key: "penalty", Value: fmt.Sprintf("%g", c.L2)}, {Key: "solver", Value: c.Solver}, {Key: "rate", Value: fmt.Sprintf("%g, %s", c.LR, c.Schedule)},
		{Key: "seed", Value: fmt.Sprint(c.Seed)}, {Key: "held out", Value: heldOutShare(c)}, {Key: "qk", Value: r.Versions["qk"]}, {Key: "go", Value: r.Versions["go"]},
	})
	s.Gap()
	if r.Result == nil {
		note := "This run has no result."
		if r.Error != "" {
			note = sentence(r.Error) + "."
		}
		if r.Status != train.Diverged { // it would diverge again
			note += fmt.Sprintf(" Go on with `qk train --resume %s`.", path)
		}
		s.Paragraph(note)
		return s.Err()
	}
	s.Paragraph(fmt.Sprintf("%s, in %.2f s. Step %d, loss %.6f.", sentence(r.Result.Reason), r.Result.Seconds, r.Result.Steps, r.Result.Loss))
	report{screen: s, detail: true, outcome: &train.Outcome{Checks: r.Result.Checks}}.verdict()
	return s.Err()
}
