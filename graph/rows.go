package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"qk/data"
	"qk/graph/kernel"
)

// Scores are pulled out of Q and K by one-hot queries, a block of rows at a time,
// so that the table [V,V] never exists: see [Weights.EachRow].
const (
	pullRows  = 64      // rows in a block
	pullCells = 1 << 22 // or so many numbers at most, 32 MiB of float64
)

// Lookup pulls the row of one word out of the matrix, as the article does: the
// one-hot query [1,V] times Q [V,R] times Kᵀ [R,V], in a Gorgonia graph. It
// returns the scores S[w,·] [V]. They are equal to those of [Weights.EachRow] to
// the last bit, as products with 0 and 1 are exact.
func (w *Weights) Lookup(word data.Word) ([]float64, error) {
	var row []float64
	err := w.Rows([]data.Word{word}, func(_ data.Word, s []float64) error {
		row = s // of a block that is not computed again
		return nil
	})
	return row, err
}

// EachRow calls f for every current word w, in ascending order, with its scores
// S[w,·] [V]: row w of S = QKᵀ. They may be changed, and are valid only during
// the call. An error of f ends it and is returned.
func (w *Weights) EachRow(f func(word data.Word, s []float64) error) error {
	words := make([]data.Word, w.V)
	for i := range words {
		words[i] = data.Word(i)
	}
	return w.Rows(words, f)
}

// Rows is [Weights.EachRow] for some words, in the order given.
func (w *Weights) Rows(words []data.Word, f func(word data.Word, s []float64) error) error {
	for _, word := range words {
		if word < 0 || int(word) >= w.V {
			return fmt.Errorf("graph: word number %d is not below V = %d", word, w.V)
		}
	}
	if len(words) == 0 {
		return nil
	}
	return w.pull(words, f)
}

// Scores returns the whole of S = QKᵀ [V,V], row-major, for vocabularies small
// enough. A row is a current word, a column an earlier word.
func (w *Weights) Scores() ([]float64, error) {
	scores := make([]float64, 0, w.V*w.V)
	err := w.EachRow(func(_ data.Word, s []float64) error {
		scores = append(scores, s...)
		return nil
	})
	return scores, err
}

// pull computes the rows of some words, a block after the other.
func (w *Weights) pull(words []data.Word, f func(word data.Word, s []float64) error) error {
	p, err := w.NewPuller(len(words))
	if err != nil {
		return err
	}
	return p.Rows(words, f)
}

// Puller pulls rows of scores out of weights that change from call to call.
type Puller struct {
	w       *Weights
	b       int       // rows of a block
	queries []float64 // X [B,V]
	keys    []float64 // Kᵀ [R,V]
	machine *Machine
	scores  *G.Node // X·Q·Kᵀ [B,V]
}

// NewPuller lays the graph X·Q·Kᵀ [B,V] for blocks of one-hot queries X [B,V], B being
// about the number of rows that are pulled at a time. A block rewrites the queries in
// place, and its products overwrite those of the block before.
func (w *Weights) NewPuller(rows int) (*Puller, error) {
	B := min(rows, max(Spec{}.batchRows(w.V, w.V), min(pullRows, pullCells/w.V)))
	p := &Puller{w: w, b: B, queries: make([]float64, B*w.V), keys: make([]float64, w.R*w.V)}
	b := newBuilder()
	x, keys := b.matrix("X", B, w.V, p.queries), b.matrix("Kᵀ", w.R, w.V, p.keys)
	q := b.matrix("Q", w.V, w.R, w.Q)
	if w.OneHot {
		q = nil
	}
	isa, err := kernel.Default()
	if err != nil {
		return nil, err
	}
	if pulled := w.queries(b, x, q); w.OneHot {
		p.scores = b.mul(pulled, keys)
	} else {
		p.scores = b.apply(&matProduct{set: kernel.New[float64](isa)}, pulled, keys)
	}
	if b.err != nil {
		return nil, b.err
	}
	p.machine, err = NewMachine(b.g)
	return p, err
}

// Rows is [Weights.Rows] for the weights as they are now. Kᵀ is laid out once a call.
func (p *Puller) Rows(words []data.Word, f func(word data.Word, s []float64) error) error {
	V := p.w.V
	turn(p.keys, V, p.w.R, p.w.K)
	for len(words) > 0 {
		block := words[:min(p.b, len(words))]
		words = words[len(block):]
		for i, word := range block {
			p.queries[i*V+int(word)] = 1
		}
		if err := p.machine.RunAll(); err != nil {
			return err
		}
		for i, word := range block {
			p.queries[i*V+int(word)] = 0
		}
		rows, err := dense(p.scores.Value())
		if err != nil {
			return err
		}
		for i, word := range block {
			if err := f(word, rows[i*V:(i+1)*V:(i+1)*V]); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn writes xᵀ [c,r] of x [r,c], row-major.
func turn(to []float64, r, c int, x []float64) {
	for i := range r {
		for j := range c {
			to[j*r+i] = x[i*c+j]
		}
	}
}
