package tally

// key is the group of an observation and its earlier word, in twice the bits of a
// word.
type key interface{ uint32 | uint64 }

// worker counts the next words and the earlier words of positions.
type worker[W number, K key] struct {
	seg      *segment[W]
	context  int // L
	halo     int // words of a window before its word, of which the last L matter
	words    int // V
	boundary int // as in vocabulary
	bits     int // of a word

	windows []W     // of some positions: context, word, next word
	seen    []entry // by word
	id      uint32  // of the position at hand

	nexts []uint32 // by next word
	some  *set     // of next words or earlier words
	ys    []W

	keys, spare []K
	cursors     []uint32 // by word
	groups      []group
	earlier     []W // of all groups, one after the other
}

// entry is what is known of an earlier word.
type entry struct {
	id uint32 // the last position before which it was seen
	n  uint32 // how often it was seen
}

// group is the positions with the same current word w and the same next word y.
type group struct {
	w, y int32
	n    uint32 // positions
	end  uint32 // of its earlier words
}

func newWorker[W number, K key](seg *segment[W], v *vocabulary, context, unit int) *worker[W, K] {
	k := &worker[W, K]{
		seg: seg, context: context, halo: haloFor(context), words: len(v.words), boundary: v.boundary,
		nexts: make([]uint32, len(v.words)), some: newSet(len(v.words)),
	}
	for 1<<k.bits < k.words {
		k.bits++
	}
	if context > 0 {
		k.seen = make([]entry, len(v.words))
		k.cursors = make([]uint32, max(len(v.words), 1<<digit))
		k.windows = make([]W, unit*(k.halo+2))
		k.keys, k.spare = make([]K, unit*context+1), make([]K, unit*context+1)
		k.earlier = make([]W, unit*context+1)
		k.groups = make([]group, unit)
	}
	return k
}

// gather copies the windows of positions. They are all over the text, so the loads
// have to be many at a time.
func (k *worker[W, K]) gather(positions []uint32) []W {
	blocks, shift, width := k.seg.blocks, k.seg.shift, k.halo+2
	mask, skip := uint32(1<<shift-1), uint32(k.seg.halo-k.halo)
	windows := k.windows[:len(positions)*width]
	switch width {
	case 10:
		for i, p := range positions {
			window := [10]W(blocks[p>>shift][p&mask+skip:])
			*(*[10]W)(windows[i*10:]) = window
		}
	case 18:
		for i, p := range positions {
			window := [18]W(blocks[p>>shift][p&mask+skip:])
			*(*[18]W)(windows[i*18:]) = window
		}
	default:
		for i, p := range positions {
			copy(windows[i*width:], blocks[p>>shift][p&mask+skip:][:width])
		}
	}
	return windows
}

// next returns the next word of a window, and whether there is one.
func (k *worker[W, K]) next(y W) (int, bool) {
	if y != endOf[W]() {
		return int(y), true
	}
	return k.boundary, k.boundary >= 0
}

// position starts a new position.
func (k *worker[W, K]) position() uint32 {
	k.id++
	if k.id == 0 { // after 2^32: what is noted of older ones would be mistaken for it
		for u := range k.seen {
			k.seen[u].id = 0
		}
		k.id = 1
	}
	return k.id
}

// byNext makes groups of the positions of word w by their next word, and has their
// earlier words follow the n keys and groups that there are.
func (k *worker[W, K]) byNext(w int32, windows []W, groups, n int) (int, int) {
	width := k.halo + 2
	for i := width - 1; i < len(windows); i += width {
		if y, ok := k.next(windows[i]); ok {
			k.nexts[y]++
			k.some.add(uint(y))
		}
	}
	k.ys = drain(k.some, k.ys[:0])
	for i, y := range k.ys {
		k.groups[groups+i] = group{w: w, y: int32(y), n: k.nexts[y]}
		k.nexts[y] = uint32(groups + i)
	}
	for i := 0; i < len(windows); i += width {
		window := windows[i : i+width]
		if y, ok := k.next(window[width-1]); ok {
			n = k.observe(window, k.nexts[y], n)
		}
	}
	for _, y := range k.ys {
		k.nexts[y] = 0
	}
	return groups + len(k.ys), n
}

// observe writes the keys of the distinct earlier words of a window behind the n
// keys that there are, and returns how many there are now.
func (k *worker[W, K]) observe(window []W, group uint32, n int) int {
	id, seen, keys, before := k.position(), k.seen, k.keys, n
	high := K(group) << k.bits
	last := k.halo - k.context
	for q := k.halo - 1; q >= last; q-- {
		u := window[q]
		if u == endOf[W]() {
			break
		}
		// Without a branch: a word that was seen already is written over by the next.
		e := &seen[u]
		keys[n] = high | K(u)
		isNew := (uint64(e.id^id) + 1<<32 - 1) >> 32
		e.id = id
		e.n += uint32(isNew)
		n += int(isNew)
	}
	k.groups[group].end += uint32(n - before)
	return n
}

// sort puts the earlier words of every group into ascending order: it sorts all keys
// by word, and then deals them out to their groups.
func (k *worker[W, K]) sort(groups, n int) {
	keys := k.byDigit(n)
	at := uint32(0)
	for g := range k.groups[:groups] {
		at, k.groups[g].end = at+k.groups[g].end, at
	}
	earlier, bits, list := k.earlier, k.bits, k.groups[:groups]
	for _, x := range keys {
		g := &list[x>>bits]
		earlier[g.end] = W(x & (1<<bits - 1))
		g.end++
	}
}

// digit is how many bits are sorted at a time where there are few keys.
const digit = 8

// byDigit sorts the first n keys by their words. It is a radix sort, and where there
// are enough keys, one with a digit as large as the vocabulary.
func (k *worker[W, K]) byDigit(n int) []K {
	keys, to := k.keys[:n], k.spare[:n]
	if n >= k.words/4 {
		at := uint32(0)
		cursors := k.cursors[:len(k.seen)]
		for u := range k.seen {
			cursors[u] = at
			at += k.seen[u].n
			k.seen[u].n = 0
		}
		mask := K(1)<<k.bits - 1
		for _, x := range keys {
			u := x & mask
			to[cursors[u]] = x
			cursors[u]++
		}
		return to
	}
	for _, x := range keys {
		k.seen[x&(1<<k.bits-1)].n = 0
	}
	for shift := 0; shift < k.bits; shift += digit {
		counts := k.cursors[:1<<digit]
		clear(counts)
		for _, x := range keys {
			counts[x>>shift&(1<<digit-1)]++
		}
		at := uint32(0)
		for d, c := range counts {
			counts[d] = at
			at += c
		}
		for _, x := range keys {
			d := x >> shift & (1<<digit - 1)
			to[counts[d]] = x
			counts[d]++
		}
		keys, to = to, keys
	}
	return keys
}
