package main

import (
	"fmt"
	"slices"
	"strconv"

	"qk/cmd/qk/internal/screen"
	"qk/train"
	"qk/train/sweep"
)

// sweepDocument is a sweep as one JSON document.
type sweepDocument struct {
	Sweep  string          `json:"sweep"` // its folder
	Fixed  []sweep.Fixed   `json:"fixed"`
	Axes   []sweep.Axis    `json:"axes"`
	Runs   int             `json:"runs"`
	Done   int             `json:"done"`
	Passed int             `json:"passed"`
	Failed int             `json:"failed"` // that did not come to their end
	Pass   bool            `json:"pass"`   // all of them passed
	Points []pointDocument `json:"points"`
	// Summary has the groups of runs that differ by the seed alone, against the first.
	Summary *sweep.Table `json:"summary"`
}

// pointDocument is one run of a sweep. What is not known is null.
type pointDocument struct {
	Name    string            `json:"name"`
	Values  map[string]string `json:"values"` // by axis
	Status  string            `json:"status"` // as in run.json, or missing, or unreadable
	Error   string            `json:"error,omitempty"`
	Pass    *bool             `json:"pass"`
	Steps   *int              `json:"steps"`
	Loss    *float64          `json:"loss"`
	Floor   *float64          `json:"floor"`
	HeldOut *float64          `json:"heldout"`
	Seconds *float64          `json:"seconds"`
}

func newSweepDocument(s *sweep.Sweep, results []sweep.Result, base string) (*sweepDocument, error) {
	summary, err := sweep.NewTable(s.Plan.Axes, results, base)
	if err != nil {
		return nil, err
	}
	d := &sweepDocument{Sweep: s.Path, Fixed: s.Plan.Fixed, Axes: s.Plan.Axes, Runs: len(results), Points: []pointDocument{}, Summary: summary}
	for _, r := range results {
		p := pointDocument{Name: r.Name, Values: map[string]string{}, Status: "missing"}
		for i, a := range s.Plan.Axes {
			p.Values[a.Name] = r.Values[i]
		}
		switch {
		case r.Err != nil:
			p.Status, p.Error = "unreadable", r.Err.Error()
		case r.Record != nil:
			p.Status, p.Error = string(r.Record.Status), r.Record.Error
			p.result(r.Record.Result)
		}
		d.Points = append(d.Points, p)
		switch {
		case p.Status == string(train.Done):
			d.Done++
			if *p.Pass {
				d.Passed++
			}
		default:
			d.Failed++
		}
	}
	d.Pass = d.Passed == d.Runs
	return d, nil
}

// result fills in the figures of a run that came to its end.
func (p *pointDocument) result(r *train.Document) {
	if r == nil {
		return
	}
	p.Pass, p.Steps, p.Loss, p.Floor, p.Seconds = &r.Pass, &r.Steps, &r.Loss, r.Lines.Floor, &r.Seconds
	if r.HeldOut != nil {
		p.HeldOut = &r.HeldOut.Loss
	}
}

// word says in a word how the run stands.
func (p pointDocument) word() string {
	switch {
	case p.Pass == nil:
		return p.Status
	case *p.Pass:
		return "pass"
	}
	return "fail"
}

// mostListed is how many runs the table of a sweep lists.
const mostListed = 50

// showSweep shows how the runs stand: summed up over seeds, or without several seeds
// one by one.
func (a *app) showSweep(s *sweep.Sweep, d *sweepDocument, quiet bool) error {
	out := a.screenOn(a.stdout)
	if !quiet {
		out.Heading("qk sweep: " + countOf(d.Runs, "run"))
	}
	if slices.ContainsFunc(d.Summary.Groups, func(g sweep.Group) bool { return g.Runs > 1 }) {
		showSummary(out, d.Summary)
	} else {
		listPoints(out, d, s.Points()[0].Config.HoldOut > 0)
	}
	out.Gap()
	out.Paragraph(fmt.Sprintf("%d of %s done, %d of them passed their checks.", d.Done, countOf(d.Runs, "run"), d.Passed))
	if !quiet {
		out.Aside("The sweep is kept in " + s.Path)
		if slices.ContainsFunc(d.Axes, func(axis sweep.Axis) bool { return axis.Name == "rank" }) && d.Done > 0 {
			out.Aside(fmt.Sprintf("See it with `qk plot rank %s`, or all of it with `qk report %s`.", shellWord(s.Path), shellWord(s.Path)))
		}
	}
	if err := out.Err(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// listPoints shows a line for each run.
func listPoints(out *screen.Screen, d *sweepDocument, heldOut bool) {
	var t screen.Table
	for _, axis := range d.Axes {
		t.Columns = append(t.Columns, screen.Column{Title: axis.Name, Right: isNumber(axis.Name)})
	}
	t.Columns = append(t.Columns, screen.Column{Title: "steps", Right: true}, screen.Column{Title: "loss", Right: true}, screen.Column{Title: "above floor", Right: true})
	if heldOut {
		t.Columns = append(t.Columns, screen.Column{Title: "held out", Right: true})
	}
	t.Columns = append(t.Columns, screen.Column{Title: "status"})
	for i, p := range d.Points {
		if i == mostListed {
			break
		}
		t.Rows = append(t.Rows, p.row(d.Axes, heldOut))
	}
	out.Table(t)
	if len(d.Points) > mostListed {
		out.Aside(fmt.Sprintf("The first %d of %d runs; --csv prints all.", mostListed, len(d.Points)))
	}
}

func (p pointDocument) row(axes []sweep.Axis, heldOut bool) []string {
	var row []string
	for _, a := range axes {
		row = append(row, p.Values[a.Name])
	}
	steps, loss, above := "", "", ""
	if p.Pass != nil {
		steps, loss = fmt.Sprint(*p.Steps), fmt.Sprintf("%.6f", *p.Loss)
		if p.Floor != nil {
			above = sixDecimals(*p.Loss - *p.Floor)
		}
	}
	row = append(row, steps, loss, above)
	if heldOut {
		row = append(row, optional(p.HeldOut, "%.6f"))
	}
	return append(row, p.word())
}

func optional(x *float64, format string) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf(format, *x)
}

func isNumber(setting string) bool {
	s, _ := train.FindSetting(setting)
	return s.Kind == train.WholeValue || s.Kind == train.RealValue
}

// countOf writes a number of things: 1 run, 2 runs.
func countOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// printSweepCSV prints a line for each run.
func (a *app) printSweepCSV(s *sweep.Sweep, d *sweepDocument) error {
	head := []string{"run"}
	for _, axis := range d.Axes {
		head = append(head, axis.Name)
	}
	head = append(head, "status", "pass", "steps", "loss", "floor", "heldout", "seconds", "error")
	rows := [][]string{head}
	for _, p := range d.Points {
		row := []string{p.Name}
		for _, axis := range d.Axes {
			row = append(row, p.Values[axis.Name])
		}
		pass, steps := "", ""
		if p.Pass != nil {
			pass, steps = strconv.FormatBool(*p.Pass), strconv.Itoa(*p.Steps)
		}
		row = append(row, p.Status, pass, steps, exact(p.Loss), exact(p.Floor), exact(p.HeldOut), exact(p.Seconds), p.Error)
		rows = append(rows, row)
	}
	return a.printCSV(rows)
}
