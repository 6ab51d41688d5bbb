package graph

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"qk/data"
)

// newKernel returns the fused form of a spec's loss.
func newKernel(spec Spec, c *data.Counts, m *data.Masks, w *Weights) kernel {
	switch {
	case spec.Task == Predict:
		return newFusedPredict(c, w, spec.Null)
	case spec.Objective == Squared:
		return newFusedSquared(c, w)
	case spec.Objective == Logistic:
		return newFusedLogistic(m, w)
	}
	return newFusedEntropy(c, w)
}

// newTransitionPairs lists the cells of c1 that are not zero, with a value for
// each.
func newTransitionPairs(c *data.Counts, value func(row data.Row, cell data.Cell) float64) (pairTable, []float64) {
	var values []float64
	t := newPairTable(c.V(), func(w int) []int32 {
		row := c.Transitions[w]
		columns := make([]int32, len(row.Cells))
		for i, cell := range row.Cells {
			columns[i] = int32(cell.Word)
			values = append(values, value(row, cell))
		}
		return columns
	})
	return t, values
}

// fusedLogistic is the loss of logisticTask. Only the observed cells have a part
// in it, so a step costs O(cells × R).
type fusedLogistic struct {
	R      int
	scale  float64
	pairs  pairTable
	target []float64 // [pairs] M[w,u]

	scores, ds, losses []float64 // [pairs]
}

func newFusedLogistic(m *data.Masks, w *Weights) *fusedLogistic {
	o := &fusedLogistic{R: w.R, scale: w.scale()}
	o.pairs = newPairTable(w.V, func(w int) []int32 {
		row := m.Rows[w]
		columns := make([]int32, len(row.Candidates))
		for i, c := range row.Candidates {
			columns[i] = int32(c.Word)
			informs := 0.0
			if c.Informs {
				informs = 1
			}
			o.target = append(o.target, informs)
		}
		return columns
	})
	n := o.pairs.len()
	o.scores, o.ds, o.losses = make([]float64, n), make([]float64, n), make([]float64, n)
	return o
}

// loss is the mean over the cells of ln(1+e^s) − t·s, with derivative σ(s) − t.
// ln(1+e^s) is max(s,0) + ln(1+e^−|s|), so nothing overflows.
func (o *fusedLogistic) loss(q, k []float64) float64 {
	n := float64(o.pairs.len())
	parallel(len(o.pairs.start)-1, o.pairs.len()*o.R, func(first, last int) {
		for w := first; w < last; w++ {
			o.pairs.scores(w, q, k, o.R, o.scale, o.scores)
			for p := o.pairs.start[w]; p < o.pairs.start[w+1]; p++ {
				s, t := o.scores[p], o.target[p]
				e := math.Exp(-math.Abs(s))
				o.losses[p] = max(s, 0) - t*s + math.Log1p(e)
				sigma := 1 / (1 + e)
				if s < 0 {
					sigma = e / (1 + e)
				}
				o.ds[p] = (sigma - t) / n
			}
		}
	})
	var sum float64
	for _, l := range o.losses {
		sum += l
	}
	return sum / n
}

func (o *fusedLogistic) gradient(g float64, q, k, dq, dk []float64) {
	o.pairs.gradients(g*o.scale, o.ds, q, k, dq, dk, o.R)
}

// matrix wraps [rows,cols] numbers for gonum.
func matrix(rows, cols int, x []float64) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: x}
}
