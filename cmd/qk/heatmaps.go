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
	vocab, V := r.e.Corpus.Vocab, r.e.Counts.V()
	table := r.e.Config.Task == graph.Recall && r.e.Config.Objective != graph.Logistic
	h := screen.Heatmaps{
		Rows: vocab.All(), Columns: vocab.All(),
		RowWeights: make([]float64, V), ColumnWeights: make([]float64, V),
		RowTitle: "current word", ColumnTitle: "earlier word", MaxRows: maxHeatRows,
		Legend: []screen.Mark{{Rune: '●', Meaning: "in the row's set"}},
		Maps:   []screen.Heatmap{{Title: "counted mask"}, {Title: "learned mask"}},
	}
	heading := "Masks: which earlier words matter after which current word"
	key := ""
	switch {
	case table:
		h.ColumnTitle, heading, h.Legend = "next word", "Tables: which word follows which", nil
		h.Maps[0].Title, h.Maps[1].Title = "counted P(y|w)", "learned"
		key = "Learned: softmax(QKᵀ), row by row."
		if r.e.Config.Objective == graph.Squared {
			key = "Learned: QKᵀ itself."
		}
	case r.e.Config.Objective == graph.Logistic:
		key = "Counted: whether the earlier word changes what follows at all. Learned: σ(QKᵀ)."
	default:
		key = "Counted: how much the earlier word tells, as a share of the row's most. Learned: "
		if r.e.Config.Null {
			key += "σ(QKᵀ), its attention when it is alone."
		} else {
			key += "softmax(QKᵀ) over the row's words."
		}
	}
	for w := range V {
		counted, weight := r.countedRow(data.Word(w), table)
		learned := r.outcome.Learned[w].Attention
		row := r.outcome.Rows[w]
		h.RowWeights[w] = weight
		if row.Status == train.Spurious || row.Status == train.Missing || row.Status == train.Exact {
			h.RowWeights[w] += 1 + weight
		}
		h.Maps[0].Values = append(h.Maps[0].Values, counted)
		h.Maps[1].Values = append(h.Maps[1].Values, clamp(learned))
		if !table {
			h.Maps[0].Marks = append(h.Maps[0].Marks, marks(V, row.Counted))
			h.Maps[1].Marks = append(h.Maps[1].Marks, marks(V, row.Learned))
		}
		for u := range V {
			for _, x := range []float64{counted[u], learned[u]} {
				if !math.IsNaN(x) {
					h.ColumnWeights[u] += x * h.RowWeights[w]
				}
			}
		}
	}
	if table {
		h.Hi = largest(h.Maps)
	}
	r.screen.Heading(heading)
	r.screen.Aside(key)
	r.screen.Gap()
	r.screen.Heatmaps(dropSilentRows(h))
}

// countedRow returns the row of the counted mask [V] and how much it tells,
// weighted by how often its word occurs. A mask is graded: the divergence of
// each word as a share of the row's largest.
func (r report) countedRow(w data.Word, table bool) ([]float64, float64) {
	row := make([]float64, r.e.Counts.V())
	mask := r.e.Masks.Rows[w]
	if table {
		for y := range row {
			row[y] = r.e.Counts.Transitions[w].P(data.Word(y))
		}
		return row, float64(mask.N) / float64(r.e.Counts.Total)
	}
	for u := range row {
		row[u] = math.NaN()
	}
	var most, tells float64
	for _, c := range mask.Candidates {
		most = max(most, c.Divergence)
		tells += c.Divergence * float64(c.N)
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
	return row, tells / float64(r.e.Counts.Total)
}

// dropSilentRows leaves out the rows of which nothing is known at all, such as
// that of a word that only ends sentences.
func dropSilentRows(h screen.Heatmaps) screen.Heatmaps {
	keep := func(w int) bool {
		known := func(x float64) bool { return !math.IsNaN(x) }
		return slices.ContainsFunc(h.Maps[0].Values[w], known) || slices.ContainsFunc(h.Maps[1].Values[w], known)
	}
	out := h
	out.Rows, out.RowWeights = nil, nil
	out.Maps = []screen.Heatmap{{Title: h.Maps[0].Title}, {Title: h.Maps[1].Title}}
	for w := range h.Rows {
		if !keep(w) {
			continue
		}
		out.Rows = append(out.Rows, h.Rows[w])
		out.RowWeights = append(out.RowWeights, h.RowWeights[w])
		for i := range out.Maps {
			out.Maps[i].Values = append(out.Maps[i].Values, h.Maps[i].Values[w])
			if h.Maps[i].Marks != nil {
				out.Maps[i].Marks = append(out.Maps[i].Marks, h.Maps[i].Marks[w])
			}
		}
	}
	return out
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
