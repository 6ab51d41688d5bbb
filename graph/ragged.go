package graph

import (
	"math"

	"qk/data"
)

// ragged holds the positions of a text by what they have in common, for the
// fused form of predict: nothing in it has V columns.
//
// A pair is a current word and one word that was ever seen before it; its score
// S[w,u] is one number however many positions it occurs at. The pairs of a row
// are contiguous, and so are the positions of a row and the entries of a
// position, one for each of its earlier words.
type ragged struct {
	pairStart []int32 // [V+1] the pairs of row w are pairStart[w] … pairStart[w+1]−1
	pairU     []int32 // [pairs] the earlier word

	positionStart []int32   // [V+1] the positions of row w
	weight        []float64 // [positions] n/N
	base          []float64 // [positions] P(y|w) where the null slot takes part, else 0
	null          []float64 // [positions] 1 where the null slot takes part, else 0
	entryStart    []int32   // [positions+1] the entries of a position
	entryPair     []int32   // [entries] index of the pair
	entryVote     []float64 // [entries] P(y|u,w)

	columnStart []int32 // [V+1] the pairs of column u are columnPair[columnStart[u] …]
	columnPair  []int32 // [pairs] indices of pairs, by u and then by w
	pairW       []int32 // [pairs] the current word

	rest float64 // Σ −n/N ln P(y|w) over the positions without earlier words
}

// newRagged lays out the positions of a text. Positions without an earlier word
// have p = P(y|w) whatever the scores; their loss goes into rest.
func newRagged(c *data.Counts, null bool) *ragged {
	V := c.V()
	r := &ragged{pairStart: make([]int32, V+1), positionStart: make([]int32, V+1), columnStart: make([]int32, V+1), entryStart: []int32{0}}
	for w := range V {
		first := int32(len(r.pairU))
		index := make(map[data.Word]int32, len(c.Pairs[w]))
		for i, p := range c.Pairs[w] {
			index[p.Earlier] = first + int32(i)
			r.pairU = append(r.pairU, int32(p.Earlier))
			r.pairW = append(r.pairW, int32(w))
		}
		for _, p := range c.PositionsOf(data.Word(w)) {
			r.add(c, p, null, index)
		}
		r.pairStart[w+1] = int32(len(r.pairU))
		r.positionStart[w+1] = int32(len(r.weight))
	}
	r.transpose(V)
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
		next := c.Pairs[p.Current][pair-r.pairStart[p.Current]].Next
		r.entryVote = append(r.entryVote, next.P(p.Next))
	}
	r.entryStart = append(r.entryStart, int32(len(r.entryPair)))
}

// transpose lists the pairs by earlier word, with a counting sort.
func (r *ragged) transpose(V int) {
	for _, u := range r.pairU {
		r.columnStart[u+1]++
	}
	for u := range V {
		r.columnStart[u+1] += r.columnStart[u]
	}
	at := append([]int32(nil), r.columnStart...)
	r.columnPair = make([]int32, len(r.pairU))
	for pair, u := range r.pairU {
		r.columnPair[at[u]] = int32(pair)
		at[u]++
	}
}
