package tally

import (
	"context"

	"qk/data/table"
)

// engine counts a segment.
type engine[W number, K key] struct {
	o       *Options
	plan    plan
	context int // as far as sentences go
	v       *vocabulary
	seg     *segment[W]
	workers []*worker[W, K]
	outputs []*output
	finish  func(*output) // by the worker
	deliver func(*output) error

	ranged ranged[W]
	units  []unit
}

// unit is what a worker does at a time: the buckets from a to b, or of one bucket some
// of the positions, from index at to index end of the range.
type unit struct {
	a, b    int
	at, end int
	one     bool // all positions have the next word y
	y       int32
}

func newEngine[W number, K key](o *Options, p plan, v *vocabulary, seg *segment[W], context int, outputs []*output) *engine[W, K] {
	e := &engine[W, K]{o: o, plan: p, context: context, v: v, seg: seg, outputs: outputs}
	for range seg.counts {
		e.workers = append(e.workers, newWorker[W, K](seg, v, context, p.unit))
	}
	return e
}

// run counts all the tables, each with its rows in ascending order.
func (e *engine[W, K]) run(ctx context.Context) error {
	words := len(e.v.words)
	if e.o.wants(table.Cooccurrences) {
		err := e.eachRange(e.seg.byWord(words), e.plan.positions, false, func(a, b int) error {
			e.batches(a, b, e.plan.unit)
			return e.count(ctx, e.cooccurrences)
		})
		if err != nil {
			return err
		}
	}
	if e.o.wants(table.Pairs) {
		return e.eachRange(e.seg.byNext(words, e.v.boundary, e.plan.unit), e.plan.positions, false, func(a, b int) error {
			e.split(a, b)
			return e.count(ctx, e.pairs)
		})
	}
	if e.o.wants(table.Transitions) {
		return e.eachRange(e.seg.byWord(words), 2*e.plan.positions, true, func(a, b int) error {
			e.batches(a, b, 8*e.plan.unit)
			return e.count(ctx, e.transitions)
		})
	}
	return nil
}

// eachRange collects the positions in ranges of buckets, of at most so many positions
// but of one bucket at least.
func (e *engine[W, K]) eachRange(in *buckets, positions int, nextOnly bool, visit func(a, b int) error) error {
	ends, largest := in.ranges(int64(positions))
	e.ranged = ranged[W]{buckets: in} // the memory of another is to be given up first
	if nextOnly {
		e.ranged.next = make([]W, largest)
	} else {
		e.ranged.at = make([]uint32, largest)
	}
	a := 0
	for _, b := range ends {
		e.seg.collect(&e.ranged, a, b)
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

// batches makes units of the buckets from a to b, with at most so many positions
// where a bucket does not have more by itself.
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

// pairs counts a unit of groups by next word, and the transitions with them.
func (e *engine[W, K]) pairs(k *worker[W, K], u unit, o *output) {
	positions, word := e.ranged.at[u.at:u.end], e.ranged.word
	groups := 0
	if u.one {
		k.groups[0] = group{w: word[u.a], y: u.y, n: uint32(len(positions))}
		groups = 1
		k.one(positions, e.plan.unit, k.groups[0], &o.pairs)
	} else {
		windows, width, n := k.gather(positions), k.halo+2, 0
		for i := u.a; i < u.b; i++ {
			from, to := e.ranged.of(i)
			from, to = max(from, u.at)-u.at, min(to, u.end)-u.at
			if from < to {
				groups, n = k.byNext(word[i], windows[from*width:to*width], groups, n)
			}
		}
		k.sort(groups, n)
		k.rows(groups, &o.pairs)
	}
	boundary := u.holds(word, e.v.boundary)
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

// holds reports whether a unit has the bucket of a word; of the boundary, which has no
// positions, there is one, and no unit has a part of it.
func (u unit) holds(word []int32, w int) bool {
	return w >= 0 && int(word[u.a]) <= w && w <= int(word[u.b-1])
}

// cooccurrences counts the earlier words of a unit.
func (e *engine[W, K]) cooccurrences(k *worker[W, K], u unit, o *output) {
	for i := u.a; i < u.b; i++ {
		from, to := e.ranged.of(i)
		if from < to {
			k.word(e.ranged.word[i], e.ranged.at[from:to], e.plan.unit, &o.cooccurrences)
		}
	}
	o.done = int64(u.end - u.at)
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
