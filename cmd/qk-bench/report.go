package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"qk/cmd/qk-bench/internal/stats"
	"qk/cmd/qk-bench/internal/wire"
)

// report is the result for one shape.
type report struct {
	Task       string    `json:"task"`
	V          int       `json:"V"`
	R          int       `json:"R"`
	B          int       `json:"B"`
	L          int       `json:"L,omitempty"`
	Losses     []float64 `json:"losses"`
	Rows       []line    `json:"contestants"`
	Roofline   roofline  `json:"roofline"`
	Least      float64   `json:"least_seconds"`
	Share      float64   `json:"share,omitempty"` // of the roofline, by qk
	Notes      []string  `json:"notes,omitempty"`
	Complaints []string  `json:"complaints,omitempty"`
}

// line is the result of one contestant.
type line struct {
	Name    string        `json:"name"`
	Version string        `json:"version"`
	Variant string        `json:"variant"`
	Seconds stats.Spread  `json:"seconds"` // per step
	Ratio   *stats.Spread `json:"ratio,omitempty"`
	Flops   float64       `json:"flops"` // a second
	Peak    int64         `json:"peak_bytes"`
}

// newReport sums up the rounds. The first contestant is qk if it took part.
func newReport(p *wire.Problem, t tuned, times []timing, list []contestant, roof roofline) report {
	r := report{
		Task: p.Task, V: p.V, R: p.R, B: p.B, L: p.L, Losses: consensus(t.trials),
		Roofline: roof, Least: roof.least(p), Notes: t.notes, Complaints: t.complaints,
	}
	var ours []float64
	for _, x := range times {
		who := list[x.contestant]
		if who.Name == "qk" {
			ours = x.rounds
		}
	}
	for _, x := range times {
		who := list[x.contestant]
		l := line{
			Name: who.Name, Version: t.versions[who.Name], Variant: how(x.variant, who.Settings[x.setting].Name),
			Seconds: stats.Of(x.rounds), Peak: x.peak,
		}
		l.Flops = flops(p) / l.Seconds.Median
		if ours != nil {
			ratio := stats.Of(stats.Ratios(x.rounds, ours))
			l.Ratio = &ratio
		}
		r.Rows = append(r.Rows, l)
	}
	if ours != nil {
		r.Share = r.Least / stats.Of(ours).Median
	}
	return r
}

// print writes the report as text.
func (r report) print(w io.Writer) {
	rows := fmt.Sprintf("batches of %d", r.B)
	if r.Task == "recall" && r.B == r.V {
		rows = "all rows"
	}
	fmt.Fprintf(w, "\n%s, V=%d R=%d, %s: a step of forward, backward and Adam in float32\n", r.Task, r.V, r.R, rows)
	for _, c := range r.Complaints {
		fmt.Fprintf(w, "*** %s\n", c)
	}
	if len(r.Losses) > 0 {
		fmt.Fprintf(w, "losses before the first steps, agreed on:")
		for _, x := range r.Losses {
			fmt.Fprintf(w, " %.6f", x)
		}
		fmt.Fprintln(w)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tms/step\tmin–max\ttimes qk\tmin–max\tGFLOP/s\tpeak MiB\tvariant")
	for _, l := range r.Rows {
		ratio, between := "–", "–"
		if l.Ratio != nil {
			ratio, between = fmt.Sprintf("%.2f", l.Ratio.Median), fmt.Sprintf("%.2f–%.2f", l.Ratio.Min, l.Ratio.Max)
		}
		fmt.Fprintf(t, "%s %s\t%.4g\t%.4g–%.4g\t%s\t%s\t%.1f\t%d\t%s\n", l.Name, l.Version,
			1e3*l.Seconds.Median, 1e3*l.Seconds.Min, 1e3*l.Seconds.Max, ratio, between, l.Flops/1e9, l.Peak>>20, l.Variant)
	}
	_ = t.Flush()
	fmt.Fprintf(w, "roofline: %.0f GFLOP/s and %.0f GB/s, least %.4g ms", r.Roofline.Flops/1e9, r.Roofline.Bandwidth/1e9, 1e3*r.Least)
	if r.Share > 0 {
		fmt.Fprintf(w, ", of which qk's share is %.0f %%", 100*r.Share)
	}
	fmt.Fprintln(w)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "not measured: %s\n", n)
	}
}

// printJSON writes all reports as one document.
func printJSON(w io.Writer, reports []report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"roofline": explain, "reports": reports})
}
