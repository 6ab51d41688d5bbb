package graph

import (
	"qk/data"
	"qk/graph/kernel"
)

// targets is a counted table with sparse rows, the transitions P(y|w) as numbers
// of type F.
type targets[F kernel.Float] struct {
	V      int
	start  []int32 // [V+1] the cells of row w are start[w] … start[w+1]−1
	column []int32 // [cells] y, ascending in a row
	value  []F     // [cells] P(y|w)

	words   []int32   // rows with at least one cell
	weights []float64 // [words] c1(w)/N
	masses  []uint64  // [words] c1(w)
	unit    float64   // 1/N
}

func newTargets[F kernel.Float](c *data.Counts) *targets[F] {
	t := &targets[F]{V: c.V(), start: make([]int32, c.V()+1), unit: 1 / float64(c.Total)}
	for w, row := range c.Transitions {
		for _, cell := range row.Cells {
			t.column = append(t.column, int32(cell.Word))
			t.value = append(t.value, F(float64(cell.N)/float64(row.Total)))
		}
		t.start[w+1] = int32(len(t.column))
		if row.Total > 0 {
			t.words = append(t.words, int32(w))
			t.weights = append(t.weights, float64(row.Total)/float64(c.Total))
			t.masses = append(t.masses, row.Total)
		}
	}
	return t
}

// denseShare is the share of cells that are not zero from which on the rows are
// worth being stored in full, with the zeros.
const denseShare = 0.25

func (t *targets[F]) isDense() bool {
	return float64(len(t.column)) >= denseShare*float64(len(t.words)*t.V)
}

// block returns the rows of some words in full, transposed: [V,cols], a row in
// every column.
func (t *targets[F]) block(words []int32, cols int) []F {
	x := make([]F, t.V*cols)
	for i, w := range words {
		for c := t.start[w]; c < t.start[w+1]; c++ {
			x[int(t.column[c])*cols+i] = t.value[c]
		}
	}
	return x
}

// split returns, for every row, where the cells of each of some ranges of columns
// begin: [V,ranges]. A range ends at end(i), the last one at V.
func (t *targets[F]) split(ranges int, end func(i int) int) []int32 {
	at := make([]int32, t.V*ranges)
	for w := range t.V {
		c := t.start[w]
		for i := range ranges {
			at[w*ranges+i] = c
			for c < t.start[w+1] && int(t.column[c]) < end(i) {
				c++
			}
		}
	}
	return at
}
