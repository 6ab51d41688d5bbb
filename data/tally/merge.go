package tally

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"qk/data/table"
)

// merger adds up runs.
type merger struct {
	runs    []*run
	workers []mergeWorker
	outputs []*output
	job     int // frames
	finish  func(*output)
	deliver func(*output) error
}

// mergeWorker has memory that is used again.
type mergeWorker struct {
	lists  [][]item
	spare  []item
	buffer []byte
}

// tables merges tables, the rows of each in ascending order. It is done in jobs: the
// rows between two keys, which for transitions and pairs are a word and a next word,
// so that those of both come together.
func (m *merger) tables(ctx context.Context, tables ...table.Name) error {
	cuts := m.cuts(tables)
	return inOrder(ctx, len(m.workers), len(cuts), m.outputs, func(w, job int, o *output) {
		from, to := cuts[job], cut{end: true}
		if job+1 < len(cuts) {
			to = cuts[job+1]
		}
		for _, t := range tables {
			if o.err = m.merge(&m.workers[w], t, from.first(t), to.first(t), o); o.err != nil {
				return
			}
		}
		m.finish(o)
	}, m.deliver)
}

// cut is where a job begins: the first two keys of a row, or the end of all.
type cut struct {
	keys uint64
	end  bool
}

// first returns the first row that a table can have at the cut, or nil at the end.
func (c cut) first(t table.Name) *item {
	switch {
	case c.end:
		return nil
	case len(t.Keys()) == 3:
		return &item{high: c.keys}
	}
	return &item{high: c.keys >> 32, low: uint32(c.keys)}
}

// cuts chooses where jobs begin, so that about as many frames begin in each.
func (m *merger) cuts(tables []table.Name) []cut {
	var firsts []uint64
	for _, r := range m.runs {
		for _, t := range tables {
			for _, f := range r.frames[t] {
				if len(t.Keys()) == 3 {
					firsts = append(firsts, f.first.high)
				} else {
					firsts = append(firsts, f.first.high<<32|uint64(f.first.low))
				}
			}
		}
	}
	slices.Sort(firsts)
	var cuts []cut
	for i := 0; i < len(firsts); i += m.job {
		if len(cuts) == 0 || cuts[len(cuts)-1].keys < firsts[i] {
			cuts = append(cuts, cut{keys: firsts[i]})
		}
	}
	return cuts
}

// merge adds up the rows of one table in one job.
func (m *merger) merge(k *mergeWorker, t table.Name, from, to *item, o *output) error {
	for len(k.lists) < len(m.runs) {
		k.lists = append(k.lists, nil)
	}
	lists := k.lists[:len(m.runs)]
	for i, r := range m.runs {
		var err error
		lists[i] = lists[i][:0]
		frames := r.frames[t]
		first := sort.Search(len(frames), func(f int) bool { return from.less(&frames[f].first) })
		for f := max(0, first-1); f < len(frames) && (to == nil || frames[f].first.less(to)); f++ {
			if lists[i], k.buffer, err = r.read(frames[f], from, to, lists[i], k.buffer); err != nil {
				return err
			}
		}
		o.done += int64(len(lists[i]))
	}
	// Two at a time, neighbours first, until one is left.
	for step := 1; step < len(lists); step *= 2 {
		for i := 0; i+step < len(lists); i += 2 * step {
			merged, err := mergeTwo(k.spare[:0], lists[i], lists[i+step])
			if err != nil {
				return err
			}
			lists[i], k.spare = merged, lists[i]
		}
	}
	rows, keys := o.of(t), len(t.Keys())
	rows.room(keys, len(lists[0]))
	for _, x := range lists[0] {
		rows.add(x, keys)
	}
	return nil
}

// mergeTwo appends the rows of two lists, equal ones added up.
func mergeTwo(to, a, b []item) ([]item, error) {
	to = slices.Grow(to, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch x, y := &a[0], &b[0]; {
		case x.less(y):
			to = append(to, *x)
			a = a[1:]
		case y.less(x):
			to = append(to, *y)
			b = b[1:]
		default:
			if x.n > math.MaxInt64-y.n {
				return nil, errOverflow
			}
			to = append(to, item{x.high, x.low, x.n + y.n})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(to, a...), b...), nil
}

var errOverflow = fmt.Errorf("a count is above %d, which no table can hold: count the text in parts", int64(math.MaxInt64))
