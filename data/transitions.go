package data

import "slices"

// CountTransitions is [Count] for those who need c1 alone: neither the positions
// nor the pairs are kept, whose number grows with the context times the text.
// Pairs is nil, and PairCells is the same as after [Count].
func CountTransitions(corpus *Corpus, context int) (*Counts, error) {
	c, err := newCounts(corpus, context)
	if err != nil {
		return nil, err
	}
	V := corpus.Vocab.Len()
	c.Transitions = make([]Row, V)
	cells := make([]int, V)
	silent := corpus.Silent()
	words := newConcordance(corpus.Sentences, V)
	eachWord(V, func() func(Word) {
		var row []cell
		var keys []uint64
		var earlier []Word
		return func(w Word) {
			if w == silent {
				return
			}
			row, keys = row[:0], keys[:0]
			for _, at := range words.of(w) {
				s := corpus.Sentences[at.sentence]
				y := s.Words[at.index+1]
				row = append(row, cell{cellKey(0, y), s.N})
				earlier = EarlierWords(earlier[:0], s.Words[max(0, int(at.index)-context):at.index], corpus.Boundary)
				earlier = without(earlier, silent)
				for _, u := range earlier {
					keys = append(keys, cellKey(u, y))
				}
			}
			if rows, _ := sumCells(row); len(rows) > 0 {
				c.Transitions[w] = rows[0].Next
			}
			cells[w] = distinct(keys)
		}
	})
	for _, n := range cells {
		c.PairCells += n
	}
	return c, nil
}

// distinct sorts numbers and returns how many different ones there are.
func distinct(keys []uint64) int {
	slices.Sort(keys)
	n := 0
	for i, k := range keys {
		if i == 0 || k != keys[i-1] {
			n++
		}
	}
	return n
}
