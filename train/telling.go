package train

import (
	"cmp"
	"slices"

	"qk/data"
)

// Telling is how much the counts have to tell of row w, a mean over all positions: how
// often its word occurs, for a mask times the nats that its earlier words tell. ok is
// false for a row of which nothing is known, such as that of a word that only ends
// sentences.
func (e *Experiment) Telling(w data.Word) (weight float64, ok bool) {
	N := float64(e.Counts.Total)
	if e.Config.Table() {
		n := e.Counts.Transitions[w].Total
		return float64(n) / N, n > 0
	}
	mask := e.Masks.Rows[w]
	weight = float64(mask.N) * 1e-9
	for _, c := range mask.Candidates {
		weight += c.Divergence * float64(c.N)
	}
	return weight / N, len(mask.Candidates) > 0
}

// TellingRows returns the rows that have most to tell, in ascending order, and how many
// rows have anything to tell at all. Those that are asked for are always among them.
func (e *Experiment) TellingRows(most int, always ...data.Word) (rows []data.Word, all int) {
	rows = append([]data.Word{}, always...)
	var words []data.Word
	var weights []float64
	for w := range e.Counts.V() {
		word := data.Word(w)
		weight, ok := e.Telling(word)
		if !ok {
			continue
		}
		all++
		if !slices.Contains(always, word) {
			words, weights = append(words, word), append(weights, weight)
		}
	}
	for _, i := range Heaviest(weights, most-len(always)) {
		rows = append(rows, words[i])
	}
	slices.Sort(rows)
	return rows, all
}

// Heaviest returns the indices of the n largest weights, in ascending order; of equal
// ones the first.
func Heaviest(weights []float64, n int) []int {
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	order = order[:max(0, min(n, len(order)))]
	slices.Sort(order)
	return order
}
