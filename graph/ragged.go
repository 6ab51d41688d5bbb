package graph

import (
	"math"
	"slices"

	"qk/data"
	"qk/graph/kernel"
)

// positions is what predict learns from, laid out flat: nothing in it has V
// columns.
type positions[F kernel.Float] struct {
	current    []int32   // [positions] w, ascending
	masses     []uint64  // [positions] n
	base       []F       // [positions] P(y|w)
	entryStart []int32   // [positions+1] the entries of a position, one for each earlier word
	entryWord  []int32   // [entries] u
	entryVote  []F       // [entries] P(y|u,w)
	ids        []int32   // [positions] 0, 1, 2, …
	weights    []float64 // [positions] n/N
	unit       float64   // 1/N
}

func newPositions[F kernel.Float](v *data.Voters) *positions[F] {
	all := v.Positions()
	n := len(all)
	t := &positions[F]{
		current: make([]int32, n), masses: make([]uint64, n), base: make([]F, n), entryStart: make([]int32, n+1),
		ids: make([]int32, n), weights: make([]float64, n), unit: 1 / float64(v.Total),
	}
	for i, p := range all {
		t.ids[i], t.current[i], t.masses[i] = int32(i), int32(p.Current), p.N
		t.weights[i] = float64(p.N) / float64(v.Total)
		t.entryStart[i+1] = t.entryStart[i] + int32(len(p.Earlier))
	}
	t.entryWord, t.entryVote = make([]int32, t.entryStart[n]), make([]F, t.entryStart[n])
	v.EachRow(func(row *data.RowVotes) {
		at := t.entryStart[row.First]
		for i, p := range row.Positions {
			t.base[row.First+i] = F(row.Base[i])
			for _, u := range p.Earlier {
				t.entryWord[at] = int32(u)
				at++
			}
		}
		votes := t.entryVote[t.entryStart[row.First]:]
		for e, vote := range row.Votes {
			votes[e] = F(vote)
		}
	})
	return t
}

// ragged is the positions of a batch, by what they have in common. The positions
// of a row are contiguous, and so are the entries of a position. A pair is a
// current word and one earlier word; in the whole text every pair is there once,
// and its score is one number however many positions it occurs at. In a batch,
// where few pairs come twice, every entry is a pair of its own.
type ragged struct {
	pairs      pairTable
	start      []int32   // [rows+1] the positions of a row
	at         []int32   // [positions] the position in the whole text
	weight     []float64 // [positions] a
	entryStart []int32   // [positions+1]
	entryPair  []int32   // [entries] index of the pair
	rest       float64   // the loss of positions without an earlier word
	entryFrom  []int32   // [positions] its first entry in the whole text
}

// whole lays out all positions of a text.
func (t *positions[F]) whole(V int) *ragged {
	n, entries := len(t.current), len(t.entryWord)
	r := &ragged{
		entryStart: make([]int32, 1, n+1), start: []int32{0}, at: make([]int32, 0, n),
		weight: make([]float64, 0, n), entryFrom: make([]int32, 0, n), entryPair: make([]int32, 0, entries),
	}
	r.pairs.reset()
	index := make([]int32, V) // of the pairs of the row, by earlier word
	for first := 0; first < n; {
		w, last := t.current[first], first
		for last < n && t.current[last] == w {
			last++
		}
		if words := t.entryWord[t.entryStart[first]:t.entryStart[last]]; len(words) > 0 {
			r.pairs.row(w)
			from := len(r.pairs.u)
			r.pairs.u = appendDistinct(r.pairs.u, words, index)
			for i, u := range r.pairs.u[from:] {
				index[u] = int32(from + i)
			}
			r.pairs.endRow()
			for i := first; i < last; i++ {
				addPosition(t, r, int32(i), t.weights[i], func(u int32) int32 { return index[u] })
			}
			for _, u := range r.pairs.u[from:] {
				index[u] = 0
			}
			r.start = append(r.start, int32(len(r.at)))
		}
		first = last
	}
	r.pairs.index(V)
	return r
}

// appendDistinct appends the distinct numbers of a list in ascending order. seen is
// zero at each of them, and one afterwards.
func appendDistinct(dst, list, seen []int32) []int32 {
	from := len(dst)
	for _, u := range list {
		if seen[u] == 0 {
			seen[u] = 1
			dst = append(dst, u)
		}
	}
	slices.Sort(dst[from:])
	return dst
}

// lay lays out the positions of a batch, in the memory of an earlier one.
func (t *positions[F]) lay(r *ragged, b *Batch, V int) {
	r.pairs.reset()
	r.start, r.at, r.weight = append(r.start[:0], 0), r.at[:0], r.weight[:0]
	r.entryStart, r.entryPair, r.entryFrom = append(r.entryStart[:0], 0), r.entryPair[:0], r.entryFrom[:0]
	for i, id := range b.Rows {
		if t.entryStart[id] == t.entryStart[id+1] {
			continue // it has no pair, and no part in the gradient
		}
		w := t.current[id]
		if n := len(r.pairs.words); n == 0 || r.pairs.words[n-1] != w {
			r.endRow()
			r.pairs.row(w)
		}
		addPosition(t, r, id, b.Weights[i], func(u int32) int32 {
			r.pairs.u = append(r.pairs.u, u)
			return int32(len(r.pairs.u) - 1)
		})
	}
	r.endRow()
	r.pairs.index(V)
}

// endRow ends the row under way, if there is one.
func (r *ragged) endRow() {
	if len(r.pairs.words) > len(r.start)-1 {
		r.pairs.endRow()
		r.start = append(r.start, int32(len(r.at)))
	}
}

// addPosition adds a position with its weight; pair gives the pair of an earlier
// word.
func addPosition[F kernel.Float](t *positions[F], r *ragged, id int32, weight float64, pair func(u int32) int32) {
	first, last := t.entryStart[id], t.entryStart[id+1]
	if first == last {
		return
	}
	r.at, r.weight, r.entryFrom = append(r.at, id), append(r.weight, weight), append(r.entryFrom, first)
	for e := first; e < last; e++ {
		r.entryPair = append(r.entryPair, pair(t.entryWord[e]))
	}
	r.entryStart = append(r.entryStart, int32(len(r.entryPair)))
}

// lonely returns the loss Σ −a ln P(y|w) of positions without an earlier word,
// which depends on nothing that is learned.
func (t *positions[F]) lonely(ids []int32, weights []float64) float64 {
	var loss float64
	for i, id := range ids {
		if t.entryStart[id] == t.entryStart[id+1] {
			loss -= weights[i] * math.Log(float64(t.base[id]))
		}
	}
	return loss
}
