package main

import (
	"fmt"
	"slices"

	"qk/cmd/qk/internal/screen"
	"qk/train"
	"qk/train/sweep"
)

// comparedRuns is runs side by side: what `qk runs A B --json` prints.
type comparedRuns struct {
	Runs     []string              `json:"runs"`     // their folders
	Settings map[string][]string   `json:"settings"` // those that differ, of each run
	Figures  map[string][]*float64 `json:"figures"`  // of each run, null where it has none
}

// compareRuns holds the settings in which runs differ and their figures side by side.
func (a *app) compareRuns(names []string, asJSON bool) error {
	g, err := a.recordsOf(names)
	if err != nil {
		return err
	}
	g.differ()
	doc := comparedRuns{Settings: map[string][]string{}, Figures: map[string][]*float64{}}
	var table screen.Table
	table.Columns = []screen.Column{{Title: ""}}
	for _, r := range g.results {
		doc.Runs = append(doc.Runs, r.Path)
		table.Columns = append(table.Columns, screen.Column{Title: r.Name, Right: true})
	}
	for i, axis := range g.axes {
		row := []string{axis.Name}
		for _, r := range g.results {
			row = append(row, r.Values[i])
		}
		doc.Settings[axis.Name] = row[1:]
		table.Rows = append(table.Rows, row)
	}
	for _, f := range sweep.Figures() {
		shown, found := []string{f.Name}, false
		for _, r := range g.results {
			var exact *float64
			short := ""
			if d := r.Record.Result; d != nil {
				if x, ok := f.Of(d); ok {
					exact, short, found = &x, figureText(f, x), true
				}
			}
			doc.Figures[f.Name], shown = append(doc.Figures[f.Name], exact), append(shown, short)
		}
		if found {
			table.Rows = append(table.Rows, shown)
		}
	}
	if asJSON {
		return a.printJSON(doc)
	}
	s := a.screenOn(a.stdout)
	if len(g.axes) == 0 {
		s.Aside("These runs have the same settings.")
		s.Gap()
	}
	s.Table(table)
	first, rest := g.results[0].Record.Result, g.results[1:]
	for _, r := range rest {
		if d := r.Record.Result; d != nil && first != nil && sameLoss(g.results[0].Record.Config, r.Record.Config) {
			s.Aside(fmt.Sprintf("%s less %s: loss %+.6f", r.Name, g.results[0].Name, d.Loss-first.Loss))
		}
	}
	return s.Err()
}

// recordsOf reads the runs of some names.
func (a *app) recordsOf(names []string) (*gridOfRuns, error) {
	g := &gridOfRuns{name: countOf(len(names), "run")}
	for _, name := range names {
		d, err := a.openRun(name)
		if err != nil {
			return nil, err
		}
		g.results = append(g.results, sweep.Result{Point: sweep.Point{Name: d.Record.Name, Config: d.Record.Config}, Path: d.Path, Record: d.Record})
	}
	return g, nil
}

// sameLoss tells whether the losses of two runs have a common scale.
func sameLoss(a, b train.Config) bool {
	return !slices.ContainsFunc(train.Settings(), func(s train.Setting) bool {
		return sweep.DecidesLoss(s.Name) && s.Text(a) != s.Text(b)
	})
}

// figureText writes a figure for a table.
func figureText(f sweep.Figure, x float64) string {
	switch {
	case f.Name == "passed" && x == 1:
		return "yes"
	case f.Name == "passed":
		return "no"
	case f.Unit == "nats":
		return sixDecimals(x)
	}
	return fmt.Sprintf("%.4g", x)
}
