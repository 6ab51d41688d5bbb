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
	return meanLoss(c, func(Word, Word) float64 { return 1 }, 0)
}

// GradedMask returns the loss, in nats per position, of attention in proportion
// to the divergence D of each earlier word, the null slot having 1. The one
// scale a is the best found by a search over 2^−20 … 2^20, refined by golden
// sections. As the weights are linear in a, a position needs two sums once and
// for all:
//
//	p = (P(y|w) + a Σ D P(y|u,w)) / (1 + a Σ D)
func GradedMask(c *Counts, m *Masks) float64 {
	n, base := make([]float64, len(c.positions)), make([]float64, len(c.positions))
	votes, weights := make([]float64, len(c.positions)), make([]float64, len(c.positions))
	eachWord(c.V(), func() func(Word) {
		var divergence []float64 // by candidate of the row
		return func(w Word) {
			divergence = m.divergences(divergence[:0], c, w)
			for i := c.start[w]; i < c.start[w+1]; i++ {
				p := c.positions[i]
				n[i], base[i] = float64(p.N), c.Transitions[w].P(p.Next)
				for _, u := range p.Earlier {
					at := c.pairIndex(w, u)
					votes[i] += divergence[at] * c.Pairs[w][at].Next.P(p.Next)
					weights[i] += divergence[at]
				}
			}
		}
	})
	loss := func(log2 float64) float64 {
		scale, sum := math.Exp2(log2), 0.0
		for i := range n {
			sum -= n[i] * math.Log((base[i]+scale*votes[i])/(1+scale*weights[i]))
		}
		return sum / float64(c.Total)
	}
	best, at := loss(-20), -20.0
	for x := -18.0; x <= 20; x += 2 {
		if l := loss(x); l < best {
			best, at = l, x
		}
	}
	return min(best, goldenSection(loss, at-2, at+2, 30))
}

// goldenSection returns the least value that the search for a minimum of f in
// [a,b] meets in the given number of steps.
func goldenSection(f func(float64) float64, a, b float64, steps int) float64 {
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
	return min(f1, f2)
}

// meanLoss returns the mean of −ln p over all positions for the attention
// weights given: p = (null·P(y|w) + Σ weight·P(y|u,w)) / (null + Σ weight),
// and P(y|w) where the denominator is zero. weight is called from several
// goroutines at a time.
func meanLoss(c *Counts, weight func(w, u Word) float64, null float64) float64 {
	terms := make([]float64, len(c.positions)) // N ln p
	eachWord(c.V(), func() func(Word) {
		return func(w Word) {
			for i := c.start[w]; i < c.start[w+1]; i++ {
				p := c.positions[i]
				terms[i] = float64(p.N) * math.Log(probability(c, p, weight, null))
			}
		}
	})
	var sum float64
	for _, t := range terms {
		sum -= t
	}
	return sum / float64(c.Total)
}

// probability is p of one position, see [meanLoss].
func probability(c *Counts, p Position, weight func(w, u Word) float64, null float64) float64 {
	base := c.Transitions[p.Current].P(p.Next)
	num, den := null*base, null
	for _, u := range p.Earlier {
		g := weight(p.Current, u)
		pair, _ := c.Pair(p.Current, u)
		num += g * pair.P(p.Next)
		den += g
	}
	if den > 0 {
		return num / den
	}
	return base
}
