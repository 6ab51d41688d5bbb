package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"qk/cmd/qk-bench/internal/wire"
)

// table is a sparse c1: the cells of row w are start[w] … start[w+1]−1.
type table struct {
	start []int32
	word  []int32
	count []int32
}

// total is c1(w).
func (t *table) total(w int) float64 {
	var n float64
	for _, c := range t.count[t.start[w]:t.start[w+1]] {
		n += float64(c)
	}
	return n
}

// newTable draws the counts of a shape. Every row has a cell.
func newTable(s shape, seed uint64) *table {
	rng := rand.New(rand.NewPCG(seed, tableStream))
	t := &table{start: []int32{0}}
	z := newZipf(s.V)
	row := make([]int32, s.V)
	for w := range s.V {
		if s.Density == 0 {
			denseRow(rng, row)
		} else {
			clear(row)
			for range max(1, int(s.Density*float64(s.V)*z.share(w))) {
				row[z.draw(rng)]++
			}
		}
		for y, n := range row {
			if n > 0 {
				t.word, t.count = append(t.word, int32(y)), append(t.count, n)
			}
		}
		t.start = append(t.start, int32(len(t.word)))
	}
	return t
}

// denseRow draws counts whose logarithms are normal; some 14 % are zero, as in
// the bigrams of letters.
func denseRow(rng *rand.Rand, row []int32) {
	for y := range row {
		row[y] = int32(math.Exp(2.4 + 2.2*rng.NormFloat64()))
	}
	row[0]++
}

// recallProblem lays out cross-entropy of P(y|w) against softmax(Q_w Kᵀ). The
// arrays rows and weight are [batches,B]; target lists weight·P(y|w) for the cells
// of a batch, of which row and col say the place; a batch with fewer cells than
// the largest one ends in cells of target 0.
func recallProblem(s shape, seed uint64) *wire.Problem {
	p := newProblem(s, seed)
	t := newTable(s, seed)
	p.AddInts("c1_start", t.start, len(t.start))
	p.AddInts("c1_word", t.word, len(t.word))
	p.AddInts("c1_count", t.count, len(t.count))

	var rows []int32
	var weights []float32
	if s.B == 0 {
		p.B, p.Batches, p.Full = s.V, 1, true
		rows, weights = allRows(t, s.V)
	} else {
		rng := rand.New(rand.NewPCG(seed, batchStream))
		for range p.Batches {
			r, w := drawRows(rng, t, s)
			rows, weights = append(rows, r...), append(weights, w...)
		}
	}
	p.AddInts("rows", rows, p.Batches, p.B)
	p.AddFloats("weight", weights, p.Batches, p.B)
	addCells(p, t, rows, weights)
	return p
}

// allRows weights every word with c1(w)/N.
func allRows(t *table, V int) (rows []int32, weights []float32) {
	var all float64
	for _, c := range t.count {
		all += float64(c)
	}
	for w := range V {
		rows, weights = append(rows, int32(w)), append(weights, float32(t.total(w)/all))
	}
	return rows, weights
}

// drawRows draws words as often as they occur until B different ones are hit. A
// row weighs its share of the hits, so that the mean over batches is about the
// full loss.
func drawRows(rng *rand.Rand, t *table, s shape) (rows []int32, weights []float32) {
	sum := make([]float64, s.V)
	all := 0.0
	for w := range sum {
		all += t.total(w)
		sum[w] = all
	}
	hits := map[int32]int{}
	n := 0
	for len(hits) < s.B {
		hits[int32(below(sum, rng.Float64()*all))]++
		n++
	}
	for w := range hits {
		rows = append(rows, w)
	}
	slices.Sort(rows)
	for _, w := range rows {
		weights = append(weights, float32(hits[w])/float32(n))
	}
	return rows, weights
}

// addCells lists the targets of every batch.
func addCells(p *wire.Problem, t *table, rows []int32, weights []float32) {
	widest := 0
	for b := range p.Batches {
		n := 0
		for _, w := range rows[b*p.B : (b+1)*p.B] {
			n += int(t.start[w+1] - t.start[w])
		}
		widest = max(widest, n)
	}
	row := make([]int32, p.Batches*widest)
	col := make([]int32, p.Batches*widest)
	target := make([]float32, p.Batches*widest)
	start := make([]int32, 0, p.Batches*(p.B+1))
	for b := range p.Batches {
		at := b * widest
		start = append(start, 0)
		for i, w := range rows[b*p.B : (b+1)*p.B] {
			total := t.total(int(w))
			for c := t.start[w]; c < t.start[w+1]; c++ {
				row[at], col[at] = int32(i), t.word[c]
				target[at] = float32(float64(weights[b*p.B+i]) * float64(t.count[c]) / total)
				at++
			}
			start = append(start, int32(at-b*widest))
		}
	}
	p.AddInts("start", start, p.Batches, p.B+1)
	p.AddInts("row", row, p.Batches, widest)
	p.AddInts("col", col, p.Batches, widest)
	p.AddFloats("target", target, p.Batches, widest)
}
