package counting

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"qk/cmd/qk-bench/internal/stats"
	"qk/data/table"
)

// report is the result of counting one text.
type report struct {
	Text       string        `json:"text"`
	Bytes      int64         `json:"bytes"`
	Sentences  int64         `json:"sentences"`
	Tokens     int64         `json:"tokens"`
	V          int           `json:"V"`
	Context    int           `json:"context"`
	Memory     int64         `json:"memory,omitempty"` // the ceiling
	Tables     []tableResult `json:"tables"`
	Targets    []target      `json:"targets"`
	Notes      []string      `json:"notes,omitempty"`
	Complaints []string      `json:"complaints,omitempty"`
}

// tableResult is the result for one table.
type tableResult struct {
	Table table.Name `json:"table"`
	Want  figures    `json:"counted"`
	Rows  []line     `json:"contestants"`
}

// line is the result of one program.
type line struct {
	Name      string        `json:"name"`
	Version   string        `json:"version,omitempty"`
	Seconds   stats.Spread  `json:"seconds"`
	Ratio     *stats.Spread `json:"ratio,omitempty"` // to qk
	Processor float64       `json:"processor_seconds"`
	Peak      int64         `json:"peak_bytes"`
	Counts    string        `json:"counts"` // what the check of its output said
}

// target is how long qk may take, as a share of a peer's time.
type target struct {
	Table    table.Name    `json:"table"`
	Peer     string        `json:"peer"`
	Job      table.Name    `json:"peers_table"`
	Share    float64       `json:"share"`
	Measured *stats.Spread `json:"measured,omitempty"` // absent if one of the two did not take part
	Pass     bool          `json:"pass"`
}

// targets lists what counting has to reach.
func targets() []target {
	return []target{
		{Table: table.Transitions, Peer: "GloVe", Job: table.Transitions, Share: 0.25},
		{Table: table.Transitions, Peer: "KenLM", Job: table.Transitions, Share: 0.2},
		{Table: table.Cooccurrences, Peer: "GloVe", Job: table.Cooccurrences, Share: 0.17},
		{Table: table.Pairs, Peer: "GloVe", Job: table.Cooccurrences, Share: 0.3},
		{Table: table.Pairs, Peer: "DuckDB", Job: table.Pairs, Share: 0.08},
	}
}

// seconds are the times of the rounds.
func (e *entry) seconds() []float64 {
	var out []float64
	for _, u := range e.rounds {
		out = append(out, u.Seconds)
	}
	return out
}

// sumUp fills in what the rounds measured.
func (r *report) sumUp(entries []*entry, tables []table.Name, want map[table.Name]figures) {
	of := func(name string, t table.Name) *entry {
		for _, e := range entries {
			if e.counter.Name == name && e.table == t {
				return e
			}
		}
		return nil
	}
	for _, t := range tables {
		x := tableResult{Table: t, Want: want[t]}
		ours := of("qk", t)
		for _, e := range entries {
			if e.table != t {
				continue
			}
			l := line{Name: e.counter.Name, Version: e.counter.Version, Seconds: stats.Of(e.seconds()), Counts: e.found.describe(t)}
			var processor []float64
			for _, u := range e.rounds {
				processor, l.Peak = append(processor, u.Processor), max(l.Peak, u.PeakBytes)
			}
			l.Processor = stats.Of(processor).Median
			if ours != nil {
				ratio := stats.Of(stats.Ratios(e.seconds(), ours.seconds()))
				l.Ratio = &ratio
			}
			if e.found.Of == t {
				x.Want.Rows = max(x.Want.Rows, e.found.Got.Rows)
			}
			x.Rows = append(x.Rows, l)
		}
		r.Tables = append(r.Tables, x)
	}
	for _, t := range targets() {
		if ours, peer := of("qk", t.Table), of(t.Peer, t.Job); ours != nil && peer != nil {
			share := stats.Of(stats.Ratios(ours.seconds(), peer.seconds()))
			t.Measured, t.Pass = &share, share.Median <= t.Share
		}
		r.Targets = append(r.Targets, t)
	}
}

// describe says how far a finding could be compared.
func (f finding) describe(t table.Name) string {
	var parts []string
	switch {
	case f.Of == "":
		parts = append(parts, "not compared")
	case f.RowsOnly:
		parts = append(parts, "as many rows")
	case f.Of == t:
		parts = append(parts, "the same")
	default:
		parts = append(parts, fmt.Sprintf("right by its own rule, %d rows", f.Got.Rows))
	}
	if f.Note != "" {
		parts = append(parts, f.Note)
	}
	return strings.Join(parts, ": ")
}

// print writes the report as text.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s: %.1f MB, %.2f million words in %d sentences, V = %d, context %d\n", r.Text, float64(r.Bytes)/1e6, float64(r.Tokens)/1e6, r.Sentences, r.V, r.Context)
	for _, c := range r.Complaints {
		fmt.Fprintf(w, "*** %s\n", c)
	}
	for _, x := range r.Tables {
		fmt.Fprintf(w, "\n%s: %.2f million, in %.2f million rows\n", x.Table, float64(x.Want.Total)/1e6, float64(x.Want.Rows)/1e6)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "\ts\tmin–max\ttimes qk\tmin–max\tCPU s\tpeak MiB\tcounts")
		for _, l := range x.Rows {
			ratio, between := "–", "–"
			if l.Ratio != nil {
				ratio, between = fmt.Sprintf("%.2f", l.Ratio.Median), fmt.Sprintf("%.2f–%.2f", l.Ratio.Min, l.Ratio.Max)
			}
			fmt.Fprintf(t, "%s\t%.3g\t%.3g–%.3g\t%s\t%s\t%.3g\t%d\t%s\n", strings.TrimSpace(l.Name+" "+l.Version),
				l.Seconds.Median, l.Seconds.Min, l.Seconds.Max, ratio, between, l.Processor, l.Peak>>20, l.Counts)
		}
		_ = t.Flush()
	}
	fmt.Fprintln(w, "\ntargets: qk's time as a share of a peer's, medians of the rounds' ratios")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, x := range r.Targets {
		peer := x.Peer
		if x.Job != x.Table {
			peer += " " + string(x.Job)
		}
		got, mark := "not measured", "–"
		if x.Measured != nil {
			got, mark = fmt.Sprintf("%.3f (%.3f–%.3f)", x.Measured.Median, x.Measured.Min, x.Measured.Max), "✗"
			if x.Pass {
				mark = "✓"
			}
		}
		fmt.Fprintf(t, "%s %s / %s\tneeded ≤ %g\treached %s\n", mark, x.Table, peer, x.Share, got)
	}
	_ = t.Flush()
	for _, x := range r.Tables {
		for _, l := range x.Rows {
			if l.Name == "qk" && r.Memory > 0 {
				mark := "✓"
				if l.Peak > r.Memory {
					mark = "✗"
				}
				fmt.Fprintf(w, "%s peak memory of qk, %s: %d MiB of the %d MiB allowed\n", mark, x.Table, l.Peak>>20, r.Memory>>20)
			}
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "not measured: %s\n", n)
	}
}

// printJSON writes the report as one document.
func (r *report) printJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
