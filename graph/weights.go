package graph

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"qk/data"
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

// scores adds S = X·Q·Kᵀ [B,V] to a graph, divided by √R if the weights say so.
// query is X [B,V]; q and k are [V,R]. q is nil in the one-hot form, where X·I
// is X.
func (w *Weights) scores(b *builder, query, q, k *G.Node) *G.Node {
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
	return b.mul(pulled, b.transpose(k))
}

// scale is what the scores are multiplied with.
func (w *Weights) scale() float64 {
	if !w.Scaled {
		return 1
	}
	return 1 / math.Sqrt(float64(w.R))
}

// Lookup pulls the row of one word out of the matrix, as the article does: the
// one-hot query [1,V] times Q [V,R] times Kᵀ [R,V], in a Gorgonia graph. It
// returns the scores S[w,·] [V]. They are equal to row w of [Weights.Scores] to
// the last bit, as products with 0 and 1 are exact.
func (w *Weights) Lookup(word data.Word) ([]float64, error) {
	if word < 0 || int(word) >= w.V {
		return nil, fmt.Errorf("graph: word number %d is not below V = %d", word, w.V)
	}
	query := make([]float64, w.V)
	query[word] = 1
	return w.pull(1, query)
}

// Scores returns S = QKᵀ [V,V], row-major: the rows of all words, pulled out by
// one-hot queries, a batch at a time. A row is a current word, a column an
// earlier word.
func (w *Weights) Scores() ([]float64, error) {
	scores := make([]float64, 0, w.V*w.V)
	B := Spec{}.batchRows(w.V, w.V)
	for first := 0; first < w.V; first += B {
		n := min(B, w.V-first)
		query := make([]float64, n*w.V)
		for i := range n {
			query[i*w.V+first+i] = 1
		}
		rows, err := w.pull(n, query)
		if err != nil {
			return nil, err
		}
		scores = append(scores, rows...)
	}
	return scores, nil
}

// pull returns query·Q·Kᵀ [B,V] for a query [B,V].
func (w *Weights) pull(B int, query []float64) ([]float64, error) {
	b := newBuilder()
	x := b.matrix("X", B, w.V, query)
	q, k := b.matrix("Q", w.V, w.R, w.Q), b.matrix("K", w.V, w.R, w.K)
	s := w.scores(b, x, q, k)
	if b.err != nil {
		return nil, b.err
	}
	m, err := NewMachine(b.g)
	if err != nil {
		return nil, err
	}
	if err := m.RunAll(); err != nil {
		return nil, err
	}
	return dense(s.Value())
}
