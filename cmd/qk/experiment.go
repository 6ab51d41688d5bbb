package main

import (
	"context"
	"runtime/debug"

	"qk/data/text"
	"qk/train"
)

// experiment reads and counts texts. An interrupt ends the wait for it at once:
// nothing has been learned yet, so there is nothing to save.
func experiment(ctx context.Context, c train.Config, sources []*text.Source) (*train.Experiment, error) {
	return await(ctx, func() (*train.Experiment, error) {
		e, err := train.CountText(c, sources...)
		if err != nil {
			return nil, err
		}
		sparing(e)
		e.DeriveMasks()
		return e, nil
	})
}

// await returns what f returns, or [train.ErrInterrupted] as soon as ctx ends; f
// is left behind then, and the program is about to end.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		if ctx.Err() != nil { // both were ready
			break
		}
		return r.value, r.err
	case <-ctx.Done():
	}
	var none T
	return none, train.ErrInterrupted
}

// countText finds, reads and counts the texts of a configuration, without masks.
func (a *app) countText(ctx context.Context, c train.Config) (*train.Experiment, error) {
	sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
	if err != nil {
		return nil, err
	}
	return countText(ctx, c, sources)
}

// countText reads and counts the texts of a configuration, without masks.
func countText(ctx context.Context, c train.Config, sources []*text.Source) (*train.Experiment, error) {
	return await(ctx, func() (*train.Experiment, error) {
		e, err := train.CountText(c, sources...)
		if err == nil {
			sparing(e)
		}
		return e, err
	})
}

// manyCells is a number of counts that takes a hundred megabytes with all that
// goes with it.
const manyCells = 1 << 20

// sparing has garbage collected at a third of the usual growth where a text has very
// many counts, which would be doubled else.
func sparing(e *train.Experiment) {
	if e.Counts.PairCells > manyCells {
		debug.SetGCPercent(30)
	}
}
