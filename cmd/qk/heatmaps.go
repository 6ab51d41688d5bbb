package main

import (
	"cmp"
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
		if word := data.Word(w); !r.silent(word, table) {
			words = append(words, word)
			h.Rows = append(h.Rows, vocab.Text(word))
			h.RowWeights = append(h.RowWeights, r.rowWeight(word, table))
		}
	}
	for m := range h.Maps {
		h.Maps[m].Values, h.Maps[m].Marks = make([][]float64, len(words)), make([][]rune, len(words))
	}
	rows := heaviest(h.RowWeights, maxHeatRows)
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

// silent tells whether nothing is known of a row, such as that of a word that
// only ends sentences.
func (r report) silent(w data.Word, table bool) bool {
	if table {
		return r.e.Counts.Transitions[w].Total == 0
	}
	return len(r.e.Masks.Rows[w].Candidates) == 0
}

// rowWeight is how much a row has to tell, see counted. Rows with a set come first.
func (r report) rowWeight(w data.Word, table bool) float64 {
	weight := r.counted(w, table)
	if table {
		return weight
	}
	switch r.outcome.Rows[w].Status {
	case train.Exact, train.Missing, train.Spurious:
		weight++
	}
	return weight
}

// counted is how much the counts have to tell of a row: how often its word occurs, for
// a mask times the nats that its earlier words tell.
func (r report) counted(w data.Word, table bool) float64 {
	N := float64(r.e.Counts.Total)
	if table {
		return float64(r.e.Counts.Transitions[w].Total) / N
	}
	mask := r.e.Masks.Rows[w]
	weight := float64(mask.N) * 1e-9
	for _, c := range mask.Candidates {
		weight += c.Divergence * float64(c.N)
	}
	return weight / N
}

// fillRow puts the values and marks of row w, with the scores s [V], into both
// maps, as row i, and adds what they weigh to the columns.
func (r report) fillRow(h *screen.Heatmaps, w data.Word, i int, s []float64, table bool) {
	learned := clamp(train.LearnRow(r.e, w, s).Attention)
	sets := [][]data.Word{r.outcome.Rows[w].Counted, r.outcome.Rows[w].Learned}
	for m, values := range [][]float64{r.countedRow(w, table), learned} {
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

// heaviest returns the indices of the n largest weights, in ascending order; of
// equal ones the first. These are the rows that [screen.Heatmaps] shows.
func heaviest(weights []float64, n int) []int {
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	order = order[:min(n, len(order))]
	slices.Sort(order)
	return order
}

// countedRow returns the row of the counted mask [V]. A mask is graded: the
// divergence of each word as a share of the row's largest.
func (r report) countedRow(w data.Word, table bool) []float64 {
	row := make([]float64, r.e.Counts.V())
	if table {
		for _, cell := range r.e.Counts.Transitions[w].Cells {
			row[cell.Word] = r.e.Counts.Transitions[w].P(cell.Word)
		}
		return row
	}
	for u := range row {
		row[u] = math.NaN()
	}
	mask, most := r.e.Masks.Rows[w], 0.0
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
