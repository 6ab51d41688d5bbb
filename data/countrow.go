package data

import (
	"cmp"
	"slices"
)

// rowCounter counts one row after the other, with buffers that it uses again.
type rowCounter struct {
	c         *Counts
	sentences []Sentence
	copies    bool       // set Position.Copies
	found     []Position // of the row, not merged yet
	words     []Word     // where their earlier words are
	next      []cell     // what follows
	pairs     []cell     // what follows each earlier word
}

// positions lists the positions of w, given where it occurs, equal ones merged,
// and sorts them.
func (k *rowCounter) positions(w Word, at []occurrence) []Position {
	k.found, k.words = k.found[:0], k.words[:0]
	silent := k.c.Corpus.Silent()
	if w == silent {
		return nil
	}
	for _, o := range at {
		s := k.sentences[o.sentence]
		window := s.Words[max(0, int(o.index)-k.c.Context):o.index]
		if cap(k.words)-len(k.words) < len(window) { // the earlier words so far stay where they are
			k.words = make([]Word, 0, 2*cap(k.words)+len(window))
		}
		earlier := EarlierWords(k.words[len(k.words):], window, k.c.Corpus.Boundary)
		earlier = without(earlier, silent)
		k.words = k.words[:len(k.words)+len(earlier)]
		p := Position{Current: w, Earlier: earlier, Next: s.Words[o.index+1], N: s.N}
		if k.copies {
			p.Copies = s.N
		}
		k.found = append(k.found, p)
	}
	slices.SortFunc(k.found, comparePositions)
	merged, words := k.found[:0], 0
	for _, p := range k.found {
		if last := len(merged) - 1; last >= 0 && comparePositions(merged[last], p) == 0 {
			merged[last].N += p.N
			continue
		}
		merged = append(merged, p)
		words += len(p.Earlier)
	}
	kept, own := slices.Clone(merged), make([]Word, 0, words)
	for i, p := range kept {
		first := len(own)
		own = append(own, p.Earlier...)
		kept[i].Earlier = own[first:len(own):len(own)]
	}
	return kept
}

// comparePositions orders the positions of a row.
func comparePositions(a, b Position) int {
	if c := compareWords(a.Earlier, b.Earlier); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Next, b.Next), cmp.Compare(a.Copies, b.Copies))
}

// sum adds up c1(w,·) and c2(·,w,·) from the positions of w, and returns how many
// entries c2 has.
func (k *rowCounter) sum(positions []Position) (transitions Row, pairs []Pair, cells int) {
	k.next, k.pairs = k.next[:0], k.pairs[:0]
	for _, p := range positions {
		k.next = append(k.next, cell{cellKey(0, p.Next), p.N})
		for _, u := range p.Earlier {
			k.pairs = append(k.pairs, cell{cellKey(u, p.Next), p.N})
		}
	}
	if rows, _ := sumCells(k.next); len(rows) > 0 {
		transitions = rows[0].Next
	}
	pairs, cells = sumCells(k.pairs)
	return transitions, pairs, cells
}

// cell is one observation of an earlier word and a next word in a row, see
// [cellKey], before equal ones are added up.
type cell struct {
	key uint64
	n   uint64
}

// cellKey packs an earlier and a next word into a number of the same order.
func cellKey(earlier, next Word) uint64 { return uint64(earlier)<<32 | uint64(next) }

// sumCells adds up equal observations, sorted by earlier word and next word, and
// returns how many different ones there are.
func sumCells(observed []cell) (pairs []Pair, cells int) {
	slices.SortFunc(observed, func(a, b cell) int { return cmp.Compare(a.key, b.key) })
	merged, earlier := observed[:0], 0
	for _, o := range observed {
		last := len(merged) - 1
		if last >= 0 && merged[last].key == o.key {
			merged[last].n += o.n
			continue
		}
		if last < 0 || merged[last].key>>32 != o.key>>32 {
			earlier++
		}
		merged = append(merged, o)
	}
	if len(merged) == 0 {
		return nil, 0
	}
	pairs = make([]Pair, 0, earlier)
	own := make([]Cell, 0, len(merged))
	for i, o := range merged {
		if i == 0 || o.key>>32 != merged[i-1].key>>32 {
			pairs = append(pairs, Pair{Earlier: Word(o.key >> 32)})
		}
		own = append(own, Cell{Word: Word(uint32(o.key)), N: o.n})
		row := &pairs[len(pairs)-1].Next
		row.Cells = own[len(own)-len(row.Cells)-1 : len(own) : len(own)]
		row.Total += o.n
	}
	return pairs, len(merged)
}
