package graph

import (
	"math"

	"qk/data"
)

// ragged holds the positions of a text by what they have in common, for the
// fused form of predict: nothing in it has V columns.
//
// A pair is a current word and one word that was ever seen before it; its score
// S[w,u] is one number however many positions it occurs at. The positions of a
// row are contiguous, and so are the entries of a position, one for each of its
// earlier words.
type ragged struct {
	pairs pairTable

	start      []int32   // [V+1] the positions of row w are start[w] … start[w+1]−1
	weight     []float64 // [positions] n/N
	base       []float64 // [positions] P(y|w) where the null slot takes part, else 0
	null       []float64 // [positions] 1 where the null slot takes part, else 0
	entryStart []int32   // [positions+1] the entries of a position
	entryPair  []int32   // [entries] index of the pair
	entryVote  []float64 // [entries] P(y|u,w)

	rest float64 // Σ −n/N ln P(y|w) over the positions without earlier words
}

// newRagged lays out the positions of a text. Positions without an earlier word
// have p = P(y|w) whatever the scores; their loss goes into rest.
func newRagged(c *data.Counts, null bool) *ragged {
	V := c.V()
	r := &ragged{start: make([]int32, V+1), entryStart: []int32{0}}
	r.pairs = newPairTable(V, func(w int) []int32 {
		columns := make([]int32, len(c.Pairs[w]))
		for i, p := range c.Pairs[w] {
			columns[i] = int32(p.Earlier)
		}
		return columns
	})
	for w := range V {
		first := r.pairs.start[w]
		index := make(map[data.Word]int32, len(c.Pairs[w]))
		for i, p := range c.Pairs[w] {
			index[p.Earlier] = first + int32(i)
		}
		for _, p := range c.PositionsOf(data.Word(w)) {
			r.add(c, p, null, index)
		}
		r.start[w+1] = int32(len(r.weight))
	}
	return r
}

// add lays out one position. index gives the pairs of its row.
func (r *ragged) add(c *data.Counts, p data.Position, null bool, index map[data.Word]int32) {
	weight := float64(p.N) / float64(c.Total)
	base := c.Transitions[p.Current].P(p.Next)
	if len(p.Earlier) == 0 {
		r.rest -= weight * math.Log(base)
		return
	}
	r.weight = append(r.weight, weight)
	if null {
		r.base, r.null = append(r.base, base), append(r.null, 1)
	} else {
		r.base, r.null = append(r.base, 0), append(r.null, 0)
	}
	for _, u := range p.Earlier {
		pair := index[u]
		r.entryPair = append(r.entryPair, pair)
		next := c.Pairs[p.Current][pair-r.pairs.start[p.Current]].Next
		r.entryVote = append(r.entryVote, next.P(p.Next))
	}
	r.entryStart = append(r.entryStart, int32(len(r.entryPair)))
}
