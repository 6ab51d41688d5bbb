package graph

import (
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"
)

// Weights are the attention matrices. Row w of Q is the query of word w, row u
// of K the key of word u.
type Weights struct {
	V, R   int
	OneHot bool      // Q is the identity [V,V] and is not learned
	Scaled bool      // scores are divided by √R
	Q      []float64 // [V,R], row-major
	K      []float64 // [V,R], row-major
}

// NewWeights returns weights of zero; with oneHot, R is V and Q the identity.
func NewWeights(V, R int, oneHot, scaled bool) *Weights {
	w := &Weights{V: V, R: R, OneHot: oneHot, Scaled: scaled, Q: make([]float64, V*R), K: make([]float64, V*R)}
	if oneHot {
		for i := range V {
			w.Q[i*R+i] = 1
		}
	}
	return w
}

// Draw sets Q and K to independent normal numbers of the given standard
// deviation, Q first, each row by row. The numbers come from the PCG generator
// of math/rand/v2, so that a seed gives the same weights everywhere; Gorgonia's
// own initialisers seed themselves from the clock. One-hot weights start at
// S = 0, which has no symmetry to break, and draw nothing.
func (w *Weights) Draw(seed uint64, scale float64) {
	if w.OneHot {
		clear(w.K)
		return
	}
	rng := rand.New(rand.NewPCG(seed, 0x716b)) // the stream of weights
	for _, m := range [][]float64{w.Q, w.K} {
		for i := range m {
			m[i] = scale * rng.NormFloat64()
		}
	}
}

// Start moves the first weights so that every score is near s: the first column of
// Q and of K becomes ±√|s| throughout, so that their product is s, and the other
// columns add what was drawn. In the one-hot form K becomes s.
func (w *Weights) Start(s float64) {
	if w.OneHot {
		for i := range w.K {
			w.K[i] = s / w.scale()
		}
		return
	}
	x := math.Sqrt(math.Abs(s) / w.scale())
	for i := range w.V {
		w.Q[i*w.R], w.K[i*w.R] = math.Copysign(x, s), x
	}
}

// scores adds S = X·Q·Kᵀ [B,V] to a graph, divided by √R if the weights say so.
// query is X [B,V]; q and k are [V,R]. q is nil in the one-hot form, where X·I
// is X.
func (w *Weights) scores(b *builder, query, q, k *G.Node) *G.Node {
	return b.mul(w.queries(b, query, q), b.transpose(k))
}

// queries adds X·Q [B,R], divided by √R if the weights say so.
func (w *Weights) queries(b *builder, query, q *G.Node) *G.Node {
	pulled := query
	if q != nil {
		pulled = b.mul(query, q)
	}
	if w.Scaled {
		diagonal := make([]float64, w.R*w.R)
		for i := range w.R {
			diagonal[i*w.R+i] = w.scale()
		}
		pulled = b.mul(pulled, b.matrix("1/√R", w.R, w.R, diagonal))
	}
	return pulled
}

// scale is what the scores are multiplied with.
func (w *Weights) scale() float64 {
	if !w.Scaled {
		return 1
	}
	return 1 / math.Sqrt(float64(w.R))
}
