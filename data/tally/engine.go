package tally

import (
	"context"
	"slices"

	"qk/data/table"
)

// engine counts a segment.
type engine[W number, K key] struct {
	o       *Options
	plan    plan
	v       *vocabulary
	seg     *segment[W]
	all     []int64 // how often the segment holds each word
	workers []*worker[W, K]
	outputs []*output
	finish  func(*output) // by the worker
	deliver func(*output) error

	ranged ranged[W]
	units  []unit
	heavy  []heavy
}

// unit is what a worker does at a time: the words from a to b, or of one word some
// of the positions, from index at to index end of the range.
type unit struct {
	a, b    int
	at, end int
	one     bool // all positions have the next word y
	y       int32
}

func newEngine[W number, K key](o *Options, p plan, v *vocabulary, seg *segment[W], outputs []*output) *engine[W, K] {
	e := &engine[W, K]{o: o, plan: p, v: v, seg: seg, outputs: outputs, all: make([]int64, len(v.words))}
	for _, counts := range seg.counts {
		for w, n := range counts {
			e.all[w] += int64(n)
		}
	}
	for range seg.counts {
		e.workers = append(e.workers, newWorker[W, K](seg, v, o.contextNeeded(), p.unit))
	}
	return e
}

// run counts all the tables, each with its rows in ascending order.
func (e *engine[W, K]) run(ctx context.Context) error {
	pairs, cooccurrences := e.o.wants(table.Pairs), e.o.wants(table.Cooccurrences)
	if pairs || cooccurrences {
		err := e.eachRange(e.plan.positions, func(a, b int) error {
			e.seg.collect(&e.ranged, a, b, false)
			if cooccurrences {
				e.byWord()
				if err := e.count(ctx, e.cooccurrences); err != nil {
					return err
				}
			}
			if pairs {
				e.byNext()
				return e.count(ctx, e.pairs)
			}
			return nil
		})
		if err != nil {
			return err
		}
		e.ranged.at = nil
	}
	if pairs || !e.o.wants(table.Transitions) {
		return nil
	}
	return e.eachRange(2*e.plan.positions, func(a, b int) error {
		e.seg.collect(&e.ranged, a, b, true)
		e.batches(a, b, e.plan.transitions())
		return e.count(ctx, e.transitions)
	})
}

// transitions is how many positions of transitions alone a worker works on at a time.
func (p plan) transitions() int { return 8 * p.unit }

// eachRange visits the vocabulary in ranges of at most so many positions, but of one
// word at least.
func (e *engine[W, K]) eachRange(positions int, visit func(a, b int) error) error {
	for a := 0; a < len(e.all); {
		b, n := a, int64(0)
		for b < len(e.all) && (b == a || n+e.all[b] <= int64(positions)) {
			n += e.all[b]
			b++
		}
		if err := visit(a, b); err != nil {
			return err
		}
		a = b
	}
	return nil
}

// count has the workers do all units.
func (e *engine[W, K]) count(ctx context.Context, do func(*worker[W, K], unit, *output)) error {
	return inOrder(ctx, len(e.workers), len(e.units), e.outputs, func(w, job int, o *output) {
		do(e.workers[w], e.units[job], o)
		e.finish(o)
	}, e.deliver)
}

// batches makes units of the words from a to b, with at most so many positions
// where a word does not have more by itself.
func (e *engine[W, K]) batches(a, b, most int) {
	e.units = e.units[:0]
	e.addBatches(a, b, most)
}

func (e *engine[W, K]) addBatches(a, b, most int) {
	for a < b {
		at, _ := e.ranged.of(a)
		c, end := a, at
		for c < b {
			_, to := e.ranged.of(c)
			if c > a && to-at > most {
				break
			}
			c, end = c+1, to
		}
		e.units = append(e.units, unit{a: a, b: c, at: at, end: end})
		a = c
	}
}

// heavy is a word with more positions than a worker works on at a time.
type heavy struct {
	w     int
	units []unit
}

// split makes units of the words of the range, and calls part for the heavy ones,
// several at a time, to make units of these.
func (e *engine[W, K]) split(part func(*worker[W, K], *heavy)) {
	e.heavy = e.heavy[:0]
	for w := e.ranged.a; w < e.ranged.b; w++ {
		if at, end := e.ranged.of(w); end-at > e.plan.unit {
			e.heavy = append(e.heavy, heavy{w: w})
		}
	}
	order := make([]*heavy, len(e.heavy))
	for i := range e.heavy {
		order[i] = &e.heavy[i]
	}
	slices.SortStableFunc(order, func(a, b *heavy) int { return int(e.all[b.w] - e.all[a.w]) })
	jobs := make(chan *heavy, len(order))
	for _, h := range order {
		jobs <- h
	}
	close(jobs)
	inParallel(len(e.workers), func(j int) {
		for h := range jobs {
			part(e.workers[j], h)
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

// byWord makes units whose groups have the same word.
func (e *engine[W, K]) byWord() {
	e.split(func(_ *worker[W, K], h *heavy) {
		at, end := e.ranged.of(h.w)
		h.units = append(h.units, unit{a: h.w, b: h.w + 1, at: at, end: end, one: true})
	})
}

// byNext makes units whose groups have the same word and next word. The positions of
// heavy words are sorted by the next word, so that they can be split.
func (e *engine[W, K]) byNext() {
	e.split(func(k *worker[W, K], h *heavy) {
		from, to := e.ranged.of(h.w)
		k.sortByNext(e.ranged.at[from:to])
		at, many := from, from
		add := func(end int, one bool, y W) {
			if end > at {
				h.units = append(h.units, unit{a: h.w, b: h.w + 1, at: at, end: end, one: one, y: int32(y)})
			}
			at, many = end, end
		}
		for _, y := range k.ys {
			n := int(k.nexts[y])
			k.nexts[y] = 0
			switch {
			case n > e.plan.unit || n*e.o.Context > e.plan.counters(len(e.v.words)):
				add(many, false, 0)
				add(many+n, true, y)
				continue
			case many+n-at > e.plan.unit:
				add(many, false, 0)
			}
			many += n
		}
		add(many, false, 0)
	})
}

// counters is how many observations of a group are worth a counter for every word.
func (p plan) counters(words int) int { return words }

// sortByNext sorts positions of one word by their next word, leaves out the ones that
// have none by putting them last, and leaves the next words and their counts with
// the worker.
func (k *worker[W, K]) sortByNext(positions []uint32) {
	last := k.seg.halo + 1
	none := 0
	for _, p := range positions {
		if y, ok := k.next(k.seg.window(p)[last]); ok {
			k.nexts[y]++
			k.some.add(uint(y))
		} else {
			none++
		}
	}
	k.ys = drain(k.some, k.ys[:0])
	starts := make([]uint32, len(k.ys))
	at := uint32(0)
	for i, y := range k.ys {
		starts[i] = k.nexts[y]
		k.nexts[y], at = at, at+starts[i]
	}
	sorted := make([]uint32, len(positions))
	for _, p := range positions {
		y, ok := k.next(k.seg.window(p)[last])
		if !ok {
			sorted[at] = p
			at++
			continue
		}
		sorted[k.nexts[y]] = p
		k.nexts[y]++
	}
	copy(positions, sorted)
	for i, y := range k.ys {
		k.nexts[y] = starts[i]
	}
}

// pairs counts a unit of groups by next word, and the transitions with them.
func (e *engine[W, K]) pairs(k *worker[W, K], u unit, o *output) {
	positions := e.ranged.at[u.at:u.end]
	groups := 0
	if u.one {
		k.groups[0] = group{w: int32(u.a), y: u.y, n: uint32(len(positions))}
		groups = 1
		k.one(positions, e.plan.unit, k.groups[0], &o.pairs, 3)
	} else {
		windows, width, n := k.gather(positions), k.seg.halo+2, 0
		for w := u.a; w < u.b; w++ {
			from, to := e.ranged.of(w)
			from, to = max(from, u.at)-u.at, min(to, u.end)-u.at
			if from < to {
				groups, n = k.byNext(w, windows[from*width:to*width], groups, n)
			}
		}
		k.sort(groups, n)
		k.rows(groups, &o.pairs, 3)
	}
	boundary := u.a <= e.v.boundary && e.v.boundary < u.b
	for _, g := range k.groups[:groups] {
		if boundary && int(g.w) > e.v.boundary {
			e.starts(o)
			boundary = false
		}
		o.transitions.add2(g.w, g.y, int64(g.n))
		o.done += int64(g.n)
	}
	if boundary {
		e.starts(o)
	}
}

// cooccurrences counts a unit of groups by word.
func (e *engine[W, K]) cooccurrences(k *worker[W, K], u unit, o *output) {
	positions := e.ranged.at[u.at:u.end]
	o.done = int64(len(positions))
	if u.one {
		k.one(positions, e.plan.unit, group{w: int32(u.a)}, &o.cooccurrences, 2)
		return
	}
	windows, width, groups, n := k.gather(positions), k.seg.halo+2, 0, 0
	for w := u.a; w < u.b; w++ {
		from, to := e.ranged.of(w)
		if from < to {
			groups, n = k.byWord(w, windows[(from-u.at)*width:(to-u.at)*width], groups, n)
		}
	}
	k.sort(groups, n)
	k.rows(groups, &o.cooccurrences, 2)
}

// transitions counts the next words of a unit.
func (e *engine[W, K]) transitions(k *worker[W, K], u unit, o *output) {
	for w := u.a; w < u.b; w++ {
		if w == e.v.boundary {
			e.starts(o)
			continue
		}
		from, to := e.ranged.of(w)
		o.done += k.transitions(w, e.ranged.next[from:to], &o.transitions)
	}
}

// starts counts what follows the boundary at the beginning of a sentence.
func (e *engine[W, K]) starts(o *output) {
	for y, n := range e.seg.starts(len(e.v.words)) {
		if n > 0 {
			o.transitions.add2(int32(e.v.boundary), int32(y), int64(n))
			o.done += int64(n)
		}
	}
}
