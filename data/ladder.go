package data

import "math"

// Ladder holds the reference losses that a learned loss is read against, in nats
// per position. One that is not defined is nil.
type Ladder struct {
	// Unigram is the mean of −ln P(y): no word at all is used.
	Unigram *float64 `json:"unigram"`
	// FirstOrder is the mean of −ln P(y|w): no earlier word is used.
	FirstOrder *float64 `json:"first_order"`
	// AllVotes is the loss when every earlier word has an equal vote.
	AllVotes *float64 `json:"all_votes"`
	// GradedMask is the loss when each earlier word's attention, against 1 for
	// the null slot, is its [Divergence] times one scale for the whole corpus,
	// fitted to the same positions.
	GradedMask *float64 `json:"graded_mask"`
	// BestMask is the loss with the best binary mask of every row. It is not
	// defined where a row has more than [MaxExhaustive] earlier words.
	BestMask *float64 `json:"best_mask"`
	// Floor is the loss that no Q and K can go below, see [AttentionFloor].
	// Without the null slot the lines that fall back on P(y|w) may be lower: that
	// is out of reach of the form.
	Floor *float64 `json:"floor"`
	// FloorGap is how far above Floor, at most, the loss is that can be reached:
	// of the objective squared, where Floor is the lower end of [FloorBounds]. It
	// is nil where Floor is exact.
	FloorGap *float64 `json:"floor_gap,omitempty"`
}

// PredictLadder computes the reference losses of the task predict. With null set, the form
// with the null slot is bounded by Floor, else the form without it. Without masks,
// for texts too large to hold them, it derives them once more, row by row.
func PredictLadder(c *Counts, m *Masks, null bool) Ladder {
	unigram, first, all, graded := Unigram(c), FirstOrder(c), AllVotes(c), GradedMask(c, m)
	floor := AttentionFloor(c, null)
	l := Ladder{Unigram: &unigram, FirstOrder: &first, AllVotes: &all, GradedMask: &graded, Floor: &floor}
	if best, ok := m.BestLoss(c); ok {
		l.BestMask = &best
	}
	return l
}

// RecallLadder computes the reference losses of recall with cross-entropy,
// whose floor is the conditional entropy H(y|w), by Gibbs' inequality.
func RecallLadder(c *Counts) Ladder {
	unigram, floor := Unigram(c), FirstOrder(c)
	return Ladder{Unigram: &unigram, FirstOrder: &floor, Floor: &floor}
}

// Unigram returns the mean of −ln P(y) over all positions, the entropy of the
// next word, in nats.
func Unigram(c *Counts) float64 {
	next := make([]uint64, c.V())
	for _, row := range c.Transitions {
		for _, cell := range row.Cells {
			next[cell.Word] += cell.N
		}
	}
	var sum float64
	for _, n := range next {
		if n > 0 {
			sum -= float64(n) * math.Log(float64(n)/float64(c.Total))
		}
	}
	return sum / float64(c.Total)
}

// FirstOrder returns the mean of −ln P(y|w) over all positions, which is the
// conditional entropy H(y|w) of the counts, in nats.
func FirstOrder(c *Counts) float64 {
	var sum float64
	for _, row := range c.Transitions {
		for _, cell := range row.Cells {
			sum -= float64(cell.N) * math.Log(float64(cell.N)/float64(row.Total))
		}
	}
	return sum / float64(c.Total)
}

// AllVotes returns the loss of uniform attention over the earlier words, in
// nats per position. A position without earlier words has P(y|w).
func AllVotes(c *Counts) float64 {
	v := NewVoters(c)
	return v.Mean(v.allVotesLosses())
}

// GradedMask returns the loss, in nats per position, of attention in proportion
// to the divergence D of each earlier word, the null slot having 1. The one
// scale a is the best found by a search over 2^−20 … 2^20, refined by golden
// sections. As the weights are linear in a, a position needs two sums once and
// for all:
//
//	p = (P(y|w) + a Σ D P(y|u,w)) / (1 + a Σ D)
func GradedMask(c *Counts, m *Masks) float64 {
	v := NewVoters(c)
	v.masks = m
	_, loss := v.bestScale(v.grade(), scaleSteps)
	return loss
}

// scaleSteps is how many golden sections refine the scale of a graded mask.
const scaleSteps = 30

// GoldenSection returns the least value that the search for a minimum of f in
// [a,b] meets in the given number of steps, and where.
func GoldenSection(f func(float64) float64, a, b float64, steps int) (x, least float64) {
	ratio := (math.Sqrt(5) - 1) / 2
	x1, x2 := b-ratio*(b-a), a+ratio*(b-a)
	f1, f2 := f(x1), f(x2)
	for range steps {
		if f1 < f2 {
			b, x2, f2 = x2, x1, f1
			x1 = b - ratio*(b-a)
			f1 = f(x1)
		} else {
			a, x1, f1 = x1, x2, f2
			x2 = a + ratio*(b-a)
			f2 = f(x2)
		}
	}
	if f1 < f2 {
		return x1, f1
	}
	return x2, f2
}
