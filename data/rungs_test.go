package data

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomLoss is the mean loss of attention by random scores.
func randomLoss(v *Voters, rng *rand.Rand, null bool, spread float64) float64 {
	V := v.V()
	g := make([]float64, V*V)
	for i := range g {
		g[i] = math.Exp(spread * rng.NormFloat64())
	}
	losses := make([]float64, v.Len())
	r := v.Reader()
	for w := range Word(V) {
		row := r.Row(w)
		at := 0
		for i, p := range row.Positions {
			num, den := row.Base[i], 1.0
			if !null && len(p.Earlier) > 0 {
				num, den = 0, 0
			}
			for _, u := range p.Earlier {
				num += g[int(w)*V+int(u)] * row.Votes[at]
				den += g[int(w)*V+int(u)]
				at++
			}
			losses[row.First+i] = -math.Log(num / den)
		}
	}
	return v.Mean(losses)
}

// TestSmoothedFloor: no random attention gets below the floor of smoothed votes, at
// training positions, where each has votes of its own, and at others; and all
// lines of the ladder are above it where they are attention.
func TestSmoothedFloor(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(5) {
		c := countParted(t, 20+seed, 60)
		s := FitSmoothing(c)
		heldOut, err := c.PlacesOf(c.Corpus.HeldOut, HeldOut)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []*Voters{s.LeaveOneOut(), s.Unseen(heldOut)} {
			for _, null := range []bool{true, false} {
				rungs := v.Rungs(null, 0)
				floor := *rungs.Ladder.Floor
				if null && (*rungs.Ladder.FirstOrder < floor || *rungs.Ladder.GradedMask < floor) {
					t.Errorf("seed %d: a line is below the floor: %+v", seed, rungs.Ladder)
				}
				for range 100 {
					if l := randomLoss(v, rng, null, 1+9*rng.Float64()); l < floor-1e-12 {
						t.Errorf("seed %d, null %v: attention gets to %g, below the floor %g", seed, null, l, floor)
					}
				}
			}
		}
	}
}

// TestGradedScaleIsTakenOver: a ladder with a given scale has the loss of that scale,
// and with none that of the best.
func TestGradedScaleIsTakenOver(t *testing.T) {
	c := countParted(t, 5, 60)
	v := FitSmoothing(c).LeaveOneOut()
	fitted := v.Rungs(true, 0)
	for _, factor := range []float64{0.25, 0.5, 1, 2, 4} {
		r := v.Rungs(true, factor*fitted.Scale)
		if r.Scale != factor*fitted.Scale {
			t.Errorf("the scale is %g", r.Scale)
		}
		if *r.Ladder.GradedMask < *fitted.Ladder.GradedMask-1e-9 {
			t.Errorf("%g times the fitted scale gives %g, the fitted %g", factor, *r.Ladder.GradedMask, *fitted.Ladder.GradedMask)
		}
	}
}
