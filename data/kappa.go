package data

import "math"

// FitSmoothing smooths counts with the prior weights under which the counted text
// is most likely when every position is told by the others (leave-one-out, see
// [Smoothing.LeaveOneOut]). One after the other, each maximises Σ ln p over
// positions with the p of a line of the ladder that rests on it:
//
//   - κ₀ with P̃(y), the line unigram,
//   - κ₁ with P̃(y|w), first order,
//   - Alike with [AllVotes],
//   - κ₂ with [GradedMask], whose scale is the best for each κ₂.
//
// MacKay and Peto maximise the evidence, which asks the same of a prior by way of
// the chain rule; leave-one-out needs no digamma functions (H. Ney, U. Essen and
// R. Kneser, "On structuring probabilistic dependences in stochastic language
// modelling", Computer Speech and Language 8(1), 1994). For κ₂ the likelihood of
// the pairs by themselves, Σ c2(u,w,y) ln P̃(y|u,w), would be the wrong measure:
// most earlier words tell nothing, so it asks for a prior that silences all of
// them alike, κ₂ ≈ 1,500 on a million characters of Shakespeare, where masks that
// tell them apart want 2.
//
// Each is the best of a grid of powers of two, refined by golden sections. They
// look at no more than [fitPositions] distinct positions, evenly spread over the
// sorted ones, with the counts of the whole text.
func FitSmoothing(c *Counts) *Smoothing {
	s := newSmoothing(c, Kappa{1, 1, 1, 1})
	v := s.LeaveOneOut()
	v.Places = v.thin(fitPositions)
	fit := func(kappa *float64, loss func() float64) {
		*kappa = fitKappa(func(x float64) float64 {
			*kappa = x
			return loss()
		})
	}
	fit(&s.Kappa.Uniform, func() float64 { return v.Mean(v.unigramLosses()) })
	fit(&s.Kappa.Next, func() float64 { return v.Mean(v.firstOrderLosses()) })
	fit(&s.Kappa.Alike, func() float64 { return v.Mean(v.allVotesLosses()) })
	fit(&s.Kappa.Pair, func() float64 {
		_, loss := v.bestScale(v.grade(), 10)
		return loss
	})
	return s
}

// The prior weights that are looked for, as powers of two. A level at an end
// either needs no prior or tells nothing that the coarser one does not.
const leastKappa, mostKappa = -8, 20

// fitPositions is the most distinct positions that the prior weights are fitted
// to. They are four numbers, which more would hardly move.
const fitPositions = 1 << 15

// fitKappa returns the κ of least loss.
func fitKappa(loss func(kappa float64) float64) float64 {
	f := func(log2 float64) float64 { return loss(math.Exp2(log2)) }
	best, at := math.Inf(1), 0.0
	for x := float64(leastKappa); x <= mostKappa; x += 4 {
		if l := f(x); l < best {
			best, at = l, x
		}
	}
	x, _ := GoldenSection(f, max(leastKappa, at-4), min(mostKappa, at+4), 8)
	return math.Exp2(x)
}

// thin keeps every n-th distinct position, so that at most so many are left.
func (p *Places) thin(most int) *Places {
	n := (len(p.positions) + most - 1) / most
	if n <= 1 {
		return p
	}
	thin := &Places{start: make([]int, len(p.start))}
	for w := range len(p.start) - 1 {
		for i := (p.start[w] + n - 1) / n * n; i < p.start[w+1]; i += n {
			thin.positions = append(thin.positions, p.positions[i])
			thin.Total += p.positions[i].N
		}
		thin.start[w+1] = len(thin.positions)
	}
	return thin
}

// sumBlock is how many numbers are added up at a time, whatever the number of
// processors.
const sumBlock = 1 << 13

// sumBlocks adds up f(0) … f(n−1), which are computed by several goroutines.
func sumBlocks(n int, f func(i int) float64) float64 {
	blocks := make([]float64, (n+sumBlock-1)/sumBlock)
	eachWord(len(blocks), func() func(Word) {
		return func(b Word) {
			var sum float64
			for i := int(b) * sumBlock; i < min(n, (int(b)+1)*sumBlock); i++ {
				sum += f(i)
			}
			blocks[b] = sum
		}
	})
	var sum float64
	for _, b := range blocks {
		sum += b
	}
	return sum
}
