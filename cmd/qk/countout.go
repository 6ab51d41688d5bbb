package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/table"
	"qk/data/tally"
	"qk/data/text"
	"qk/train"
)

// countOut counts a text of any size into a directory of tables.
func (a *app) countOut(ctx context.Context, c train.Config, o countOptions) (err error) {
	t, err := o.settings(c)
	if err != nil {
		return err
	}
	sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
	if err != nil {
		return err
	}
	t.NoSHA256 = true
	if t.Memory == 0 {
		t.Memory = tally.DefaultMemory()
	}
	var workers int
	workers, t.Reserved = encoders(t.Workers, t.Memory)
	w, err := table.Create(o.out, t.Settings(), t.Tables, table.Options{MinPairs: o.minPairs, Workers: workers})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Discard())
		}
	}()
	started := a.now()
	r, err := a.tally(ctx, sources, t, w.Append)
	if err != nil {
		return err
	}
	if err := w.Commit(r.Words, r.Totals); err != nil {
		return err
	}
	s := a.screenOn(a.stdout)
	showTally(s, c, r, a.now().Sub(started))
	s.Aside("The counts are in " + w.Dir())
	return s.Err()
}

// encoders returns how many goroutines may encode tables in memory of a size, and how
// much of it they take: buffers of each, and groups of rows that are on their way.
func encoders(workers int, memory int64) (n int, reserved int64) {
	const each, shared = 24 << 20, 12 << 20
	n = int(max(1, min(int64(workers), (memory/3-shared)/each)))
	return n, int64(n)*each + shared
}

// tally counts, and shows the progress on standard error if that is a terminal.
func (a *app) tally(ctx context.Context, sources []*text.Source, t tally.Options, sink func(table.Name, table.Rows) error) (*tally.Result, error) {
	s := a.screenOn(a.stderr)
	progress := s.Amounts(a.now)
	defer progress.Clear()
	if s.Live() {
		t.Progress = func(p tally.Progress) {
			units := map[tally.Phase]string{tally.Reading: "B", tally.Counting: "positions", tally.Merging: "rows"}
			progress.Update(screen.Amount{Doing: string(p.Phase), Done: p.Done, Total: p.Total, Unit: units[p.Phase]})
		}
	}
	r, err := tally.Count(ctx, sources, t, sink)
	switch {
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return nil, train.ErrInterrupted
	case errors.Is(err, data.ErrNoWords), errors.Is(err, data.ErrNoTransitions):
		return nil, fmt.Errorf("corpus %s: %w", text.Names(sources), err)
	}
	return r, err
}

// showTally shows the figures of a count.
func showTally(s *screen.Screen, c train.Config, r *tally.Result, took time.Duration) {
	s.Heading("qk count: " + corpusName(c.Corpus))
	pairs := []screen.Pair{
		{Key: "words", Value: fmt.Sprintf("%d (%s)", len(r.Words), c.Tokens)},
		{Key: "sentences", Value: fmt.Sprint(r.Totals.Sentences)},
		{Key: "positions", Value: fmt.Sprint(r.Totals.Positions)},
	}
	for _, t := range countable() {
		if n, ok := r.Rows[t]; ok {
			pairs = append(pairs, screen.Pair{Key: string(t), Value: fmt.Sprint(n)})
		}
	}
	if r.Totals.Unknown > 0 {
		pairs = append(pairs, screen.Pair{Key: data.Unknown, Value: fmt.Sprintf("%d of %d words of text", r.Totals.Unknown, r.Totals.Tokens)})
	}
	if seconds := took.Seconds(); seconds >= 1 {
		pairs = append(pairs, screen.Pair{Key: "speed", Value: fmt.Sprintf("%.0f MB/s", float64(r.Totals.Bytes)/1e6/seconds)})
	}
	s.Pairs(pairs)
}
