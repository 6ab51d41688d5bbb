package train

import (
	"math"

	"qk/data"
	"qk/graph"
)

// CountedRow returns row w of the counted mask [V] as it is shown beside the learned
// one. A mask is graded: the divergence of each word as a share of the row's largest,
// and NaN for what never came before w; for the objective logistic it is 1 where u
// informs w. Of a table it is P(y|w).
func (e *Experiment) CountedRow(w data.Word) []float64 {
	row := make([]float64, e.Counts.V())
	if e.Config.Table() {
		for _, cell := range e.Counts.Transitions[w].Cells {
			row[cell.Word] = e.Counts.Transitions[w].P(cell.Word)
		}
		return row
	}
	for u := range row {
		row[u] = math.NaN()
	}
	mask, most := e.Masks.Rows[w], 0.0
	for _, c := range mask.Candidates {
		most = max(most, c.Divergence)
	}
	for _, c := range mask.Candidates {
		switch {
		case e.Config.Objective == graph.Logistic && c.Informs:
			row[c.Word] = 1
		case most > 0 && e.Config.Objective != graph.Logistic:
			row[c.Word] = c.Divergence / most
		default:
			row[c.Word] = 0
		}
	}
	return row
}
