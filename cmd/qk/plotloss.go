package main

import (
	"fmt"
	"math"

	"qk/cmd/qk/internal/picture"
	"qk/data"
	"qk/train"
)

// plotLoss draws the losses of runs, of the newest without a name.
func (a *app) plotLoss(args []string, _ plotOptions) (picture.Figure, error) {
	if len(args) == 0 {
		args = []string{""}
	}
	var runs []*train.RunDir
	for _, name := range args {
		d, err := a.openRun(name)
		if err != nil {
			return nil, err
		}
		runs = append(runs, d)
	}
	return lossFigure(runs, recordedLadder(runs))
}

// lossFigure is the picture of the loss of a run that was read back.
func (l *loaded) lossFigure() (*picture.Loss, error) {
	return lossFigure([]*train.RunDir{l.dir}, func(*train.RunDir) (data.Ladder, error) { return l.e.Ladder() })
}

// lossFigure is the picture of the losses of runs, among the lines of their ladders:
// those that all of them share.
func lossFigure(runs []*train.RunDir, ladderOf func(*train.RunDir) (data.Ladder, error)) (*picture.Loss, error) {
	f := &picture.Loss{Unit: runs[0].Record.Config.Unit()}
	var shared data.Ladder
	for i, d := range runs {
		metrics, err := train.ReadMetrics(d.Path)
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", d.Path, err)
		}
		if len(metrics) == 0 {
			return nil, fmt.Errorf("run %s has logged no step yet: go on with `qk train --resume %s`", d.Path, d.Path)
		}
		if unit := d.Record.Config.Unit(); unit != f.Unit {
			return nil, fmt.Errorf("run %s counts its loss in %s and run %s in %s, which have no scale in common: draw them one by one", runs[0].Path, f.Unit, d.Path, unit)
		}
		f.Curves = append(f.Curves, lossCurves(d, metrics, len(runs) == 1)...)
		ladder, err := ladderOf(d)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			shared = ladder
			continue
		}
		shared = inCommon(shared, ladder)
	}
	f.Levels, f.Floor = levels(shared), shared.Floor
	f.Heading = "Loss of " + runs[0].Record.Name
	if len(runs) > 1 {
		f.Heading = fmt.Sprintf("Loss of %d runs", len(runs))
	}
	if len(f.Curves) == 2 && f.Curves[1].Apart {
		f.Note = "The counted lines are of the sentences that were learned from, as the learned curve is; the sentences for tuning would have others."
	}
	if s := runs[0].Record.Status; len(runs) == 1 && s != train.Done {
		f.Note = fmt.Sprintf("The run is %s: this is how far it came.", unfinished(s))
	}
	return f, nil
}

// lossCurves are the losses that a run logged: of its own sentences and, where some
// are held out, of those for tuning.
func lossCurves(d *train.RunDir, metrics []train.Metric, alone bool) []picture.Curve {
	learned := picture.Curve{Name: d.Record.Name}
	if alone {
		learned.Name = "learned"
	}
	tuning := picture.Curve{Name: "tuning sentences", Apart: true}
	for _, m := range metrics {
		learned.Steps, learned.Loss = append(learned.Steps, m.Step), append(learned.Loss, m.Loss)
		if m.Tuning != nil {
			tuning.Steps, tuning.Loss = append(tuning.Steps, m.Step), append(tuning.Loss, *m.Tuning)
		}
	}
	if alone && len(tuning.Steps) > 0 {
		return []picture.Curve{learned, tuning}
	}
	return []picture.Curve{learned}
}

// recordedLadder returns the counted lines of any of some runs: from its result. Those of
// a single run without one are counted anew.
func recordedLadder(runs []*train.RunDir) func(*train.RunDir) (data.Ladder, error) {
	return func(d *train.RunDir) (data.Ladder, error) {
		if d.Record.Result != nil {
			return d.Record.Result.Lines, nil
		}
		if len(runs) > 1 {
			return data.Ladder{}, nil
		}
		e, err := d.Experiment()
		if err != nil {
			return data.Ladder{}, err
		}
		return e.Ladder()
	}
}

// inCommon keeps the lines that two ladders have in common, to the last digit.
func inCommon(a, b data.Ladder) data.Ladder {
	same := func(x, y *float64) *float64 {
		if x == nil || y == nil || *x != *y {
			return nil
		}
		return x
	}
	return data.Ladder{
		Unigram: same(a.Unigram, b.Unigram), FirstOrder: same(a.FirstOrder, b.FirstOrder), AllVotes: same(a.AllVotes, b.AllVotes),
		GradedMask: same(a.GradedMask, b.GradedMask), BestMask: same(a.BestMask, b.BestMask), Floor: same(a.Floor, b.Floor),
	}
}

// levels names the counted lines of a ladder, without its floor.
func levels(l data.Ladder) []picture.Level {
	var out []picture.Level
	for _, v := range []struct {
		name string
		loss *float64
	}{{"first order", l.FirstOrder}, {"all votes", l.AllVotes}, {"graded mask", l.GradedMask}, {"best mask", l.BestMask}} {
		if v.loss != nil && !math.IsNaN(*v.loss) {
			out = append(out, picture.Level{Name: v.name, Loss: *v.loss})
		}
	}
	return out
}
