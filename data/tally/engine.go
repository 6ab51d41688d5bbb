package tally

import (
	"context"

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
				e.batches(a, b, e.plan.unit)
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

// pairs counts a unit of groups by next word, and the transitions with them.
func (e *engine[W, K]) pairs(k *worker[W, K], u unit, o *output) {
	positions := e.ranged.at[u.at:u.end]
	groups := 0
	if u.one {
		k.groups[0] = group{w: int32(u.a), y: u.y, n: uint32(len(positions))}
		groups = 1
		k.one(positions, e.plan.unit, k.groups[0], &o.pairs)
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
		k.rows(groups, &o.pairs)
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

// cooccurrences counts the earlier words of a unit.
func (e *engine[W, K]) cooccurrences(k *worker[W, K], u unit, o *output) {
	for w := u.a; w < u.b; w++ {
		from, to := e.ranged.of(w)
		if from < to {
			k.word(w, e.ranged.at[from:to], e.plan.unit, &o.cooccurrences)
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
