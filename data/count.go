package data

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"qk/data/text"
)

// Cell is one non-zero entry of a sparse row of counts.
type Cell struct {
	Word Word
	N    uint64
}

// Row is a sparse row of counts with its sum. Cells are sorted by word and hold
// no zero.
type Row struct {
	Total uint64
	Cells []Cell
}

// Count returns the count of word y.
func (r Row) Count(y Word) uint64 {
	from, to := 0, len(r.Cells) // by hand, as every vote is looked up here
	for from < to {
		if middle := int(uint(from+to) >> 1); r.Cells[middle].Word < y {
			from = middle + 1
		} else {
			to = middle
		}
	}
	if from == len(r.Cells) || r.Cells[from].Word != y {
		return 0
	}
	return r.Cells[from].N
}

// P returns the share of word y in the row, Count(y)/Total, and 0 in an empty
// row.
func (r Row) P(y Word) float64 {
	n := r.Count(y)
	if n == 0 {
		return 0
	}
	return float64(n) / float64(r.Total)
}

// Pair is what follows a current word when a certain word came earlier:
// c2(u,w,·) for one u and one w. Next.Total is c2(u,w).
type Pair struct {
	Earlier Word
	Next    Row
}

// Position is a place in the text at which the next word is to be predicted:
// the current word, the distinct earlier words in ascending order, the next
// word, and how many places of the text are like this.
type Position struct {
	Current Word
	Next    Word
	Earlier []Word
	N       uint64
	// Copies is how often the text holds the very sentence. It is 0 unless sentences
	// are held out; positions in sentences of different Copies are then distinct.
	Copies uint64
}

// Counts holds everything that is counted in a corpus, as integers.
type Counts struct {
	Corpus *Corpus
	// Context is L: how many words before the current one can be earlier words.
	Context int
	// Total is N, the number of positions.
	Total uint64
	// Transitions holds c1: row w is what follows w. It has V rows.
	Transitions []Row
	// Pairs holds c2: Pairs[w] lists the words that were ever seen before w, in
	// ascending order. It has V entries, or is nil where only transitions were
	// kept, see [CountTransitions].
	Pairs [][]Pair
	// PairCells is the number of entries of c2 that are not zero, kept or not.
	PairCells int

	positions []Position // sorted by current word, then earlier words, then next
	start     []int      // positions of w are positions[start[w]:start[w+1]]
}

// ErrNoTransitions says that no word of a corpus is followed by another.
var ErrNoTransitions = errors.New("no line has two words, so there is no transition to count: give a text with sentences, one a line, or mark the ends of the lines with --boundary")

// Count counts transitions and pair transitions. Earlier words are the distinct
// words among the last context words before the current one; the boundary is
// never one of them. The error of a context below 1 names the flag;
// [ErrNoTransitions] is returned (wrapped) when there is nothing to count.
//
// This is the counting of "Second order sequence model with skips" in
// "Transformers from Scratch", restricted to pairs whose second word is the
// current one.
func Count(corpus *Corpus, context int) (*Counts, error) {
	c, err := newCounts(corpus, context)
	if err != nil {
		return nil, err
	}
	V := corpus.Vocab.Len()
	c.Transitions, c.Pairs = make([]Row, V), make([][]Pair, V)
	positions, cells := make([][]Position, V), make([]int, V)
	words := newConcordance(corpus.Sentences, V)
	eachWord(V, func() func(Word) {
		k := rowCounter{c: c, sentences: corpus.Sentences, copies: len(corpus.HeldOut) > 0}
		return func(w Word) {
			positions[w] = k.positions(w, words.of(w))
			c.Transitions[w], c.Pairs[w], cells[w] = k.sum(positions[w])
		}
	})
	c.start = make([]int, V+1)
	for w, row := range positions {
		c.start[w+1] = c.start[w] + len(row)
		c.PairCells += cells[w]
	}
	c.positions = slices.Concat(positions...)
	return c, nil
}

// newCounts counts nothing but the positions.
func newCounts(corpus *Corpus, context int) (*Counts, error) {
	if context < 1 {
		return nil, fmt.Errorf("--context %d: an earlier word needs a context of at least 1", context)
	}
	c := &Counts{Corpus: corpus, Context: context}
	silent := corpus.Silent()
	for _, s := range corpus.Sentences {
		for i, w := range s.Words {
			if i+1 < len(s.Words) && w != silent {
				c.Total += s.N
			}
		}
	}
	if c.Total == 0 {
		return nil, fmt.Errorf("corpus %s: %w", text.DisplayName(corpus.Name), ErrNoTransitions)
	}
	return c, nil
}

// V returns the size of the vocabulary.
func (c *Counts) V() int { return c.Corpus.Vocab.Len() }

// Positions returns the distinct positions, sorted by current word, earlier
// words and next word. The slice must not be changed.
func (c *Counts) Positions() []Position { return c.positions }

// PositionsOf returns the distinct positions whose current word is w. The slice
// must not be changed.
func (c *Counts) PositionsOf(w Word) []Position { return c.positions[c.start[w]:c.start[w+1]] }

// Pair returns c2(u,w,·), and whether u was ever seen before w.
func (c *Counts) Pair(w, u Word) (Row, bool) {
	i, ok := slices.BinarySearchFunc(c.Pairs[w], u, func(p Pair, u Word) int { return cmp.Compare(p.Earlier, u) })
	if !ok {
		return Row{}, false
	}
	return c.Pairs[w][i].Next, true
}
