package main

import (
	"context"

	"qk/data"
	"qk/train"
)

// experiment reads and counts a text. An interrupt ends the wait for it at once:
// nothing has been learned yet, so there is nothing to save.
func experiment(ctx context.Context, c train.Config, src *data.Source) (*train.Experiment, error) {
	type result struct {
		e   *train.Experiment
		err error
	}
	done := make(chan result, 1)
	go func() {
		e, err := train.NewExperiment(c, src)
		done <- result{e, err}
	}()
	select {
	case r := <-done:
		return r.e, r.err
	case <-ctx.Done():
		return nil, train.ErrInterrupted
	}
}

// countText finds, reads and counts the text of a configuration.
func (a *app) countText(ctx context.Context, c train.Config) (*train.Experiment, error) {
	src, err := data.Open(c.Corpus, a.stdin)
	if err != nil {
		return nil, err
	}
	return experiment(ctx, c, src)
}
