package main

import (
	"math"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/graph"
	"qk/train"
)

// maxHeatRows is how many rows of a heatmap are shown: with the rest of the
// report they fill a screen.
const maxHeatRows = 14

// masks shows the counted and the learned masks side by side. The rows that are
// shown are chosen first, and only their scores are pulled out of Q and K.
func (r report) masks() error {
	table := r.e.Config.Table()
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
	var words []data.Word // of the rows
	for w := range V {
		word := data.Word(w)
		if weight, ok := r.rowWeight(word, table); ok {
			words = append(words, word)
			h.Rows = append(h.Rows, vocab.Text(word))
			h.RowWeights = append(h.RowWeights, weight)
		}
	}
	for m := range h.Maps {
		h.Maps[m].Values, h.Maps[m].Marks = make([][]float64, len(words)), make([][]rune, len(words))
	}
	rows := train.Heaviest(h.RowWeights, maxHeatRows) // which [screen.Heatmaps] shows
	shown := make([]data.Word, len(rows))
	for i, row := range rows {
		shown[i] = words[row]
	}
	err := r.weights.Rows(shown, func(w data.Word, s []float64) error {
		r.fillRow(&h, w, rows[0], s, table)
		rows = rows[1:]
		return nil
	})
	if err != nil {
		return err
	}
	if table {
		h.Hi = largest(h.Maps)
	}
	r.screen.Heading(heading)
	r.screen.Aside(r.heatKey(table))
	r.screen.Gap()
	r.screen.Heatmaps(h)
	return nil
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

// rowWeight is how much a row has to tell, see [train.Experiment.Telling]. Rows with a
// set come first.
func (r report) rowWeight(w data.Word, table bool) (weight float64, ok bool) {
	weight, ok = r.e.Telling(w)
	if table {
		return weight, ok
	}
	switch r.outcome.Rows[w].Status {
	case train.Exact, train.Missing, train.Spurious:
		weight++
	}
	return weight, ok
}

// fillRow puts the values and marks of row w, with the scores s [V], into both
// maps, as row i, and adds what they weigh to the columns.
func (r report) fillRow(h *screen.Heatmaps, w data.Word, i int, s []float64, table bool) {
	learned := clamp(train.LearnRow(r.e, w, s).Attention)
	sets := [][]data.Word{r.outcome.Rows[w].Counted, r.outcome.Rows[w].Learned}
	for m, values := range [][]float64{r.e.CountedRow(w), learned} {
		hm := &h.Maps[m]
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
