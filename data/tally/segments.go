package tally

import (
	"context"

	"qk/data/table"
)

// counting is a count from the moment on when the vocabulary is known.
type counting struct {
	o       *Options
	plan    plan
	v       *vocabulary
	s       *stream
	temp    temporary
	sink    func(table.Name, table.Rows) error
	result  *Result
	outputs []*output
	runs    []*run
	tell    *teller
}

// countSegments counts the text: at a time where it fits, or else a segment at a
// time, and then adds up what each has left in a run.
func countSegments[W number, K key](ctx context.Context, c *counting) (err error) {
	defer func() {
		for _, r := range c.runs {
			if failed := r.file.close(); err == nil {
				err = failed
			}
		}
	}()
	for range c.plan.outputs {
		c.outputs = append(c.outputs, &output{})
	}
	context := c.o.contextWithin(c.s.longest)
	to := c.s.shape.reaching(haloFor(context))
	cuts := c.cuts()
	last := len(cuts) - 2
	for i := range last + 1 {
		seg, err := load[W](c.s, c.v, to, cuts[i], cuts[i+1], c.o.Workers)
		if err != nil {
			return err
		}
		e := newEngine[W, K](c.o, c.plan, c.v, seg, context, c.outputs)
		if last == 0 {
			e.finish, e.deliver = c.prune, c.deliver
			return e.run(ctx)
		}
		r, err := c.newRun()
		if err != nil {
			return err
		}
		e.finish, e.deliver = c.encode, c.append(r)
		if err := e.run(ctx); err != nil {
			return err
		}
	}
	c.s.pieces = nil
	return c.merge(ctx)
}

// cuts shares the pieces out among segments: segment i has those from cuts[i] to
// cuts[i+1]. As few segments as can be, of about as many words.
func (c *counting) cuts() []int {
	n := (c.s.n + c.plan.segment - 1) / c.plan.segment
	even := (c.s.n + n - 1) / n
	cuts, words := []int{0}, int64(0)
	for i, p := range c.s.pieces {
		if i > cuts[len(cuts)-1] && words+int64(p.n) > max(even, c.plan.segment-int64(c.plan.piece)) {
			cuts, words = append(cuts, i), 0
		}
		words += int64(p.n)
	}
	return append(cuts, len(c.s.pieces))
}

func (c *counting) newRun() (*run, error) {
	f, err := c.temp.create("counts to be merged")
	if err != nil {
		return nil, err
	}
	r := &run{file: f, frames: map[table.Name][]frame{}, rows: map[table.Name]int64{}}
	c.runs = append(c.runs, r)
	return r, nil
}

// merge adds up the runs, first some of them to longer ones where they are too many.
func (c *counting) merge(ctx context.Context) error {
	for len(c.runs) > c.plan.fan {
		some := c.runs[:c.plan.fan]
		r, err := c.newRun()
		if err != nil {
			return err
		}
		if err := c.merger(some, c.encode, c.append(r)).all(ctx, c); err != nil {
			return err
		}
		for i, old := range some {
			c.result.Spilled += old.file.end
			if err := old.file.close(); err != nil {
				c.runs = c.runs[i+1:]
				return err
			}
		}
		c.runs = c.runs[c.plan.fan:]
	}
	for _, r := range c.runs {
		c.result.Spilled += r.file.end
	}
	return c.merger(c.runs, c.prune, c.deliver).all(ctx, c)
}

func (c *counting) merger(runs []*run, finish func(*output), deliver func(*output) error) *merger {
	return &merger{
		runs: runs, workers: make([]mergeWorker, c.o.Workers), outputs: c.outputs,
		job: max(1, c.plan.job), finish: finish, deliver: deliver,
	}
}

// all merges all tables.
func (m *merger) all(ctx context.Context, c *counting) error {
	var rows int64
	for _, r := range m.runs {
		for _, n := range r.rows {
			rows += n
		}
	}
	c.tell.phase(Merging, rows)
	if err := m.tables(ctx, table.Cooccurrences); err != nil {
		return err
	}
	return m.tables(ctx, table.Transitions, table.Pairs)
}

// prune leaves out the pairs that are too rare.
func (c *counting) prune(o *output) {
	if c.o.MinPairs > 1 {
		o.pairs.atLeast(c.o.MinPairs, 3)
	}
}

// encode prepares an output for a run.
func (c *counting) encode(o *output) { encode(o, c.o.wants, c.plan.frame) }

// append gives outputs to a run.
func (c *counting) append(r *run) func(*output) error {
	return func(o *output) error {
		c.tell.add(o.done)
		return r.write(o)
	}
}

// deliver gives an output to the sink.
func (c *counting) deliver(o *output) error {
	c.tell.add(o.done)
	for _, t := range o.tables() {
		if t.rows.n == 0 || !c.o.wants(t.name) {
			continue
		}
		c.result.Rows[t.name] += int64(t.rows.n)
		if err := c.sink(t.name, t.rows.rows(len(t.name.Keys()))); err != nil {
			return err
		}
	}
	return nil
}
