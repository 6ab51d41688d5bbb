package main

import (
	"fmt"
	"slices"

	"qk/cmd/qk/internal/page"
	"qk/cmd/qk/internal/picture"
	"qk/train"
	"qk/train/sweep"
)

// maxReportCurves is how many curves a report of a sweep draws.
const maxReportCurves = 7

// sweepPage tells a sweep as a page.
func sweepPage(s *sweep.Sweep) (*page.Page, error) {
	results, err := s.Results()
	if err != nil {
		return nil, err
	}
	table, err := sweep.NewTable(s.Plan.Axes, results, "")
	if err != nil {
		return nil, err
	}
	g := &gridOfRuns{name: s.Plan.Name, axes: s.Plan.Axes, results: results}
	p := &page.Page{
		Title: "qk sweep " + s.Plan.Name,
		Lead:  fmt.Sprintf("A grid of %s: every combination of the settings below. Each learns Q and K from %s by gradient descent and is checked against the counts.", countOf(len(results), "run"), corpusName(s.Plan.Base.Corpus)),
	}
	question := page.Section{Title: "The question"}
	axes := page.Table{Caption: "What differs", Columns: []string{"setting", "values"}}
	for _, axis := range s.Plan.Axes {
		axes.Rows = append(axes.Rows, []string{axis.Name, listed(axis.Values)})
	}
	fixed := page.Table{Caption: "What is the same in all", Columns: []string{"setting", "value"}}
	for _, f := range s.Plan.Fixed {
		fixed.Rows = append(fixed.Rows, []string{f.Name, f.Value})
	}
	question.Tables = append(question.Tables, axes)
	if len(fixed.Rows) > 0 {
		question.Tables = append(question.Tables, fixed)
	}
	p.Sections = append(p.Sections, question, summarySection(table))
	pictures, err := g.pictures()
	if err != nil {
		return nil, err
	}
	if len(pictures.Figures) > 0 {
		p.Sections = append(p.Sections, pictures)
	}
	if len(table.Failed) > 0 {
		p.Sections = append(p.Sections, failedSection(table))
	}
	again := page.Section{Title: "How to repeat it", Code: []string{"qk sweep " + shellWord(s.Path+"/sweep.toml"), "qk runs " + shellWord(s.Path)}}
	again.Text = []string{"The first command trains the grid once more, to the same bits on any number of processors; the second shows its table again."}
	p.Sections = append(p.Sections, again)
	return p, nil
}

// summarySection is the table over seeds.
func summarySection(t *sweep.Table) page.Section {
	s := page.Section{Title: "The answer"}
	if len(t.Figures) == 0 {
		s.Text = []string{"No run has come to its end yet."}
		return s
	}
	main := mainFigure(t)
	s.Text = []string{"Medians over the seeds of each group. The interval holds the true median with 95 % (order statistics; it takes six runs). The difference is from the group marked base; ~ says that it is noise by the U test of Mann and Whitney at p ≥ 0.05."}
	out := page.Table{Caption: "Groups of runs", Columns: append(slices.Clone(t.Axes), "runs", main.Name, "95 % interval", "less base", "p")}
	var shown []sweep.Figure
	for _, f := range t.Figures {
		if f.Name != main.Name && f.Name != "seconds" && f.Name != "loss" {
			shown = append(shown, f)
			out.Columns = append(out.Columns, map[string]string{"above_floor": "above floor", "recovered": "rows found", "spurious": "spurious rows", "passed": "share that passed", "steps": "steps", "heldout": "held out"}[f.Name])
		}
	}
	for i, g := range t.Groups {
		row := append(slices.Clone(g.Values), fmt.Sprintf("%d of %d", g.Done, g.Runs))
		cell, ok := g.Cells[main.Name]
		if !ok {
			out.Rows = append(out.Rows, row)
			continue
		}
		row = append(row, sixDecimals(cell.Median))
		if cell.Bounded() {
			row = append(row, sixDecimals(cell.Low)+" … "+sixDecimals(cell.High))
		} else {
			row = append(row, "too few runs")
		}
		row = append(row, lessBase(i, g, cell)...)
		for _, f := range shown {
			cell, ok := g.Cells[f.Name]
			switch {
			case !ok:
				row = append(row, "")
			case f.Name == "passed":
				row = append(row, fmt.Sprintf("%.0f %%", 100*sum(cell.Sample)/float64(len(cell.Sample))))
			case f.Unit == "nats":
				row = append(row, sixDecimals(cell.Median))
			default:
				row = append(row, fmt.Sprintf("%.4g", cell.Median))
			}
		}
		out.Rows = append(out.Rows, row)
	}
	s.Tables = []page.Table{out}
	return s
}

// pictures draws what a grid allows: losses against rank and recovery, if the rank is an
// axis, and the descents of some runs.
func (g *gridOfRuns) pictures() (page.Section, error) {
	s := page.Section{Title: "Pictures"}
	if g.done() == 0 {
		return s, nil
	}
	var figures []picture.Figure
	if slices.ContainsFunc(g.axes, func(a sweep.Axis) bool { return a.Name == "rank" }) {
		rank, err := rankFigure(g)
		if err != nil {
			return s, err
		}
		figures = append(figures, rank)
		if recovery, err := recoveryFigure(g); err == nil { // else there is nothing to recover
			figures = append(figures, recovery)
		}
	}
	if parts := g.byLoss(); len(parts) == 1 {
		var runs []*train.RunDir
		step := max(1, (len(parts[0].results)+maxReportCurves-1)/maxReportCurves)
		for i := 0; i < len(parts[0].results); i += step {
			d, err := train.OpenRun(parts[0].results[i].Path)
			if err != nil {
				return s, err
			}
			runs = append(runs, d)
		}
		loss, err := lossFigure(runs, recordedLadder(runs))
		if err != nil {
			return s, err
		}
		figures = append(figures, loss)
		if step > 1 {
			s.After = []string{fmt.Sprintf("Of the %s, %d are drawn as curves.", countOf(len(parts[0].results), "run"), len(runs))}
		}
	}
	for _, f := range figures {
		if err := draw(&s, f); err != nil {
			return s, err
		}
	}
	return s, nil
}

// failedSection lists runs without a result.
func failedSection(t *sweep.Table) page.Section {
	s := page.Section{Title: "Runs without a result"}
	out := page.Table{Caption: "They are left out of all figures", Columns: []string{"run", "status", "why"}}
	for i, f := range t.Failed {
		if i == maxReportRows {
			s.Text = []string{fmt.Sprintf("The first %d of %d.", maxReportRows, len(t.Failed))}
			break
		}
		out.Rows = append(out.Rows, []string{f.Name, f.Status, f.Why})
	}
	s.Tables = []page.Table{out}
	return s
}
