package main

import (
	"fmt"

	"qk/cmd/qk/internal/screen"
	"qk/train/sweep"
)

// gridDocument is a grid before anything is trained.
type gridDocument struct {
	Runs   int           `json:"runs"`
	Fixed  []sweep.Fixed `json:"fixed"`
	Axes   []sweep.Axis  `json:"axes"`
	Points []string      `json:"points"` // their names
}

// showGrid shows what a sweep would train.
func (a *app) showGrid(s *sweep.Sweep, o sweepOptions) error {
	points := s.Points()
	if o.json {
		d := gridDocument{Runs: len(points), Fixed: s.Plan.Fixed, Axes: s.Plan.Axes, Points: []string{}}
		for _, p := range points {
			d.Points = append(d.Points, p.Name)
		}
		return a.printJSON(d)
	}
	out := a.screenOn(a.stdout)
	out.Heading("A grid of " + countOf(len(points), "run"))
	t := screen.Table{Columns: []screen.Column{{Title: "setting"}, {Title: "values", Right: true}, {Title: ""}}}
	for _, axis := range s.Plan.Axes {
		t.Rows = append(t.Rows, []string{axis.Name, fmt.Sprint(len(axis.Values)), listed(axis.Values)})
	}
	for _, f := range s.Plan.Fixed {
		t.Rows = append(t.Rows, []string{f.Name, "1", f.Value})
	}
	out.Table(t)
	out.Gap()
	out.Aside("All settings suit the text. Nothing was trained: leave out --dry-run for that.")
	if err := out.Err(); err != nil {
		return fmt.Errorf("write the grid: %w", err)
	}
	return nil
}

// listed writes values in a row, of many the first and the last.
func listed(values []string) string {
	const most = 8
	text := ""
	for i, v := range values {
		if len(values) > most && i >= most-2 && i < len(values)-1 {
			if i == most-2 {
				text += ", …"
			}
			continue
		}
		if i > 0 {
			text += ", "
		}
		text += v
	}
	return text
}
