package main

import (
	"context"
	"runtime/debug"

	"qk/data/text"
	"qk/train"
)

// experiment reads and counts texts, and derives the masks. An interrupt ends the
// wait for it at once: nothing has been learned yet, so there is nothing to save.
func (a *app) experiment(ctx context.Context, c train.Config, sources []*text.Source) (*train.Experiment, error) {
	return a.experimentOver(ctx, c, nil, sources)
}

// experimentOver is experiment with the vocabulary given, unless words is nil.
func (a *app) experimentOver(ctx context.Context, c train.Config, words []string, sources []*text.Source) (*train.Experiment, error) {
	return show(ctx, a, func(tell func(train.Stage)) (*train.Experiment, error) {
		e, err := train.CountWords(c, words, tell, sources...)
		if err != nil {
			return nil, err
		}
		sparing(e)
		tell(train.Stage{Doing: "deriving masks"})
		e.DeriveMasks()
		return e, nil
	})
}

// countText reads and counts the texts of a configuration, without masks.
func (a *app) countText(ctx context.Context, c train.Config, sources []*text.Source) (*train.Experiment, error) {
	return show(ctx, a, func(tell func(train.Stage)) (*train.Experiment, error) {
		e, err := train.CountText(c, tell, sources...)
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

// fewCells and fewWords bound a text next to which a run's own matrices are small too.
const fewCells, fewWords = 1 << 16, 1 << 11

// collecting sets how often garbage is collected in a sweep. Runs on small texts make
// much garbage and keep little, so that collecting it at the usual growth takes a
// fifth of the time, and holds up all runs, not only the one that made it.
func collecting(e *train.Experiment) {
	percent := 100
	switch {
	case e.Counts.PairCells > manyCells:
		percent = 30
	case e.Counts.PairCells < fewCells && e.Counts.V() < fewWords:
		percent = 400
	}
	debug.SetGCPercent(percent)
}
