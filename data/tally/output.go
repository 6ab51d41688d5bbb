package tally

import (
	"context"
	"sync"
	"sync/atomic"

	"qk/data/table"
)

// output is what a worker has counted, until it is its turn to be handed on. Its
// columns are used again.
type output struct {
	transitions, cooccurrences, pairs columns
	encoded                           []encoded
	done                              int64 // positions, or rows that were merged
	err                               error
}

func (o *output) reset() {
	o.transitions.n, o.cooccurrences.n, o.pairs.n, o.done, o.err = 0, 0, 0, 0, nil
	o.encoded = o.encoded[:0]
}

// named is the rows of a table.
type named struct {
	name table.Name
	rows *columns
}

func (o *output) tables() [3]named {
	return [3]named{{table.Transitions, &o.transitions}, {table.Cooccurrences, &o.cooccurrences}, {table.Pairs, &o.pairs}}
}

func (o *output) of(t table.Name) *columns {
	for _, x := range o.tables() {
		if x.name == t {
			return x.rows
		}
	}
	return nil
}

// columns are the first n rows of a table under construction.
type columns struct {
	keys  [3][]int32
	count []int64
	n     int
}

// room makes room for so many more rows with so many keys, and gives the place of
// the first.
func (c *columns) room(keys, more int) int {
	if need := c.n + more; need > len(c.count) {
		size := max(need, min(2*len(c.count), len(c.count)+1<<16))
		for k := range keys {
			c.keys[k] = grown(c.keys[k], size)
		}
		c.count = grown(c.count, size)
	}
	return c.n
}

func grown[T any](s []T, n int) []T {
	g := make([]T, n)
	copy(g, s)
	return g
}

func (c *columns) add2(a, b int32, n int64) {
	i := c.room(2, 1)
	c.keys[0][i], c.keys[1][i], c.count[i] = a, b, n
	c.n++
}

// rows are the rows so far.
func (c *columns) rows(keys int) table.Rows {
	r := table.Rows{N: c.count[:c.n]}
	for k := range keys {
		r.Keys = append(r.Keys, c.keys[k][:c.n])
	}
	return r
}

// atLeast drops the rows of smaller counts.
func (c *columns) atLeast(least int64, keys int) {
	kept := 0
	for i, n := range c.count[:c.n] {
		for k := range keys {
			c.keys[k][kept] = c.keys[k][i]
		}
		c.count[kept] = n
		if n >= least {
			kept++
		}
	}
	c.n = kept
}

// inOrder has workers do the jobs 0 to n−1, several at a time, and calls deliver
// with their outputs in the order of the jobs. A worker takes an output before it
// takes a job, so that the job whose turn is next always has one.
func inOrder(ctx context.Context, workers, n int, outputs []*output, work func(worker, job int, o *output), deliver func(*output) error) error {
	type result struct {
		job int
		o   *output
	}
	free := make(chan *output, len(outputs))
	for _, o := range outputs {
		free <- o
	}
	results := make(chan result, len(outputs))
	ctx, stop := context.WithCancel(ctx)
	var jobs atomic.Int64
	var take sync.Mutex
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ctx.Err() == nil {
				take.Lock()
				var o *output
				select {
				case o = <-free:
				case <-ctx.Done():
				}
				job := int(jobs.Add(1)) - 1
				take.Unlock()
				if o == nil || job >= n {
					return
				}
				o.reset()
				work(w, job, o)
				results <- result{job, o}
			}
		}()
	}
	waiting := make([]*output, len(outputs))
	for next := 0; next < n; {
		select {
		case r := <-results:
			waiting[r.job%len(waiting)] = r.o
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		for ; next < n; next++ {
			o := waiting[next%len(waiting)]
			if o == nil {
				break
			}
			waiting[next%len(waiting)] = nil
			if o.err != nil {
				return o.err
			}
			if err := deliver(o); err != nil {
				return err
			}
			free <- o
		}
	}
	return nil
}

// inParallel has every worker do its share.
func inParallel(workers int, share func(worker int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			share(w)
		}()
	}
	wg.Wait()
}
