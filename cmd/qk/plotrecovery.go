package main

import (
	"errors"
	"fmt"

	"qk/cmd/qk/internal/picture"
	"qk/train"
	"qk/train/sweep"
)

// plotRecovery draws how many rows of the counted mask runs found, against their rank.
func (a *app) plotRecovery(args []string, _ plotOptions) (picture.Figure, error) {
	g, err := a.gridNamed(args)
	if err != nil {
		return nil, err
	}
	return recoveryFigure(g)
}

// recoveryFigure is the picture of the rows that runs found, and of those that lit up
// without a reason, against the rank.
func recoveryFigure(g *gridOfRuns) (*picture.Rank, error) {
	f := &picture.Rank{
		Heading: "Mask recovery against rank: " + g.name, Note: g.note(),
		About: "Chart of how many rows of the counted mask runs recovered, and how many have spurious words, against the rank of Q and K: a ring for each run, a line through the medians over seeds.",
	}
	for _, part := range g.byLoss() {
		counted := 0
		for _, r := range part.results {
			counted = max(counted, sweep.RecoveryOf(r.Record.Result).Counted)
		}
		if counted == 0 {
			continue // no set to find, or sentences held out
		}
		f.Panels = append(f.Panels,
			picture.RankPanel{Label: fmt.Sprintf("%srows found, of %d", part.title(), counted), Whole: true, Groups: part.groups(func(d *train.Document) (float64, bool) {
				return float64(sweep.RecoveryOf(d).Exact), true
			})},
			picture.RankPanel{Label: part.title() + "rows with spurious words", Whole: true, Groups: part.groups(func(d *train.Document) (float64, bool) {
				return float64(sweep.RecoveryOf(d).Spurious), true
			})})
	}
	if len(f.Panels) == 0 {
		return nil, errors.New("these runs have no counted sets to recover: they hold sentences out, where sets are estimates, or no word tells anything")
	}
	return f, nil
}
