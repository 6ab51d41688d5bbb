package data

import (
	"cmp"
	"math"
	"slices"
)

// Candidate is an earlier word of a row and what the counts say of it.
type Candidate struct {
	Word Word
	// N is c2(u,w): at how many positions of w the word came earlier.
	N uint64
	// Class is the index in [MaskRow.Classes] of the words that the counts
	// cannot tell from this one.
	Class int
	// Informs is layer 1 of the counted mask, see [Informs].
	Informs bool
	// Divergence is layer 2 of the counted mask in nats, see [Divergence].
	Divergence float64
	// G is the statistic of [GTest], Degrees its degrees of freedom, which is what
	// G is on average where u tells nothing, and P the probability of so strong an
	// association by chance.
	G       float64
	Degrees int
	P       float64
}

// MaskRow is the counted mask of one current word.
type MaskRow struct {
	Word       Word
	N          uint64      // c1(w)
	Candidates []Candidate // in ascending order of the word
	// Classes groups the candidates that always occur together, see
	// [MaskRow.ClassSet].
	Classes [][]Word
	// Best is layer 3, the best mask by exhaustive search, or nil where the row
	// has more than [MaxExhaustive] candidates.
	Best *Best
}

// Masks is the counted mask of every word: one row for each current word.
type Masks struct {
	Rows []MaskRow // [V]
}

// NewMasks derives the counted mask of every row.
func NewMasks(c *Counts) *Masks {
	m := &Masks{Rows: make([]MaskRow, c.V())}
	eachWord(c.V(), func() func(Word) {
		return func(w Word) { m.Rows[w] = newMaskRow(c, w) }
	})
	return m
}

// Masks derives the counted mask of every row from smoothed counts: the divergence,
// layer 2, is KL(P̃(·|u,w) ‖ P̃(·|w)), which a rare pair cannot make large. Layer 1
// and the test of significance are about the counts as they are, and there is no
// layer 3.
func (s *Smoothing) Masks() *Masks {
	c := s.counts
	m := &Masks{Rows: make([]MaskRow, c.V())}
	eachWord(c.V(), func() func(Word) {
		q := make([]float64, c.V())
		return func(w Word) {
			row := unsearched(c, w)
			s.firstOrder(q, c.Transitions[w])
			for i, p := range c.Pairs[w] {
				row.Candidates[i].Divergence = newDivergence(p.Next, s.Kappa.Pair, q).nats()
			}
			m.Rows[w] = row
		}
	})
	return m
}

func newMaskRow(c *Counts, w Word) MaskRow {
	row := unsearched(c, w)
	row.Best = bestMask(c.PositionsOf(w), c.Pairs[w], row.Classes, c.Transitions[w])
	return row
}

// EachMaskRow derives the counted mask of every row, but for its third layer, and
// calls f with it, from several goroutines at a time. Nothing is kept.
func EachMaskRow(c *Counts, f func(MaskRow)) {
	eachWord(c.V(), func() func(Word) {
		return func(w Word) { f(unsearched(c, w)) }
	})
}

// unsearched derives the counted mask of one row but for its third layer, Best.
func unsearched(c *Counts, w Word) MaskRow {
	all, pairs, positions := c.Transitions[w], c.Pairs[w], c.PositionsOf(w)
	row := MaskRow{Word: w, N: all.Total, Classes: classes(positions, pairs)}
	if len(pairs) == 0 {
		return row
	}
	row.Candidates = make([]Candidate, 0, len(pairs))
	class := make(map[Word]int, len(pairs))
	for i, words := range row.Classes {
		for _, u := range words {
			class[u] = i
		}
	}
	for _, p := range pairs {
		g, degrees, chance := GTest(p.Next, all)
		row.Candidates = append(row.Candidates, Candidate{
			Word: p.Earlier, N: p.Next.Total, Class: class[p.Earlier],
			Informs: Informs(p.Next, all), Divergence: Divergence(p.Next, all),
			G: g, Degrees: degrees, P: chance,
		})
	}
	return row
}

// Support returns layer 1 of the row: the words that change what follows at
// all, in ascending order.
func (r MaskRow) Support() []Word {
	return r.where(func(c Candidate) bool { return c.Informs })
}

// Significant returns the words whose association with what follows would
// arise by chance with a probability of at most level, in ascending order.
func (r MaskRow) Significant(level float64) []Word {
	return r.where(func(c Candidate) bool { return c.Informs && c.P <= level })
}

func (r MaskRow) where(keep func(Candidate) bool) []Word {
	var words []Word
	for _, c := range r.Candidates {
		if keep(c) {
			words = append(words, c.Word)
		}
	}
	return words
}

// Candidate returns what the counts say of word u in this row, and whether u
// was ever seen before the row's word.
func (r MaskRow) Candidate(u Word) (Candidate, bool) {
	i, ok := slices.BinarySearchFunc(r.Candidates, u, func(c Candidate, u Word) int { return cmp.Compare(c.Word, u) })
	if !ok {
		return Candidate{}, false
	}
	return r.Candidates[i], true
}

// ClassSet returns the indices of the classes that any of the words belongs to,
// in ascending order. Words that are no candidates are left out.
func (r MaskRow) ClassSet(words []Word) []int {
	var set []int
	for i, class := range r.Classes {
		if slices.ContainsFunc(words, func(u Word) bool { return contains(class, u) }) {
			set = append(set, i)
		}
	}
	return set
}

// BestLoss returns the loss of the best masks of all rows in nats per position,
// and whether every row that has earlier words was small enough for the search.
// Without masks they are derived.
func (m *Masks) BestLoss(c *Counts) (loss float64, ok bool) {
	for _, pairs := range c.Pairs {
		if len(pairs) > MaxExhaustive {
			return math.NaN(), false
		}
	}
	if m == nil {
		m = NewMasks(c) // of small rows, all of them
	}
	for w, r := range m.Rows {
		if c.Transitions[w].Total > 0 {
			loss += r.Best.Loss
		}
	}
	return loss / float64(c.Total), true
}

// divergences appends the divergence of every candidate of row w; without masks
// they are derived.
func (m *Masks) divergences(dst []float64, c *Counts, w Word) []float64 {
	if m == nil {
		for _, p := range c.Pairs[w] {
			dst = append(dst, Divergence(p.Next, c.Transitions[w]))
		}
		return dst
	}
	for _, cand := range m.Rows[w].Candidates {
		dst = append(dst, cand.Divergence)
	}
	return dst
}

// wordsOf lists the words of a set of classes in ascending order.
func wordsOf(classes [][]Word, set uint32) []Word {
	var words []Word
	for i, class := range classes {
		if set&(1<<i) != 0 {
			words = append(words, class...)
		}
	}
	slices.Sort(words)
	return words
}

// contains tells whether a sorted slice has the word.
func contains(sorted []Word, w Word) bool {
	_, ok := slices.BinarySearch(sorted, w)
	return ok
}
