package sweep

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qk/data/text"
	"qk/train"
	"qk/train/stats"
)

// seedAxis is the axis over which the runs of a group are a sample.
const seedAxis = "seed"

// Table sums a sweep up: a group for each combination of the axes but the seed, over
// which its runs are a sample, with every figure that any run has.
type Table struct {
	Axes    []string `json:"axes"`
	Figures []Figure `json:"-"`
	Groups  []Group  `json:"groups"`
	// Failed lists the runs that did not come to their end, in the order of the points.
	Failed []FailedRun `json:"failed"`
}

// Group is the runs that differ by the seed alone.
type Group struct {
	Values []string `json:"values"` // one for each axis, as typed
	Runs   int      `json:"runs"`
	Done   int      `json:"done"`
	// Base is the group that this one is compared with: of those that learn the same task
	// from the same words, whose losses have a common scale.
	Base  int             `json:"base"`
	Cells map[string]Cell `json:"figures"` // by the name of the figure; none for one that no run of the group has
}

// Cell is one figure of a group.
type Cell struct {
	stats.Summary
	Sample []float64 // in the order of the points
	// Against is how the figure differs from that of the base, nil for the base itself
	// and where that has none.
	Against *stats.Comparison
}

// MarshalJSON writes the summary, the sample and the comparison side by side.
func (c Cell) MarshalJSON() ([]byte, error) {
	type flat struct {
		Summary stats.Summary     `json:"summary"`
		Sample  []float64         `json:"sample"`
		Against *stats.Comparison `json:"against_base"`
	}
	return json.Marshal(flat{c.Summary, c.Sample, c.Against})
}

// FailedRun is a run without a result.
type FailedRun struct {
	Name   string `json:"name"`
	Status string `json:"status"` // as in run.json, or missing, or unreadable
	Why    string `json:"why"`    // "" if it only has not come so far
}

// NewTable sums up how the points of a grid stand. base chooses the groups that the
// others are compared with, by values of axes such as "rank=4" or "rank=4,l2=0"; if
// it is empty it is the first with a result. Its error is a [*train.FlagError].
func NewTable(axes []Axis, results []Result, base string) (*Table, error) {
	t := &Table{Axes: []string{}, Groups: []Group{}, Failed: []FailedRun{}}
	var kept []int // of the axes, those that are not the seed
	for i, a := range axes {
		if a.Name != seedAxis {
			kept = append(kept, i)
			t.Axes = append(t.Axes, a.Name)
		}
	}
	at := map[string]int{} // of groups
	for _, r := range results {
		values := make([]string, len(kept))
		for i, k := range kept {
			values[i] = r.Values[k]
		}
		key := strings.Join(values, "\x00")
		g, ok := at[key]
		if !ok {
			g = len(t.Groups)
			at[key] = g
			t.Groups = append(t.Groups, Group{Values: values, Cells: map[string]Cell{}})
		}
		t.add(&t.Groups[g], r)
	}
	t.sumUp()
	return t, t.compare(base)
}

// add puts a run into its group.
func (t *Table) add(g *Group, r Result) {
	g.Runs++
	status, why := "missing", ""
	switch {
	case r.Err != nil:
		status, why = "unreadable", r.Err.Error()
	case r.Record != nil && r.Record.Result != nil:
		g.Done++
		for _, f := range Figures() {
			if x, ok := f.of(r.Record.Result); ok {
				cell := g.Cells[f.Name]
				cell.Sample = append(cell.Sample, x)
				g.Cells[f.Name] = cell
			}
		}
		return
	case r.Record != nil:
		status, why = string(r.Record.Status), r.Record.Error
		if r.Record.Status == train.Running {
			status = "not finished"
		}
	}
	t.Failed = append(t.Failed, FailedRun{r.Name, status, why})
}

// sumUp computes the summaries, and finds the figures that there are.
func (t *Table) sumUp() {
	for _, f := range Figures() {
		found := false
		for _, g := range t.Groups {
			if cell, ok := g.Cells[f.Name]; ok {
				cell.Summary = stats.Of(cell.Sample)
				g.Cells[f.Name] = cell
				found = true
			}
		}
		if found {
			t.Figures = append(t.Figures, f)
		}
	}
}

// compare compares every group with its base.
func (t *Table) compare(base string) error {
	wanted, err := t.wanted(base)
	if err != nil {
		return err
	}
	found := false
	for i, g := range t.Groups {
		b, fits := t.baseOf(g, wanted)
		found = found || fits
		t.Groups[i].Base = b
		for name, cell := range g.Cells {
			if of, ok := t.Groups[b].Cells[name]; ok && i != b {
				c := stats.Compare(cell.Sample, of.Sample)
				cell.Against = &c
				g.Cells[name] = cell
			}
		}
	}
	if !found && len(t.Groups) > 0 {
		return &train.FlagError{Flag: "base", Value: base, Why: "no run of the grid has these values"}
	}
	return nil
}

// wanted reads what the base must have: values by axis.
func (t *Table) wanted(base string) (map[int]string, error) {
	refuse := func(why string) (map[int]string, error) {
		return nil, &train.FlagError{Flag: "base", Value: base, Why: why}
	}
	wanted := map[int]string{}
	if base == "" {
		return wanted, nil
	}
	for part := range strings.SplitSeq(base, ",") {
		name, value, ok := strings.Cut(part, "=")
		axis := slices.Index(t.Axes, name)
		switch {
		case !ok:
			return refuse("give axes with their values, such as rank=4 or rank=4,l2=0")
		case axis < 0 && len(t.Axes) == 0:
			return refuse("there is no axis but the seed, and so nothing to compare")
		case axis < 0:
			why := fmt.Sprintf("there is no axis %s: use %s", name, strings.Join(t.Axes, ", "))
			if near := text.Nearest(name, t.Axes, 1); len(near) > 0 {
				why = fmt.Sprintf("there is no axis %s: did you mean %s?", name, near[0])
			}
			return refuse(why)
		}
		wanted[axis] = value
	}
	return wanted, nil
}

// baseOf returns the first group with a result that has the wanted values and, on the
// axes that decide what a loss means, those of g unless others are wanted; without
// such a group it is the first of any kind that fits, or group 0. fits tells whether any
// group has the wanted values.
func (t *Table) baseOf(g Group, wanted map[int]string) (base int, fits bool) {
	base = -1
	for i, o := range t.Groups {
		same, has := true, true
		for k, name := range t.Axes {
			value, ok := wanted[k]
			has = has && (!ok || o.Values[k] == value)
			same = same && (ok || !DecidesLoss(name) || o.Values[k] == g.Values[k])
		}
		fits = fits || has
		if has && same && base < 0 {
			base = i
		}
		if has && same && o.Done > 0 {
			return i, true
		}
	}
	return max(base, 0), fits
}

// DecidesLoss tells whether losses have no common scale where a setting differs.
func DecidesLoss(setting string) bool {
	switch setting {
	case "corpus", "counts", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context", "holdout", "task", "objective":
		return true
	}
	return false
}
