package main

import (
	"math"
	"slices"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/graph"
	"qk/train"
)

// maxHeatRows is how many rows of a heatmap are shown: with the rest of the
// report they fill a screen.
const maxHeatRows = 14

// masks shows the counted and the learned masks side by side.
func (r report) masks() {
	table := r.e.Config.Task == graph.Recall && r.e.Config.Objective != graph.Logistic
	vocab, V := r.e.Corpus.Vocab, r.e.Counts.V()
	h := screen.Heatmaps{
		Columns: vocab.All(), ColumnWeights: make([]float64, V),
		RowTitle: "current word", ColumnTitle: "earlier word", MaxRows: maxHeatRows,
		Legend: []screen.Mark{{Rune: '●', Meaning: "in the row's set"}},
		Maps:   []screen.Heatmap{{Title: "counted mask"}, {Title: "learned mask"}},
	}
	heading := "Masks: which earlier words matter after which current word"
	if table {
		h.ColumnTitle, heading, h.Legend = "next word", "Tables: which word follows which", nil
		h.Maps[0].Title, h.Maps[1].Title = "counted P(y|w)", "learned"
	}
	var weights []float64
	for w := range V {
		if r.silent(data.Word(w), table) {
			continue
		}
		h.Rows = append(h.Rows, vocab.Text(data.Word(w)))
		weights = append(weights, r.rowWeight(data.Word(w), table))
	}
	h.RowWeights = weights
	least := nthLargest(weights, maxHeatRows)
	for w, i := 0, 0; w < V; w++ {
		if r.silent(data.Word(w), table) {
			continue
		}
		if weights[i] >= least { // the others will not be shown
			r.fillRow(&h, data.Word(w), i, table)
		}
		i++
	}
	if table {
		h.Hi = largest(h.Maps)
	}
	r.screen.Heading(heading)
	r.screen.Aside(r.heatKey(table))
	r.screen.Gap()
	r.screen.Heatmaps(h)
}

// heatKey says what the shades mean.
func (r report) heatKey(table bool) string {
	switch c := r.e.Config; {
	case table && c.Objective == graph.Squared:
		return "Learned: QKᵀ itself."
	case table:
		return "Learned: softmax(QKᵀ), row by row."
	case c.Objective == graph.Logistic:
		return "Counted: whether the earlier word changes what follows at all. Learned: σ(QKᵀ)."
	case c.Null:
		return "Counted: how much the earlier word tells, as a share of the row's most. Learned: σ(QKᵀ), its attention when it is alone."
	}
	return "Counted: how much the earlier word tells, as a share of the row's most. Learned: softmax(QKᵀ) over the row's words."
}

// silent tells whether nothing is known of a row, such as that of a word that
// only ends sentences.
func (r report) silent(w data.Word, table bool) bool {
	if table {
		return r.e.Counts.Transitions[w].Total == 0
	}
	return len(r.e.Masks.Rows[w].Candidates) == 0
}

// rowWeight is how much a row has to tell: how often its word occurs, for a mask
// times the nats that its earlier words tell. Rows with a set come first.
func (r report) rowWeight(w data.Word, table bool) float64 {
	mask, N := r.e.Masks.Rows[w], float64(r.e.Counts.Total)
	if table {
		return float64(mask.N) / N
	}
	weight := float64(mask.N) * 1e-9
	for _, c := range mask.Candidates {
		weight += c.Divergence * float64(c.N)
	}
	switch r.outcome.Rows[w].Status {
	case train.Exact, train.Missing, train.Spurious:
		weight += N
	}
	return weight / N
}

// fillRow puts the values and marks of row w into both maps, as row i, and adds
// what they weigh to the columns.
func (r report) fillRow(h *screen.Heatmaps, w data.Word, i int, table bool) {
	learned := clamp(r.outcome.Learned[w].Attention)
	sets := [][]data.Word{r.outcome.Rows[w].Counted, r.outcome.Rows[w].Learned}
	for m, values := range [][]float64{r.countedRow(w, table), learned} {
		hm := &h.Maps[m]
		for len(hm.Values) <= i {
			hm.Values = append(hm.Values, nil)
			hm.Marks = append(hm.Marks, nil)
		}
		hm.Values[i] = values
		if !table {
			hm.Marks[i] = marks(len(values), sets[m])
		}
		for u, x := range values {
			if !math.IsNaN(x) {
				h.ColumnWeights[u] += x * h.RowWeights[i]
			}
		}
	}
}

// nthLargest returns the n-th largest of the numbers, or the smallest if there
// are fewer.
func nthLargest(xs []float64, n int) float64 {
	if len(xs) == 0 {
		return 0
	}
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	return sorted[max(0, len(sorted)-n)]
}

// countedRow returns the row of the counted mask [V]. A mask is graded: the
// divergence of each word as a share of the row's largest.
func (r report) countedRow(w data.Word, table bool) []float64 {
	row := make([]float64, r.e.Counts.V())
	mask := r.e.Masks.Rows[w]
	if table {
		for _, cell := range r.e.Counts.Transitions[w].Cells {
			row[cell.Word] = r.e.Counts.Transitions[w].P(cell.Word)
		}
		return row
	}
	for u := range row {
		row[u] = math.NaN()
	}
	most := 0.0
	for _, c := range mask.Candidates {
		most = max(most, c.Divergence)
	}
	for _, c := range mask.Candidates {
		switch {
		case r.e.Config.Objective == graph.Logistic && c.Informs:
			row[c.Word] = 1
		case most > 0 && r.e.Config.Objective != graph.Logistic:
			row[c.Word] = c.Divergence / most
		default:
			row[c.Word] = 0
		}
	}
	return row
}

// largest returns the largest number of the maps, so that a table of small
// probabilities is shown on its own scale.
func largest(maps []screen.Heatmap) float64 {
	most := 0.0
	for _, m := range maps {
		for _, row := range m.Values {
			for _, x := range row {
				if x > most { // false for what is not determined
					most = x
				}
			}
		}
	}
	return most
}

func marks(V int, set []data.Word) []rune {
	m := make([]rune, V)
	for _, u := range set {
		m[u] = '●'
	}
	return m
}

// clamp returns a copy with every number brought into [0,1]; the scores of the
// objective squared may lie beyond.
func clamp(xs []float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = x
		if !math.IsNaN(x) {
			out[i] = max(0, min(1, x))
		}
	}
	return out
}
