package main

import (
	"fmt"
	"math"
	"strconv"

	"qk/cmd/qk/internal/screen"
	"qk/train/sweep"
)

// showSummary shows a table of groups of runs: their medians with the intervals, and
// how each differs from the base.
func showSummary(s *screen.Screen, t *sweep.Table) {
	if len(t.Figures) == 0 {
		s.Paragraph("No run has come to its end, so there is nothing to sum up.")
		showFailed(s, t)
		return
	}
	main := mainFigure(t)
	var table screen.Table
	for _, name := range t.Axes {
		table.Columns = append(table.Columns, screen.Column{Title: name, Right: isNumber(name)})
	}
	title := map[string]string{"loss": "loss", "heldout": "held-out loss"}[main.Name]
	table.Columns = append(table.Columns, screen.Column{Title: "n", Right: true}, screen.Column{Title: title, Right: true}, screen.Column{Title: "±", Right: true, Optional: 1})
	if len(t.Groups) > 1 {
		table.Columns = append(table.Columns, screen.Column{Title: "less base", Right: true, Optional: 2}, screen.Column{Title: "p", Right: true, Optional: 3})
	}
	var shown []sweep.Figure
	for _, f := range t.Figures {
		if c, ok := summaryColumns()[f.Name]; ok {
			table.Columns = append(table.Columns, c)
			shown = append(shown, f)
		}
	}
	for i, g := range t.Groups {
		table.Rows = append(table.Rows, summaryRow(t, i, g, main, shown))
	}
	s.Table(table)
	s.Gap()
	s.Aside(summaryNote(t, main, shown))
	showFailed(s, t)
}

// mainFigure is what groups are compared by: the loss of what was held out, if
// something is, else the loss.
func mainFigure(t *sweep.Table) sweep.Figure {
	for _, f := range t.Figures {
		if f.Name == "heldout" {
			return f
		}
	}
	return t.Figures[0]
}

// summaryColumns are the columns of the figures beside the loss.
func summaryColumns() map[string]screen.Column {
	return map[string]screen.Column{
		"above_floor": {Title: "above floor", Right: true, Optional: 6},
		"recovered":   {Title: "found", Right: true, Optional: 4},
		"spurious":    {Title: "spurious", Right: true, Optional: 5},
		"passed":      {Title: "passed", Right: true, Optional: 1},
	}
}

// summaryRow is the line of one group.
func summaryRow(t *sweep.Table, i int, g sweep.Group, main sweep.Figure, shown []sweep.Figure) []string {
	row := append([]string{}, g.Values...)
	cell, ok := g.Cells[main.Name]
	row = append(row, fmt.Sprint(cell.N))
	if !ok {
		row = append(row, "", "")
	} else if row = append(row, fmt.Sprintf("%.6f", cell.Median)); cell.Bounded() {
		row = append(row, fmt.Sprintf("%.1g", max(cell.High-cell.Median, cell.Median-cell.Low)))
	} else {
		row = append(row, "∞")
	}
	if len(t.Groups) > 1 {
		row = append(row, lessBase(i, g, cell)...)
	}
	for _, f := range shown {
		cell, ok := g.Cells[f.Name]
		switch {
		case !ok:
			row = append(row, "")
		case f.Name == "passed":
			row = append(row, fmt.Sprintf("%d/%d", int(sum(cell.Sample)), g.Runs))
		case f.Name == "above_floor":
			row = append(row, sixDecimals(cell.Median))
		default:
			row = append(row, fmt.Sprintf("%.3g", cell.Median))
		}
	}
	return row
}

// lessBase is how the i-th group differs from its base, and the probability of that
// by chance: two columns.
func lessBase(i int, g sweep.Group, cell sweep.Cell) []string {
	switch c := cell.Against; {
	case i == g.Base:
		return []string{"base", ""}
	case c == nil:
		return []string{"", ""}
	case c.Noise:
		return []string{"~", fmt.Sprintf("%.3f", c.P)}
	default:
		return []string{fmt.Sprintf("%+.6f", c.Delta), fmt.Sprintf("%.3f", c.P)}
	}
}

// summaryNote says what the columns mean.
func summaryNote(t *sweep.Table, main sweep.Figure, shown []sweep.Figure) string {
	note := "Medians of n runs. ±: how far the 95 % interval of the median reaches"
	unbounded, few := false, false
	for _, g := range t.Groups {
		cell := g.Cells[main.Name]
		unbounded = unbounded || cell.N > 0 && !cell.Bounded()
		few = few || cell.Against != nil && cell.Against.Few
	}
	if unbounded {
		note += ", ∞ with fewer than 6 runs"
	}
	note += "."
	if len(t.Groups) > 1 {
		note += " ~: noise, by the U test at p ≥ 0.05"
		if few {
			note += ", which so few runs cannot get below"
		}
		note += "."
	}
	for _, f := range shown {
		if f.Name == "recovered" {
			note += " Found: rows whose mask is the counted one."
		}
	}
	return note
}

// mostFailures is how many runs without a result are named.
const mostFailures = 5

// showFailed says which runs have no result, and why.
func showFailed(s *screen.Screen, t *sweep.Table) {
	for i, f := range t.Failed {
		if i == mostFailures {
			s.Aside(fmt.Sprintf("and %d more runs without a result.", len(t.Failed)-mostFailures))
			return
		}
		line := fmt.Sprintf("%s: %s", f.Name, f.Status)
		if f.Why != "" {
			line += ": " + f.Why
		}
		s.Aside(line)
	}
}

// printSummaryCSV prints a line for each group and figure.
func (a *app) printSummaryCSV(t *sweep.Table) error {
	rows := [][]string{append(append([]string{}, t.Axes...), "figure", "n", "median", "low", "high", "confidence", "less_base", "p", "noise")}
	for _, g := range t.Groups {
		for _, f := range t.Figures {
			cell, ok := g.Cells[f.Name]
			if !ok {
				continue
			}
			row := append(append([]string{}, g.Values...), f.Name, strconv.Itoa(cell.N), digits(cell.Median), "", "", digits(cell.Confidence), "", "", "")
			at := len(t.Axes)
			if cell.Bounded() {
				row[at+3], row[at+4] = digits(cell.Low), digits(cell.High)
			}
			if c := cell.Against; c != nil {
				row[at+6], row[at+7], row[at+8] = digits(c.Delta), digits(c.P), strconv.FormatBool(c.Noise)
			}
			rows = append(rows, row)
		}
	}
	return a.printCSV(rows)
}

// sixDecimals writes a number that rounding may have put a hair below zero.
func sixDecimals(x float64) string {
	if math.Abs(x) < 0.5e-6 {
		x = 0
	}
	return fmt.Sprintf("%.6f", x)
}

func sum(xs []float64) float64 {
	var s float64
	for _, x := range xs {
		s += x
	}
	return s
}
