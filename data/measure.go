package data

import (
	"math"
	"slices"
)

// losses returns −ln p at every distinct position, given how a row's are computed:
// f writes them, for the positions of a row, to out.
func (v *Voters) losses(f func(row *RowVotes, out []float64)) []float64 {
	all := make([]float64, len(v.positions))
	v.EachRow(func(row *RowVotes) {
		f(row, all[row.First:row.First+len(row.Positions)])
	})
	return all
}

// Mean returns the mean of a number of every distinct position, such as its loss,
// over all positions.
func (v *Voters) Mean(x []float64) float64 {
	var sum float64
	for i, p := range v.positions {
		sum += float64(p.N) * x[i]
	}
	return sum / float64(v.Total)
}

// unigramLosses is −ln P(y).
func (v *Voters) unigramLosses() []float64 {
	s := v.smoothing
	return v.losses(func(row *RowVotes, out []float64) {
		for i, p := range row.Positions {
			out[i] = -math.Log(s.unigram(p.Next, v.leave))
		}
	})
}

// firstOrderLosses is −ln P(y|w).
func (v *Voters) firstOrderLosses() []float64 {
	return v.losses(func(row *RowVotes, out []float64) {
		for i, base := range row.Base {
			out[i] = -math.Log(base)
		}
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
	return v.losses(func(row *RowVotes, out []float64) {
		at := 0
		for i, p := range row.Positions {
			votes := row.Votes[at : at+len(p.Earlier)]
			at += len(votes)
			sum, n := 0.0, 0.0
			for _, x := range votes {
				sum += x
				n++
			}
			if n == 0 {
				sum, n = row.Base[i], 1
			}
			out[i] = -math.Log(sum / n)
		}
	})
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
	if y, l := goldenSection(at, x-2, x+2, steps); l < best {
		best, x = l, y
	}
	return math.Exp2(x), best
}

func sortedKeys(m map[uint64]float64) []uint64 {
	keys := make([]uint64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
