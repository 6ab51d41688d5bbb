package tally

// pairs writes the rows of sorted groups, with the next word as second key.
func (k *worker[W, K]) pairs(groups int, to *columns) {
	k.rows(groups, to, 3)
}

// rows counts how often each earlier word is in its group. Equal ones are next to
// each other; where a count ends, the place of the last one is noted, and the
// differences of these are the counts. So nothing hangs on a branch that cannot be
// foretold.
func (k *worker[W, K]) rows(groups int, to *columns, keys int) {
	if groups == 0 {
		return
	}
	first := to.room(keys, int(k.groups[groups-1].end))
	row, start := first, uint32(0)
	ws, us, count := to.keys[0], to.keys[keys-1], to.count
	for g := range k.groups[:groups] {
		group := &k.groups[g]
		if start == group.end {
			continue
		}
		begin := row
		words := k.earlier[start:group.end]
		last := words[0]
		us[row] = int32(last)
		for i, u := range words {
			row += int((uint64(u^last) + 1<<32 - 1) >> 32)
			us[row] = int32(u)
			count[row] = int64(i + 1)
			last = u
		}
		row++
		for i := row - 1; i > begin; i-- {
			count[i] -= count[i-1]
		}
		for i := begin; i < row; i++ {
			ws[i] = group.w
		}
		if keys == 3 {
			ys := to.keys[1]
			for i := begin; i < row; i++ {
				ys[i] = group.y
			}
		}
		start = group.end
	}
	to.n = row
}

// one counts a group that is too large to be sorted: every word has a counter.
func (k *worker[W, K]) one(positions []uint32, unit int, g group, to *columns, keys int) {
	width := k.seg.halo + 2
	for len(positions) > 0 {
		n := min(len(positions), unit)
		windows := k.gather(positions[:n])
		positions = positions[n:]
		for i := 0; i < len(windows); i += width {
			window := windows[i : i+width]
			if _, ok := k.next(window[width-1]); ok {
				k.tell(window)
			}
		}
	}
	row := to.room(keys, len(k.seen))
	for u := range k.seen {
		n := k.seen[u].n
		if n == 0 {
			continue
		}
		k.seen[u].n = 0
		to.keys[0][row], to.keys[keys-1][row], to.count[row] = g.w, int32(u), int64(n)
		if keys == 3 {
			to.keys[1][row] = g.y
		}
		row++
	}
	to.n = row
}

// tell counts the distinct earlier words of a window.
func (k *worker[W, K]) tell(window []W) {
	id, seen := k.position(), k.seen
	last := k.seg.halo - k.context
	for q := k.seg.halo - 1; q >= last; q-- {
		u := window[q]
		if u == endOf[W]() {
			break
		}
		e := &seen[u]
		e.n += uint32((uint64(e.id^id) + 1<<32 - 1) >> 32)
		e.id = id
	}
}

// transitions counts the next words of word w.
func (k *worker[W, K]) transitions(w int, next []W, to *columns) (n int64) {
	for _, y := range next {
		if y, ok := k.next(y); ok {
			k.nexts[y]++
			k.some.add(uint(y))
		}
	}
	k.ys = drain(k.some, k.ys[:0])
	for _, y := range k.ys {
		n += int64(k.nexts[y])
		to.add2(int32(w), int32(y), int64(k.nexts[y]))
		k.nexts[y] = 0
	}
	return n
}
