package data

import (
	"cmp"
	"slices"
)

// Vote is what the voters together say for one next word.
type Vote struct {
	Word  Word
	Sum   float64 // Σ weight·P(y|u,w) over the voters
	Share float64 // Sum over the sum of all weights, the predicted p(y)
}

// Votes lets the earlier words vote for the word after w: each casts its
// P(·|u,w), times weight(u), and the null slot casts P(·|w), times null. Words
// that were never seen before w have no vote and are returned as silent. The
// votes are sorted by share, then by word; words without any vote are left
// out. When nobody has a vote, P(·|w) is returned, as in an empty mask.
//
// With all weights 1 and no null slot this is the plain vote of "Second order
// sequence model with skips" in "Transformers from Scratch"; with weights of a
// mask it is the vote after masking.
func (c *Counts) Votes(w Word, earlier []Word, weight func(u Word) float64, null float64) (votes []Vote, silent []Word) {
	sums := map[Word]float64{}
	total := 0.0
	cast := func(row Row, weight float64) {
		if weight == 0 {
			return
		}
		total += weight
		for _, cell := range row.Cells {
			sums[cell.Word] += weight * float64(cell.N) / float64(row.Total)
		}
	}
	cast(c.Transitions[w], null)
	for _, u := range earlier {
		pair, ok := c.Pair(w, u)
		if !ok {
			silent = append(silent, u)
			continue
		}
		cast(pair, weight(u))
	}
	if total == 0 {
		cast(c.Transitions[w], 1)
	}
	for y, sum := range sums {
		votes = append(votes, Vote{Word: y, Sum: sum, Share: sum / total})
	}
	sortVotes(votes)
	return votes, silent
}

func sortVotes(votes []Vote) {
	slices.SortFunc(votes, func(a, b Vote) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Word, b.Word))
	})
}

// Votes is [Counts.Votes] with smoothed votes, which every word of the vocabulary
// gets a share of. The vote of a word that was never seen before w is P̃(·|w).
func (s *Smoothing) Votes(w Word, earlier []Word, weight func(u Word) float64, null float64) (votes []Vote, silent []Word) {
	c := s.counts
	base, sums := make([]float64, c.V()), make([]float64, c.V())
	for y := range base {
		base[y] = s.first(c.Transitions[w], Word(y), 0)
	}
	total := 0.0
	cast := func(row Row, weight float64) {
		total += weight
		each := weight / (float64(row.Total) + s.Kappa.Pair)
		for y, p := range base {
			sums[y] += each * s.Kappa.Pair * p
		}
		for _, cell := range row.Cells {
			sums[cell.Word] += each * float64(cell.N)
		}
	}
	cast(Row{}, null)
	for _, u := range earlier {
		pair, ok := c.Pair(w, u)
		if !ok {
			silent = append(silent, u)
		}
		cast(pair, weight(u))
	}
	if total == 0 {
		cast(Row{}, 1)
	}
	for y, sum := range sums {
		votes = append(votes, Vote{Word: Word(y), Sum: sum, Share: sum / total})
	}
	sortVotes(votes)
	return votes, silent
}

// Earlier returns the distinct earlier words of the last word of a text, as
// [Count] would see them, in ascending order, and that last word. ok is false
// for an empty text.
func (c *Counts) Earlier(text []Word) (earlier []Word, current Word, ok bool) {
	if len(text) == 0 {
		return nil, 0, false
	}
	last := len(text) - 1
	return EarlierWords(nil, text[max(0, last-c.Context):last], c.Corpus.Boundary), text[last], true
}

// Sentence returns the beginning of a sentence of the corpus that ends in the
// given position: the words up to and with the current one, without the
// boundary. ok is false if there is none.
func (c *Counts) Sentence(p Position) (words []Word, ok bool) {
	var earlier []Word
	for _, s := range c.Corpus.Sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			if s.Words[i] != p.Current || s.Words[i+1] != p.Next {
				continue
			}
			earlier = EarlierWords(earlier[:0], s.Words[max(0, i-c.Context):i], c.Corpus.Boundary)
			if compareWords(earlier, p.Earlier) != 0 {
				continue
			}
			for _, w := range s.Words[:i+1] {
				if w != c.Corpus.Boundary {
					words = append(words, w)
				}
			}
			return words, true
		}
	}
	return nil, false
}
