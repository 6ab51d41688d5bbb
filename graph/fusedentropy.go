package graph

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"qk/data"
)

// entropyRows is how many rows of scores exist at a time: [entropyRows,V] numbers
// in place of [V,V].
const entropyRows = 64

// fusedEntropy is the loss of entropyTask: cross-entropy of the sparse P(y|w)
// against softmax(S_w). Rows pass through in blocks:
//
//	S = Q_b·Kᵀ → ln Σ e^S → G = c1(w)/N · softmax(S) − c1(w,y)/N → dQ_b = G·K, dK += Gᵀ·Q_b
//
// so that the [V,V] scores never exist. Blocks are added up in their order, and
// within a block every number is computed by itself, so that the number of
// goroutines changes nothing.
type fusedEntropy struct {
	V, R   int
	scale  float64
	words  []int32 // rows with at least one transition
	pairs  pairTable
	target []float64 // [pairs] c1(w,y)/N
	weight []float64 // [V] c1(w)/N

	scores []float64 // [entropyRows,V] S, then G
	query  []float64 // [entropyRows,R] the rows of Q, times scale
	dquery []float64 // [entropyRows,R]
	losses []float64 // [entropyRows]
	dq, dk []float64 // [V,R] the gradient
}

func newFusedEntropy(c *data.Counts, w *Weights) *fusedEntropy {
	o := &fusedEntropy{V: w.V, R: w.R, scale: w.scale(), weight: make([]float64, w.V)}
	N := float64(c.Total)
	o.pairs, o.target = newTransitionPairs(c, func(_ data.Row, cell data.Cell) float64 { return float64(cell.N) / N })
	for w, row := range c.Transitions {
		if row.Total > 0 {
			o.words = append(o.words, int32(w))
			o.weight[w] = float64(row.Total) / N
		}
	}
	rows := min(entropyRows, len(o.words))
	o.scores, o.losses = make([]float64, rows*o.V), make([]float64, rows)
	o.dk = make([]float64, o.V*o.R)
	if !w.OneHot {
		o.query, o.dquery = make([]float64, rows*o.R), make([]float64, rows*o.R)
		o.dq = make([]float64, o.V*o.R)
	}
	return o
}

func (o *fusedEntropy) loss(q, k []float64) float64 {
	clear(o.dk)
	clear(o.dq)
	var sum float64
	for block := range slices.Chunk(o.words, entropyRows) {
		o.pull(block, q, k)
		parallel(len(block), len(block)*o.V*8, func(first, last int) {
			for i := first; i < last; i++ {
				o.losses[i] = o.row(int(block[i]), o.scores[i*o.V:(i+1)*o.V])
			}
		})
		for _, l := range o.losses[:len(block)] {
			sum += l
		}
		o.push(block, q, k)
	}
	return sum
}

// pull computes the scores of a block of rows.
func (o *fusedEntropy) pull(block []int32, q, k []float64) {
	V, R := o.V, o.R
	if q == nil {
		for i, w := range block {
			for y := range V {
				o.scores[i*V+y] = o.scale * k[y*R+int(w)]
			}
		}
		return
	}
	for i, w := range block {
		for j, x := range q[int(w)*R : (int(w)+1)*R] {
			o.query[i*R+j] = o.scale * x
		}
	}
	n := len(block)
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, matrix(n, R, o.query[:n*R]), matrix(V, R, k), 0, matrix(n, V, o.scores[:n*V]))
}

// row turns the scores of row w into the derivative and returns the loss
// c1(w)/N · ln Σ e^s − Σ c1(w,y)/N · s.
func (o *fusedEntropy) row(w int, s []float64) float64 {
	m := slices.Max(s)
	var sum, expected float64
	first, last := o.pairs.start[w], o.pairs.start[w+1]
	for p := first; p < last; p++ { // relative to m, as the weights add up to c1(w)/N
		expected += o.target[p] * (s[o.pairs.u[p]] - m)
	}
	for y, x := range s {
		s[y] = math.Exp(x - m)
		sum += s[y]
	}
	share := o.weight[w] / sum
	for y := range s {
		s[y] *= share
	}
	for p := first; p < last; p++ {
		s[o.pairs.u[p]] -= o.target[p]
	}
	return o.weight[w]*math.Log(sum) - expected
}

// push adds what the derivative of a block gives to the gradient.
func (o *fusedEntropy) push(block []int32, q, k []float64) {
	V, R, n := o.V, o.R, len(block)
	if q == nil {
		for i, w := range block {
			for y := range V {
				o.dk[y*R+int(w)] = o.scale * o.scores[i*V+y]
			}
		}
		return
	}
	g := matrix(n, V, o.scores[:n*V])
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, g, matrix(n, R, o.query[:n*R]), 1, matrix(V, R, o.dk))
	blas64.Gemm(blas.NoTrans, blas.NoTrans, o.scale, g, matrix(V, R, k), 0, matrix(n, R, o.dquery[:n*R]))
	for i, w := range block {
		copy(o.dq[int(w)*R:(int(w)+1)*R], o.dquery[i*R:(i+1)*R])
	}
}

func (o *fusedEntropy) gradient(g float64, _, _, dq, dk []float64) {
	for i, x := range o.dk {
		dk[i] = g * x
	}
	for i, x := range o.dq {
		dq[i] = g * x
	}
}
