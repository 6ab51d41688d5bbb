package main

import (
	"fmt"
	"slices"
	"strings"

	"qk/cmd/qk/internal/screen"
)

// listRuns lists the runs that were asked for.
func (a *app) listRuns(o runsOptions) error {
	order, err := runOrder(o.by)
	if err != nil {
		return err
	}
	var conditions []condition
	for _, typed := range o.where {
		c, err := parseCondition(typed)
		if err != nil {
			return err
		}
		conditions = append(conditions, c)
	}
	runs, damaged, err := listAll(a.runs, listSweep)
	if err != nil {
		return err
	}
	for _, err := range damaged {
		fmt.Fprintf(a.stderr, "qk: warning: not listed: %s\n", err)
	}
	all := len(runs)
	runs = slices.DeleteFunc(runs, func(r listedRun) bool {
		return slices.ContainsFunc(conditions, func(c condition) bool { return !c.holds(r) })
	})
	slices.SortStableFunc(runs, order)
	if o.limit > 0 {
		runs = runs[:min(o.limit, len(runs))]
	}
	switch {
	case o.json:
		documents := []listedDocument{}
		for _, r := range runs {
			documents = append(documents, r.document())
		}
		return a.printJSON(documents)
	case o.csv:
		return a.printRunsCSV(runs)
	}
	return a.showRuns(runs, all)
}

// showRuns shows a list of runs, of all that there are.
func (a *app) showRuns(runs []listedRun, all int) error {
	s := a.screenOn(a.stdout)
	if len(runs) == 0 {
		why := fmt.Sprintf("No runs under %s yet: train one with `qk train`.", a.runs)
		if all > 0 {
			why = fmt.Sprintf("None of %s is such a run.", countOf(all, "run"))
		}
		s.Paragraph(why)
		return s.Err()
	}
	t := screen.Table{Columns: []screen.Column{
		{Title: "run"}, {Title: "task", Optional: 2}, {Title: "rank", Right: true, Optional: 1}, {Title: "seed", Right: true, Optional: 1},
		{Title: "steps", Right: true, Optional: 3}, {Title: "loss", Right: true}, {Title: "status"},
	}}
	for _, r := range runs {
		steps, loss, status := "", "", unfinished(r.Status)
		switch {
		case r.sweep != nil:
			status = fmt.Sprintf("sweep: %d of %d done, %d pass", r.sweep.done, r.sweep.runs, r.sweep.pass)
		case r.Result != nil:
			steps, loss, status = fmt.Sprint(r.Result.Steps), fmt.Sprintf("%.6f", r.Result.Loss), "fail"
			if r.Result.Pass {
				status = "pass"
			}
		}
		rank := r.field("rank")
		if r.sweep != nil && rank == "0" {
			rank = ""
		}
		t.Rows = append(t.Rows, []string{r.Name, r.field("task"), shortValues(rank), shortValues(r.field("seed")), steps, loss, status})
	}
	s.Table(t)
	return s.Err()
}

// shortValues writes the values of an axis briefly.
func shortValues(values string) string {
	if n := strings.Count(values, ",") + 1; n > 3 {
		first, _, _ := strings.Cut(values, ",")
		return first + "…" + values[strings.LastIndexByte(values, ',')+1:]
	}
	return values
}

// printRunsCSV prints a line for each run, with every figure and setting.
func (a *app) printRunsCSV(runs []listedRun) error {
	fields := runFields()
	rows := [][]string{append([]string{"path"}, fields...)}
	for _, r := range runs {
		row := []string{r.path}
		for _, name := range fields {
			row = append(row, r.field(name))
		}
		rows = append(rows, row)
	}
	return a.printCSV(rows)
}
