package export

import (
	"math"

	"qk/data"
	"qk/train"
)

// order is how the numbers of a matrix are listed where they are sparse.
type order string

const (
	byPairs       order = "pairs"       // u in ascending order of those seen before w
	byTransitions order = "transitions" // y in ascending order of those that follow w
	unordered     order = ""            // none: the matrix is not sparse
)

// matrix is a [V,V] array of a .npz, made row by row.
type matrix struct {
	name, descr string
	order       order
	scored      bool // row needs the scores
	// row puts the bits of the numbers of row w into dst [V]; s is S[w,·] [V], or nil.
	row func(dst []uint64, w data.Word, s []float64)
}

// matrices lists the [V,V] arrays of a run.
func matrices(r *Run) []matrix {
	e := r.Experiment
	learned := byPairs
	if e.Masks == nil {
		learned = unordered
	}
	all := []matrix{
		{"S", float64s, learned, true, func(dst []uint64, _ data.Word, s []float64) { putFloats(dst, s) }},
		{"attention", float64s, learned, true, func(dst []uint64, w data.Word, s []float64) {
			putFloats(dst, train.LearnRow(e, w, s).Attention)
		}},
		{"c1", uint64s, byTransitions, false, func(dst []uint64, w data.Word, _ []float64) {
			clear(dst)
			for _, c := range e.Counts.Transitions[w].Cells {
				dst[c.Word] = c.N
			}
		}},
		{"P", float64s, byTransitions, false, func(dst []uint64, w data.Word, _ []float64) {
			clear(dst)
			row := e.Counts.Transitions[w]
			if row.Total == 0 {
				fillBits(dst, math.Float64bits(math.NaN()))
			}
			for _, c := range row.Cells {
				dst[c.Word] = math.Float64bits(float64(c.N) / float64(row.Total))
			}
		}},
	}
	if e.Masks == nil {
		return all
	}
	return append(all, maskMatrices(e.Masks)...)
}

// maskMatrices lists the arrays of the counted masks.
func maskMatrices(m *data.Masks) []matrix {
	binary := func(yes bool) uint64 {
		if yes {
			return uint64(math.Float32bits(1))
		}
		return 0
	}
	unseen32, unseen64 := uint64(math.Float32bits(float32(math.NaN()))), math.Float64bits(math.NaN())
	return []matrix{
		{"c2", uint64s, byPairs, false, func(dst []uint64, w data.Word, _ []float64) {
			clear(dst)
			for _, c := range m.Rows[w].Candidates {
				dst[c.Word] = c.N
			}
		}},
		{"support", float32s, byPairs, false, func(dst []uint64, w data.Word, _ []float64) {
			fillBits(dst, unseen32)
			for _, c := range m.Rows[w].Candidates {
				dst[c.Word] = binary(c.Informs)
			}
		}},
		{"divergence", float64s, byPairs, false, func(dst []uint64, w data.Word, _ []float64) {
			fillBits(dst, unseen64)
			for _, c := range m.Rows[w].Candidates {
				dst[c.Word] = math.Float64bits(c.Divergence)
			}
		}},
		{"best", float32s, byPairs, false, func(dst []uint64, w data.Word, _ []float64) {
			fillBits(dst, unseen32)
			row := m.Rows[w]
			if row.Best == nil {
				return
			}
			for _, c := range row.Candidates {
				dst[c.Word] = binary(false)
			}
			for _, u := range row.Best.Mask {
				dst[u] = binary(true)
			}
		}},
	}
}

func putFloats(dst []uint64, s []float64) {
	for i, x := range s {
		dst[i] = math.Float64bits(x)
	}
}

func fillBits(dst []uint64, bits uint64) {
	for i := range dst {
		dst[i] = bits
	}
}

// columns returns the columns of row w that are listed in an order.
func (r *Run) columns(o order, w data.Word) []data.Word {
	var words []data.Word
	switch o {
	case byTransitions:
		for _, c := range r.Experiment.Counts.Transitions[w].Cells {
			words = append(words, c.Word)
		}
	case byPairs:
		for _, c := range r.Experiment.Masks.Rows[w].Candidates {
			words = append(words, c.Word)
		}
	}
	return words
}
