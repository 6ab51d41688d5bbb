// Package sweeptest makes sweeps for tests.
package sweeptest

import (
	"context"
	"testing"
	"time"

	"qk/data/text"
	"qk/train"
	"qk/train/sweep"
)

// Born is when the sweeps and runs of this package are made.
var Born = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// New makes the folder of a sweep over built-in corpora. None of its runs has begun.
func New(t testing.TB, path string, fixed []sweep.Fixed, axes []sweep.Axis) *sweep.Sweep {
	t.Helper()
	p, points, err := sweep.NewPlan(fixed, axes, 1000)
	must(t, err)
	p.Created = Born
	s, err := sweep.Create(path, p, points)
	must(t, err)
	return s
}

// Train takes the runs of some points to their end, or of all if none is named, one by
// one as `qk train` does.
func Train(t testing.TB, s *sweep.Sweep, names ...string) {
	t.Helper()
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n] = true
	}
	results, err := s.Results()
	must(t, err)
	for _, r := range results {
		if r.Record == nil && (len(names) == 0 || wanted[r.Name]) {
			trainPoint(t, r)
		}
	}
}

func trainPoint(t testing.TB, r sweep.Result) {
	t.Helper()
	sources, err := text.OpenAll(r.Config.Corpus.Names(), nil)
	must(t, err)
	e, err := train.NewExperiment(r.Config, sources...)
	must(t, err)
	d, err := train.CreateRun(r.Path, e, Born, nil)
	must(t, err)
	l, err := e.Loop()
	must(t, err)
	_, err = (&train.Course{Dir: d, Experiment: e, Loop: l, Now: func() time.Time { return Born }}).Run(context.Background())
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
