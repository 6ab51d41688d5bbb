package data

import (
	"cmp"
	"fmt"
	"slices"
)

// Places are the positions of some sentences: of the text that was counted, or of
// one that was kept apart from it.
type Places struct {
	// Total is the number of positions.
	Total uint64

	sentences []Sentence
	positions []Position // sorted as in [Counts.Positions]
	start     []int      // [V+1] positions of w are positions[start[w]:start[w+1]]
	ids       []int32    // of every position of the sentences, one after the other: the index in positions
}

// Places returns the positions that were counted.
func (c *Counts) Places() *Places {
	return &Places{Total: c.Total, sentences: c.Corpus.Sentences, positions: c.positions, start: c.start}
}

// PlacesOf finds the positions of sentences that were not counted, of the same
// corpus, in the same context. It is an error if there are none; part names them
// in it.
func (c *Counts) PlacesOf(sentences []Sentence, part Part) (*Places, error) {
	V := c.V()
	p := &Places{sentences: sentences, start: make([]int, V+1)}
	words := newConcordance(sentences, V)
	rows, ids := make([][]Position, V), make([]int32, len(words.all)) // ids by occurrence, in the row at first
	eachWord(V, func() func(Word) {
		k := rowCounter{c: c, sentences: sentences}
		var earlier []Word
		return func(w Word) {
			rows[w] = k.positions(w, words.of(w))
			for i, o := range words.of(w) {
				s := sentences[o.sentence].Words
				earlier = EarlierWords(earlier[:0], s[max(0, int(o.index)-c.Context):o.index], c.Corpus.Boundary)
				at, _ := slices.BinarySearchFunc(rows[w], s[o.index+1], func(p Position, next Word) int {
					return cmp.Or(compareWords(p.Earlier, earlier), cmp.Compare(p.Next, next))
				})
				ids[words.start[w]+i] = int32(at)
			}
		}
	})
	for w, row := range rows {
		p.start[w+1] = p.start[w] + len(row)
	}
	p.positions = slices.Concat(rows...)
	for _, x := range p.positions {
		p.Total += x.N
	}
	if p.Total == 0 {
		return nil, fmt.Errorf("the %s sentences hold no transition: %w", part, ErrNoTransitions)
	}
	first := make([]int, len(sentences)) // where the positions of a sentence begin
	for i, s := range sentences[:len(sentences)-1] {
		first[i+1] = first[i] + max(0, len(s.Words)-1)
	}
	p.ids = make([]int32, len(words.all))
	for w := range V {
		for i, o := range words.of(Word(w)) {
			p.ids[first[o.sentence]+int(o.index)] = int32(p.start[w]) + ids[words.start[w]+i]
		}
	}
	return p, nil
}

// Sentences returns how many sentences there are, equal ones counted each time.
func (p *Places) Sentences() uint64 { return lines(p.sentences) }

// Len returns the number of distinct positions.
func (p *Places) Len() int { return len(p.positions) }

// bySentence adds up a number of every distinct position, such as its loss, by
// sentence, once for each of the equal ones.
func (p *Places) bySentence(x []float64) []float64 {
	sums := make([]float64, len(p.sentences))
	rest := p.ids
	for i, s := range p.sentences {
		n := max(0, len(s.Words)-1)
		for _, id := range rest[:n] {
			sums[i] += x[id]
		}
		sums[i] *= float64(s.N)
		rest = rest[n:]
	}
	return sums
}
