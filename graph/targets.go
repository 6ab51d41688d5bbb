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

// cellPlan is the cells of the rows of a batch, in the order in which a
// [fusedEntropy] meets them: by blocks of rows, then by panels of columns, then by
// rows.
type cellPlan[F kernel.Float] struct {
	start []int32 // [blocks·panels+1]
	at    []int32 // [cells] the place in the panel, see [fusedEntropy.scores]
	value []F     // [cells] a_w · P(y|w)
}

// lay lists the cells of some rows with weights, in the memory of an earlier
// plan. A panel has size columns, and blocks are of blockRows rows.
func (t *targets[F]) lay(p *cellPlan[F], words []int32, weights []float64, panels, size int) {
	blocks := (len(words) + blockRows - 1) / blockRows
	p.start = grow(p.start, blocks*panels+1)
	clear(p.start)
	for i, w := range words {
		counts := p.start[i/blockRows*panels+1:]
		for _, y := range t.column[t.start[w]:t.start[w+1]] {
			counts[int(y)/size]++
		}
	}
	for i := range len(p.start) - 1 {
		p.start[i+1] += p.start[i]
	}
	n := int(p.start[len(p.start)-1])
	p.at, p.value = grow(p.at, n), grow(p.value, n)
	for first := 0; first < len(words); first += blockRows {
		rows := min(blockRows, len(words)-first)
		cols := wholeVectors[F](rows)
		next := p.start[first/blockRows*panels:] // moves on to the start of the panel after
		for i := range rows {
			w, a := words[first+i], weights[first+i]
			for c := t.start[w]; c < t.start[w+1]; c++ {
				y := int(t.column[c])
				at := &next[y/size]
				p.at[*at], p.value[*at] = int32(y%size*cols+i), F(a)*t.value[c]
				*at++
			}
		}
	}
	copy(p.start[1:], p.start) // every panel has moved to the start of the next
	p.start[0] = 0
}

// wholeVectors rounds a number of columns up to whole vectors.
func wholeVectors[F kernel.Float](cols int) int {
	lanes := kernel.Lanes[F]()
	return (cols + lanes - 1) / lanes * lanes
}
