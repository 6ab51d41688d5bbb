package data

// Rungs are the reference losses of smoothed votes at some positions, one number
// for each distinct position, and as a ladder of means. The best mask, which takes
// the counts' own shares, is not defined for them.
type Rungs struct {
	Ladder Ladder
	// Scale is the one scale of the graded mask, see [GradedMask].
	Scale float64
	// Lines holds −ln p at every distinct position.
	Lines []Line
}

// Line is one reference line, by position.
type Line struct {
	Name   string // as in the JSON of a [Ladder]
	Losses []float64
}

// Rungs computes the reference losses of smoothed votes. The scale of the graded
// mask is fitted to the positions, or the given one if that is not zero: a ladder
// for sentences that are held out takes the scale of the training part.
func (v *Voters) Rungs(null bool, scale float64) *Rungs {
	g := v.grade()
	if scale == 0 {
		scale, _ = v.bestScale(g, scaleSteps)
	}
	r := &Rungs{Scale: scale}
	add := func(name string, losses []float64) *float64 {
		r.Lines = append(r.Lines, Line{name, losses})
		mean := v.Mean(losses)
		return &mean
	}
	floor := v.floor(null)
	r.Ladder = Ladder{
		Unigram: add("unigram", v.unigramLosses()), FirstOrder: add("first_order", v.firstOrderLosses()),
		AllVotes: add("all_votes", v.allVotesLosses()), GradedMask: add("graded_mask", g.losses(scale)),
		Floor: &floor,
	}
	return r
}
