package data

import (
	"math"
)

// Mean returns the mean of a number of every distinct position, such as its loss,
// over all positions.
func (v *Voters) Mean(x []float64) float64 {
	var sum float64
	for i, p := range v.positions {
		sum += float64(p.N) * x[i]
	}
	return sum / float64(v.Total)
}

// eachPosition returns f of every distinct position.
func (v *Voters) eachPosition(f func(p Position) float64) []float64 {
	all := make([]float64, len(v.positions))
	eachWord(v.V(), func() func(Word) {
		return func(w Word) {
			for i := v.start[w]; i < v.start[w+1]; i++ {
				all[i] = f(v.positions[i])
			}
		}
	})
	return all
}

// unigramLosses is −ln P(y), smoothed.
func (v *Voters) unigramLosses() []float64 {
	return v.eachPosition(func(p Position) float64 { return -math.Log(v.smoothing.unigram(p.Next, v.leaves(p))) })
}

// firstOrderLosses is −ln P(y|w).
func (v *Voters) firstOrderLosses() []float64 {
	return v.eachPosition(func(p Position) float64 {
		return -math.Log(v.base(v.counts.Transitions[p.Current], p.Next, v.leaves(p)))
	})
}

// allVotesLosses is −ln of the mean vote of the earlier words, or of the base where
// there are none. Smoothed votes have a prior weight of their own for it.
func (v *Voters) allVotesLosses() []float64 {
	if v.smoothing != nil {
		alike, copied := *v.smoothing, *v
		alike.Kappa.Pair = alike.Kappa.Alike
		copied.smoothing = &alike
		v = &copied
	}
	all := make([]float64, len(v.positions))
	v.EachRow(func(row *RowVotes) {
		votes := row.Votes
		for i, p := range row.Positions {
			sum, n := 0.0, len(p.Earlier)
			for _, x := range votes[:n] {
				sum += x
			}
			votes = votes[n:]
			if n == 0 {
				sum, n = row.Base[i], 1
			}
			all[row.First+i] = -math.Log(sum / float64(n))
		}
	})
	return all
}

// grading is what the loss of a graded mask takes at every distinct position.
type grading struct {
	base, votes, weights []float64 // P(y|w), Σ D P(y|u,w), Σ D
}

// grade adds up the votes by how much each earlier word tells.
func (v *Voters) grade() *grading {
	n := len(v.positions)
	g := &grading{make([]float64, n), make([]float64, n), make([]float64, n)}
	v.EachRow(func(row *RowVotes) {
		graded, at := row.graded(), 0
		for i, p := range row.Positions {
			to := row.First + i
			g.base[to] = row.Base[i]
			for range p.Earlier {
				g.votes[to] += graded[at] * row.Votes[at]
				g.weights[to] += graded[at]
				at++
			}
		}
	})
	return g
}

// loss returns −ln p at a position with a scale of the divergences.
func (g *grading) loss(i int, scale float64) float64 {
	return -math.Log((g.base[i] + scale*g.votes[i]) / (1 + scale*g.weights[i]))
}

func (g *grading) losses(scale float64) []float64 {
	out := make([]float64, len(g.base))
	for i := range out {
		out[i] = g.loss(i, scale)
	}
	return out
}

// gradedMean is the mean of [grading.loss] over all positions.
func (v *Voters) gradedMean(g *grading, scale float64) float64 {
	term := func(i int) float64 { return float64(v.positions[i].N) * g.loss(i, scale) }
	if v.smoothing != nil {
		return sumBlocks(len(v.positions), term) / float64(v.Total)
	}
	var sum float64 // one by one, as ever
	for i := range v.positions {
		sum += term(i)
	}
	return sum / float64(v.Total)
}

// bestScale looks for the scale of the divergences of the least loss, and returns
// both. The given number of golden sections refines it.
func (v *Voters) bestScale(g *grading, steps int) (scale, loss float64) {
	at := func(log2 float64) float64 { return v.gradedMean(g, math.Exp2(log2)) }
	best, x := at(-20), -20.0
	for y := -18.0; y <= 20; y += 2 {
		if l := at(y); l < best {
			best, x = l, y
		}
	}
	if y, l := GoldenSection(at, x-2, x+2, steps); l < best {
		best, x = l, y
	}
	return math.Exp2(x), best
}
