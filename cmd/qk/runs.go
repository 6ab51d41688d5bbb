package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data/text"
	"qk/train"
)

func (a *app) runsCommand() *cobra.Command {
	var by string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "runs [RUN]",
		Short: "List the runs, or show one",
		Long:  `Runs lists the runs under runs/. With the name or the folder of one it shows its settings and its result.`,
		Example: `  qk runs
  qk runs --sort loss
  qk runs 20260102-030405-diary`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "one run at most")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.showRun(args[0], asJSON)
			}
			order, ok := runOrders()[by]
			if !ok {
				why := "use one of " + strings.Join(runOrderNames(), ", ")
				if near := text.Nearest(by, runOrderNames(), 1); len(near) > 0 {
					why = fmt.Sprintf("did you mean %s? %s", near[0], why)
				}
				return &train.FlagError{Flag: "sort", Value: by, Why: why}
			}
			runs, err := listRuns(a.runs)
			if err != nil {
				return err
			}
			slices.SortStableFunc(runs, order)
			return a.showRuns(runs, asJSON)
		},
	}
	cmd.Flags().StringVar(&by, "sort", "created", "order: "+strings.Join(runOrderNames(), ", "))
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the records as JSON")
	complete(cmd, "sort", runOrderNames())
	return cmd
}

// runOrders are the orders in which runs can be listed. A run without a result
// comes after those that have one.
func runOrders() map[string]func(a, b listedRun) int {
	byResult := func(value func(*train.Document) float64) func(a, b listedRun) int {
		return func(a, b listedRun) int {
			if a.Result == nil || b.Result == nil {
				return cmp.Compare(btoi(a.Result == nil), btoi(b.Result == nil))
			}
			return cmp.Compare(value(a.Result), value(b.Result))
		}
	}
	return map[string]func(a, b listedRun) int{
		"created": func(a, b listedRun) int { return a.Created.Compare(b.Created) },
		"name":    func(a, b listedRun) int { return cmp.Compare(a.path, b.path) },
		"corpus":  func(a, b listedRun) int { return cmp.Compare(a.Config.Corpus, b.Config.Corpus) },
		"loss":    byResult(func(d *train.Document) float64 { return d.Loss }),
		"steps":   byResult(func(d *train.Document) float64 { return float64(d.Steps) }),
		"seconds": byResult(func(d *train.Document) float64 { return d.Seconds }),
	}
}

func runOrderNames() []string {
	return []string{"created", "name", "corpus", "loss", "steps", "seconds"}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (a *app) showRuns(runs []listedRun, asJSON bool) error {
	if asJSON {
		records := []*train.Record{}
		for _, r := range runs {
			records = append(records, r.Record)
		}
		return a.printJSON(records)
	}
	s := a.screenOn(a.stdout)
	if len(runs) == 0 {
		s.Paragraph(fmt.Sprintf("No runs under %s yet: train one with `qk train`.", a.runs))
		return s.Err()
	}
	t := screen.Table{Columns: []screen.Column{
		{Title: "run"}, {Title: "task"}, {Title: "rank", Right: true}, {Title: "seed", Right: true},
		{Title: "steps", Right: true}, {Title: "loss", Right: true}, {Title: "status"},
	}}
	for _, r := range runs {
		steps, loss, status := "", "", unfinished(r.Status)
		if r.Result != nil {
			steps, loss, status = fmt.Sprint(r.Result.Steps), fmt.Sprintf("%.6f", r.Result.Loss), "fail"
			if r.Result.Pass {
				status = "pass"
			}
		}
		t.Rows = append(t.Rows, []string{r.Name, string(r.Config.Task), fmt.Sprint(r.Config.Rank), fmt.Sprint(r.Config.Seed), steps, loss, status})
	}
	s.Table(t)
	return s.Err()
}

// showRun shows the settings and the result of one run, from its record alone.
func (a *app) showRun(name string, asJSON bool) error {
	path, err := a.runPath(name)
	if err != nil {
		return err
	}
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
