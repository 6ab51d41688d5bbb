package counting

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"qk/cmd/qk-bench/internal/process"
	"qk/data/table"
)

// entry is a program with one of its jobs, and what was measured of it.
type entry struct {
	counter counter
	table   table.Name
	found   finding
	rounds  []process.Usage
}

func (e *entry) name() string { return e.counter.Name + " " + string(e.table) }

// runner runs jobs of one text.
type runner struct {
	self   []string // this program
	folder string
	limit  time.Duration
	text   *prepared
	log    io.Writer
}

// once runs a job in a folder of its own, which is gone afterwards. With check,
// what it wrote is read.
func (r *runner) once(ctx context.Context, e *entry, check bool) (u process.Usage, f finding, err error) {
	dir, err := os.MkdirTemp(r.folder, "job")
	if err != nil {
		return u, f, err
	}
	defer os.RemoveAll(dir)
	p := e.counter.Jobs[e.table](dir)
	if p.Refuse != "" {
		return u, f, fmt.Errorf("%w: %s", process.ErrFailed, p.Refuse)
	}
	for _, s := range p.Steps {
		spent, err := process.Run(ctx, r.self, s, r.limit)
		if err != nil {
			return u, f, err
		}
		u = u.Then(spent)
	}
	if check {
		f, err = p.Read()
	}
	return u, f, err
}

// trials runs every job once, checks what it counted against the reference, and
// returns the jobs that can be timed. The first counter is qk, which must not fail.
func (r *runner) trials(ctx context.Context, list []counter, tables []table.Name) (entries []*entry, notes, complaints []string, err error) {
	for i, c := range list {
		if c.Missing != "" {
			notes = append(notes, fmt.Sprintf("%s: %s", c.Name, c.Missing))
			continue
		}
		for _, t := range tables {
			if c.Jobs[t] == nil {
				continue
			}
			e := &entry{counter: c, table: t}
			fmt.Fprintf(r.log, "  trying %s\n", e.name())
			u, f, err := r.once(ctx, e, true)
			switch {
			case ctx.Err() != nil:
				return nil, nil, nil, ctx.Err()
			case err != nil && i == 0 && errors.Is(err, process.ErrFailed):
				return nil, nil, nil, fmt.Errorf("%s: %w", e.name(), err)
			case err != nil && errors.Is(err, process.ErrFailed):
				notes = append(notes, fmt.Sprintf("%s: %v", e.name(), err))
				continue
			case err != nil:
				complaints = append(complaints, fmt.Sprintf("%s: what it wrote cannot be read, DROPPED: %v", e.name(), err))
				continue
			}
			fmt.Fprintf(r.log, "    %.2f s, %d MiB\n", u.Seconds, u.PeakBytes>>20)
			e.found = f
			if why := r.differs(e, entries); why != "" {
				complaints = append(complaints, fmt.Sprintf("%s: %s, DROPPED", e.name(), why))
				continue
			}
			entries = append(entries, e)
		}
	}
	return entries, notes, complaints, nil
}

// differs compares a finding with the reference, and its number of rows with that
// of those before it.
func (r *runner) differs(e *entry, before []*entry) string {
	f := e.found
	if f.Of == "" {
		return ""
	}
	if want := r.text.Want[f.Of]; !f.RowsOnly && !f.Got.equal(want) {
		return fmt.Sprintf("it counted %v, not %v", f.Got, want)
	}
	for _, b := range before {
		if b.found.Of == f.Of && b.found.Got.Rows != f.Got.Rows {
			return fmt.Sprintf("it has %d rows, %s %d", f.Got.Rows, b.counter.Name, b.found.Got.Rows)
		}
	}
	return ""
}

// race runs all jobs once a round, each round beginning with another one, and returns
// why some did not come to the end.
func (r *runner) race(ctx context.Context, entries []*entry, rounds int) (left []*entry, notes []string, err error) {
	failed := map[*entry]bool{}
	for round := range rounds {
		fmt.Fprintf(r.log, "  round %d of %d\n", round+1, rounds)
		for i := range entries {
			e := entries[(i+round)%len(entries)]
			if failed[e] {
				continue
			}
			u, _, err := r.once(ctx, e, false)
			switch {
			case ctx.Err() != nil:
				return nil, nil, ctx.Err()
			case err != nil && e.counter.Name == "qk":
				return nil, nil, fmt.Errorf("%s: %w", e.name(), err)
			case err != nil:
				failed[e] = true
				notes = append(notes, fmt.Sprintf("%s, in round %d: %v", e.name(), round+1, err))
				continue
			}
			e.rounds = append(e.rounds, u)
		}
	}
	for _, e := range entries {
		if !failed[e] {
			left = append(left, e)
		}
	}
	return left, notes, nil
}
