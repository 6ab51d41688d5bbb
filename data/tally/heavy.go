package tally

// heavy is a bucket with more positions than a worker works on at a time.
type heavy struct {
	bucket int
	units  []unit
}

// split makes units of the buckets from a to b. Those that are too large for one are
// sorted by the next word, so that they can be split.
func (e *engine[W, K]) split(a, b int) {
	var large []heavy
	for i := a; i < b; i++ {
		if at, end := e.ranged.of(i); end-at > e.plan.unit {
			large = append(large, heavy{bucket: i})
		}
	}
	jobs := make(chan *heavy, len(large))
	for i := range large {
		jobs <- &large[i]
	}
	close(jobs)
	inParallel(len(e.workers), func(j int) {
		for h := range jobs {
			e.splitOne(e.workers[j], h)
		}
	})
	e.units = e.units[:0]
	for _, h := range large {
		e.addBatches(a, h.bucket, e.plan.unit)
		e.units = append(e.units, h.units...)
		a = h.bucket + 1
	}
	e.addBatches(a, b, e.plan.unit)
}

// splitOne makes units of the positions in a bucket: one for every next word with so
// many of them that every earlier word is worth a counter, and some for the others.
func (e *engine[W, K]) splitOne(k *worker[W, K], h *heavy) {
	from, to := e.ranged.of(h.bucket)
	at, end := from, from // of the next unit
	add := func(one bool, y int) {
		if end > at {
			h.units = append(h.units, unit{a: h.bucket, b: h.bucket + 1, at: at, end: end, one: one, y: int32(y)})
		}
		at = end
	}
	if a, b := e.ranged.buckets.next(h.bucket); a == b {
		return // they have no next word
	} else if b == a+1 {
		end = to
		add(true, a)
		return
	}
	k.sortByNext(e.ranged.at[from:to])
	for _, y := range k.ys {
		n := int(k.nexts[y])
		k.nexts[y] = 0
		if n > e.plan.unit || n*e.context > len(e.v.words) {
			add(false, 0)
			end += n
			add(true, int(y))
			continue
		}
		if end+n-at > e.plan.unit {
			add(false, 0)
		}
		end += n
	}
	add(false, 0)
}

// sortByNext sorts positions of one word by their next word, puts those that have none
// last, and leaves the next words and their counts with the worker.
func (k *worker[W, K]) sortByNext(positions []uint32) {
	blocks, shift, last := k.seg.blocks, k.seg.shift, uint32(k.seg.halo+1)
	mask := uint32(1<<shift - 1)
	nexts := make([]W, len(positions))
	for i, p := range positions {
		nexts[i] = blocks[p>>shift][p&mask+last]
	}
	for _, y := range nexts {
		if y, ok := k.next(y); ok {
			k.nexts[y]++
			k.some.add(uint(y))
		}
	}
	k.ys = drain(k.some, k.ys[:0])
	counts := make([]uint32, len(k.ys))
	at := uint32(0)
	for i, y := range k.ys {
		counts[i] = k.nexts[y]
		k.nexts[y], at = at, at+counts[i]
	}
	sorted := make([]uint32, len(positions))
	for i, p := range positions {
		if y, ok := k.next(nexts[i]); ok {
			sorted[k.nexts[y]] = p
			k.nexts[y]++
		} else {
			sorted[at] = p
			at++
		}
	}
	copy(positions, sorted)
	for i, y := range k.ys {
		k.nexts[y] = counts[i]
	}
}
