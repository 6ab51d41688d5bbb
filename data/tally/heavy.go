package tally

import (
	"cmp"
	"slices"
)

// heavy is a word with more positions than a worker works on at a time.
type heavy struct {
	w     int
	units []unit
}

// byNext makes units whose groups have the same word and next word. The positions of
// heavy words are sorted by the next word, so that they can be split.
func (e *engine[W, K]) byNext() {
	e.heavy = e.heavy[:0]
	for w := e.ranged.a; w < e.ranged.b; w++ {
		if at, end := e.ranged.of(w); end-at > e.plan.unit {
			e.heavy = append(e.heavy, heavy{w: w})
		}
	}
	order := make([]*heavy, len(e.heavy)) // the largest first, as one may take long
	for i := range e.heavy {
		order[i] = &e.heavy[i]
	}
	slices.SortStableFunc(order, func(a, b *heavy) int { return cmp.Compare(e.all[b.w], e.all[a.w]) })
	jobs := make(chan *heavy, len(order))
	for _, h := range order {
		jobs <- h
	}
	close(jobs)
	inParallel(len(e.workers), func(j int) {
		for h := range jobs {
			e.split(e.workers[j], h)
		}
	})
	e.units = e.units[:0]
	a := e.ranged.a
	for _, h := range e.heavy {
		e.addBatches(a, h.w, e.plan.unit)
		e.units = append(e.units, h.units...)
		a = h.w + 1
	}
	e.addBatches(a, e.ranged.b, e.plan.unit)
}

// split makes units of the positions of a heavy word: one for every next word with so
// many of them that every earlier word is worth a counter, and some for the others.
func (e *engine[W, K]) split(k *worker[W, K], h *heavy) {
	from, to := e.ranged.of(h.w)
	k.sortByNext(e.ranged.at[from:to])
	at, end := from, from // of the next unit
	add := func(one bool, y W) {
		if end > at {
			h.units = append(h.units, unit{a: h.w, b: h.w + 1, at: at, end: end, one: one, y: int32(y)})
		}
		at = end
	}
	for _, y := range k.ys {
		n := int(k.nexts[y])
		k.nexts[y] = 0
		if n > e.plan.unit || n*e.o.Context > len(e.v.words) {
			add(false, 0)
			end += n
			add(true, y)
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
