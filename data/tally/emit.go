package tally

// rows writes the rows of sorted groups: it counts how often each earlier word is in
// its group. Equal ones are next to each other; where a count ends, the place of the
// last one is noted, and the differences of these are the counts. So nothing hangs on
// a branch that cannot be foretold.
func (k *worker[W, K]) rows(groups int, to *columns) {
	if groups == 0 {
		return
	}
	row, start := to.room(3, int(k.groups[groups-1].end)), uint32(0)
	ws, ys, us, count := to.keys[0], to.keys[1], to.keys[2], to.count
	for g := range k.groups[:groups] {
		group := &k.groups[g]
		if start == group.end {
			continue
		}
		begin := row
		words := k.earlier[start:group.end]
		last := words[0]
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
		for i := begin; i < row; i++ {
			ys[i] = group.y
		}
		start = group.end
	}
	to.n = row
}

// one counts the earlier words of a group that is too large to be sorted: every word
// has a counter.
func (k *worker[W, K]) one(positions []uint32, unit int, g group, to *columns) {
	k.tellAll(positions, unit, k.tell)
	row := to.room(3, len(k.seen))
	for u := range k.seen {
		n := k.seen[u].n
		if n == 0 {
			continue
		}
		k.seen[u].n = 0
		to.keys[0][row], to.keys[1][row], to.keys[2][row], to.count[row] = g.w, g.y, int32(u), int64(n)
		row++
	}
	to.n = row
}

// word counts the earlier words of the positions of word w, whatever comes next.
// There are fewer of them than observations by far, so it is not worth to sort
// these.
func (k *worker[W, K]) word(w int32, positions []uint32, unit int, to *columns) {
	if len(positions)*k.context > 2*k.words {
		k.tellAll(positions, unit, k.tell)
		k.ys = k.ys[:0]
		for u := range k.seen {
			if k.seen[u].n > 0 {
				k.ys = append(k.ys, W(u))
			}
		}
	} else {
		k.tellAll(positions, unit, k.tellOf)
		k.ys = drain(k.some, k.ys[:0])
	}
	row := to.room(2, len(k.ys))
	ws, us, count := to.keys[0][row:], to.keys[1][row:], to.count[row:]
	for i, u := range k.ys {
		ws[i], us[i], count[i] = w, int32(u), int64(k.seen[u].n)
		k.seen[u].n = 0
	}
	to.n += len(k.ys)
}

// tellAll tells the windows of those positions that have a next word.
func (k *worker[W, K]) tellAll(positions []uint32, unit int, tell func(window []W)) {
	width := k.halo + 2
	for len(positions) > 0 {
		n := min(len(positions), unit)
		windows := k.gather(positions[:n])
		positions = positions[n:]
		for i := 0; i < len(windows); i += width {
			window := windows[i : i+width]
			if _, ok := k.next(window[width-1]); ok {
				tell(window)
			}
		}
	}
}

// tell counts the distinct earlier words of a window.
func (k *worker[W, K]) tell(window []W) {
	id, seen := k.position(), k.seen
	last := k.halo - k.context
	for q := k.halo - 1; q >= last; q-- {
		u := window[q]
		if u == endOf[W]() {
			break
		}
		e := &seen[u]
		e.n += uint32((uint64(e.id^id) + 1<<32 - 1) >> 32)
		e.id = id
	}
}

// tellOf is tell, and notes which words they are.
func (k *worker[W, K]) tellOf(window []W) {
	id, seen := k.position(), k.seen
	last := k.halo - k.context
	for q := k.halo - 1; q >= last; q-- {
		u := window[q]
		if u == endOf[W]() {
			break
		}
		e := &seen[u]
		e.n += uint32((uint64(e.id^id) + 1<<32 - 1) >> 32)
		e.id = id
		k.some.add(uint(u))
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
