package tally

import "encoding/binary"

// segment is a part of the text as numbers of the vocabulary: the whole text, or as
// much of it as fits into memory.
type segment[W number] struct {
	shape
	n      int // words, with the ends of sentences
	blocks [][]W
	shares []int      // worker j works on words shares[j] to shares[j+1]
	counts [][]uint32 // by worker: how often its share holds each word
}

// each visits the words from a to b in runs, each with the words that come one place
// after it.
func (s *segment[W]) each(a, b int, visit func(at int, run, after []W)) {
	for a < b {
		o := a & (1<<s.shift - 1)
		n := min(b-a, 1<<s.shift-o)
		run := s.blocks[a>>s.shift][s.halo+o : s.halo+o+n+1]
		visit(a, run[:n], run[1:])
		a += n
	}
}

// load makes a segment of the pieces from a to b of a stream. The blocks of a stream
// in memory become those of the segment where they have the same shape and the numbers
// the same width.
func load[W number](s *stream, v *vocabulary, to shape, a, b, workers int) (*segment[W], error) {
	pieces := s.pieces[a:b]
	first := pieces[0].start
	last := pieces[len(pieces)-1]
	g := &segment[W]{shape: to, n: int(last.start + int64(last.n) - first), counts: make([][]uint32, workers)}
	if same, ok := any(s.blocks).([][]W); ok && s.file == nil && to == s.shape && len(pieces) == len(s.pieces) {
		g.blocks = same
	} else {
		g.blocks = make([][]W, blocksFor(int64(g.n), to.shift))
		for i := range g.blocks {
			g.blocks[i] = make([]W, to.halo+1<<to.shift+1)
		}
	}
	shares := sharedOut(pieces, workers)
	errs := make([]error, workers)
	inParallel(workers, func(j int) {
		r := renumberer[W]{from: s, to: g, v: v, counts: make([]uint32, len(v.words))}
		for i := shares[j]; i < shares[j+1] && errs[j] == nil; i++ {
			errs[j] = r.piece(pieces[i], int(pieces[i].start-first))
		}
		g.counts[j] = r.counts
	})
	for j, i := range shares {
		at := g.n
		if i < len(pieces) {
			at = int(pieces[i].start - first)
		}
		g.shares = append(g.shares, at)
		if j < workers && errs[j] != nil {
			return nil, errs[j]
		}
	}
	if len(pieces) == len(s.pieces) {
		s.blocks = nil
	}
	g.join()
	before, err := wordsBefore[W](s, v, a, to.halo)
	if err != nil {
		return nil, err
	}
	fillEnd(g.blocks[0][:to.halo-len(before)])
	copy(g.blocks[0][to.halo-len(before):], before)
	next := endOf[W]()
	if b < len(s.pieces) && s.pieces[b].first != lineEnd32 {
		next = W(v.numbers[s.pieces[b].lexicon][s.pieces[b].first])
	}
	end := g.blocks[len(g.blocks)-1]
	end[to.halo+(g.n-1)&(1<<to.shift-1)+1] = next
	return g, nil
}

const lineEnd32 = 1<<32 - 1 // [text.EndOfSentence]

// sharedOut gives every worker pieces of about as many words: worker j those from
// j to j+1.
func sharedOut(pieces []piece, workers int) []int {
	var all, sum int64
	for _, p := range pieces {
		all += int64(p.n)
	}
	shares := []int{0}
	for i, p := range pieces {
		sum += int64(p.n)
		for len(shares) < workers && sum >= all*int64(len(shares))/int64(workers) {
			shares = append(shares, i+1)
		}
	}
	for len(shares) <= workers {
		shares = append(shares, len(pieces))
	}
	return shares
}

// join copies the words before and after every block.
func (s *segment[W]) join() {
	for i := 1; i < len(s.blocks); i++ {
		before, block := s.blocks[i-1], s.blocks[i]
		copy(block[:s.halo], before[1<<s.shift:])
		before[s.halo+1<<s.shift] = block[s.halo]
	}
}

func fillEnd[W number](words []W) {
	for i := range words {
		words[i] = endOf[W]()
	}
}

// wordsBefore returns the n words before piece a, or as many as there are.
func wordsBefore[W number](s *stream, v *vocabulary, a, n int) ([]W, error) {
	var before []W
	for a--; a >= 0 && len(before) < n; a-- {
		p := s.pieces[a]
		g := &segment[W]{shape: s.shape}
		words := make([]W, p.n)
		r := renumberer[W]{from: s, to: g, v: v, counts: make([]uint32, len(v.words)), into: words}
		if err := r.piece(p, 0); err != nil {
			return nil, err
		}
		before = append(words, before...)
	}
	return before[max(0, len(before)-n):], nil
}

// renumberer turns numbers of lexicons into numbers of the vocabulary.
type renumberer[W number] struct {
	from   *stream
	to     *segment[W]
	v      *vocabulary
	counts []uint32
	into   []W // in place of a segment, if not nil
	buffer []byte
}

// piece writes a piece into the segment, at a place.
func (r *renumberer[W]) piece(p piece, at int) error {
	numbers := r.v.numbers[p.lexicon]
	if r.from.file == nil {
		large := p.wide
		r.from.eachRun(p, func(i int, run []uint16) {
			for len(run) > 0 {
				to := r.place(at+i, len(run))
				large = renumber(to, run[:len(to)], numbers, large, r.counts)
				run, i = run[len(to):], i+len(to)
			}
		})
		return nil
	}
	words, large, buffer, err := r.from.read(p, r.buffer)
	r.buffer = buffer
	for i := 0; i < p.n && err == nil; {
		var some [1 << 10]uint16
		to := r.place(at+i, min(p.n-i, len(some)))
		for k := range to {
			some[k] = binary.LittleEndian.Uint16(words[2*(i+k):])
		}
		large = renumber(to, some[:len(to)], numbers, large, r.counts)
		i += len(to)
	}
	return err
}

// place returns the place of at most n words from a place in the segment on.
func (r *renumberer[W]) place(at, n int) []W {
	if r.into != nil {
		return r.into[at : at+n]
	}
	o := at & (1<<r.to.shift - 1)
	n = min(n, 1<<r.to.shift-o)
	o += r.to.halo
	return r.to.blocks[at>>r.to.shift][o : o+n]
}

// renumber writes numbers of the vocabulary, counts them, and returns the large ones
// that are left. Both may be the same memory.
func renumber[W number](to []W, from []uint16, numbers []uint32, large []uint32, counts []uint32) []uint32 {
	to = to[:len(from)]
	for i, x := range from {
		id := uint32(x)
		if x >= wide {
			if x == lineEnd {
				to[i] = endOf[W]()
				continue
			}
			id = large[0]
			large = large[1:]
		}
		w := numbers[id]
		counts[w]++
		to[i] = W(w)
	}
	return large
}
