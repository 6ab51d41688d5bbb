package data

import (
	"iter"
	"math"
	"slices"
)

// AttentionFloor returns a loss, in nats per position, that no attention over
// the counted votes can go below, whatever Q and K are.
//
// With the null slot, attention gives p = Σ λ_k P_k, a mixture of P(·|w) and of
// P(·|u,w) for the earlier words u; without it, P(·|w) takes part only where
// there is no earlier word. Q and K choose the weights λ of all positions
// together, but no choice beats choosing them anew, with the answers known on
// average, for every context (w, U) by itself. So the sum over contexts of
//
//	min over λ of −Σ_y n(y) ln Σ_k λ_k P_k(y)
//
// is a lower bound. Each summand is a convex problem, solved by expectation
// maximisation, and what is returned is not the value reached but the dual
// bound below it: with g_k = Σ_y n(y)/n · P_k(y)/p(y), Jensen's inequality
// gives for every other λ′ that loss(λ′) ≥ loss(λ) − n ln max_k g_k.
//
// The maximum-likelihood mixture and its optimality condition g_k ≤ 1 are in
// B. G. Lindsay, "The geometry of mixture likelihoods", Annals of Statistics
// 11(1), 1983.
func AttentionFloor(c *Counts, null bool) float64 { return NewVoters(c).floor(null) }

// floor is the bound of [AttentionFloor] for any votes: the proof asks nothing of
// them but that some vote for every next word is above zero, so that each position
// may have votes of its own.
func (v *Voters) floor(null bool) float64 {
	bounds := make([][]float64, v.V()) // of the contexts of every word
	v.EachRow(func(row *RowVotes) {
		votes, base := row.Votes, row.Base
		for positions := range contexts(row.Positions) {
			Y, K := len(positions), len(positions[0].Earlier)
			bounds[row.Word] = append(bounds[row.Word], contextFloor(positions, base[:Y], votes[:Y*K], null))
			votes, base = votes[Y*K:], base[Y:]
		}
	})
	var sum float64
	for _, row := range bounds {
		for _, b := range row {
			sum += b
		}
	}
	return sum / float64(v.Total)
}

// ContextEntropy returns the conditional entropy H(y|w,U) of the counts in nats:
// the mean of −ln P(y|w,U), the earlier words taken all together. It is what
// somebody loses who knows the whole context, and below [AttentionFloor] where
// the earlier words tell something only in combination.
func ContextEntropy(c *Counts) float64 {
	var sum float64
	for positions := range contexts(c.positions) {
		var all float64
		for _, p := range positions {
			all += float64(p.N)
		}
		for _, p := range positions {
			sum -= float64(p.N) * math.Log(float64(p.N)/all)
		}
	}
	return sum / float64(c.Total)
}

// contexts yields the distinct positions of one context (w, U) after the other,
// of positions in their order.
func contexts(rest []Position) iter.Seq[[]Position] {
	return func(yield func([]Position) bool) {
		for len(rest) > 0 {
			n := 1
			for n < len(rest) && rest[n].Current == rest[0].Current && slices.Equal(rest[n].Earlier, rest[0].Earlier) {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

// contextFloor bounds Σ −n ln p over the positions of one context from below, given
// the base votes [Y] and those of the earlier words [Y,K].
func contextFloor(positions []Position, base, earlier []float64, null bool) float64 {
	if len(positions) == 1 { // all weight goes to the best voter
		best := 0.0
		if null || len(earlier) == 0 {
			best = base[0]
		}
		for _, vote := range earlier {
			best = max(best, vote)
		}
		return -float64(positions[0].N) * math.Log(best)
	}
	counts := make([]float64, len(positions)) // [Y] n(y)
	for y, p := range positions {
		counts[y] = float64(p.N)
	}
	var votes [][]float64 // [voters][Y] P_k(y)
	K := len(positions[0].Earlier)
	if null || K == 0 {
		votes = append(votes, base)
	}
	for k := range K {
		column := make([]float64, len(positions))
		for y := range column {
			column[y] = earlier[y*K+k]
		}
		votes = append(votes, column)
	}
	return mixtureBound(counts, votes)
}

const (
	mixtureSteps = 200  // at most so many steps of expectation maximisation
	mixtureGap   = 1e-9 // or until the bound is so close, in nats per position
)

// mixtureBound returns a lower bound of min over λ of −Σ n(y) ln Σ λ_k P_k(y).
// counts is n [Y]; votes is P [K,Y], every column with at least one entry above
// zero.
func mixtureBound(counts []float64, votes [][]float64) float64 {
	if len(counts) == 1 { // all weight goes to the best voter
		best := 0.0
		for _, v := range votes {
			best = max(best, v[0])
		}
		return -counts[0] * math.Log(best)
	}
	var total float64
	for _, n := range counts {
		total += n
	}
	bound := 0.0
	for _, v := range votes { // the optimum is often one voter, where the climb is slow
		if slices.Min(v) > 0 {
			loss, gradient := dual(counts, total, votes, v)
			bound = max(bound, loss-total*math.Log(slices.Max(gradient)))
		}
	}
	weights := make([]float64, len(votes))
	for k := range weights {
		weights[k] = 1 / float64(len(votes))
	}
	p := make([]float64, len(counts))
	for range mixtureSteps {
		clear(p)
		for k, v := range votes {
			for y := range p {
				p[y] += weights[k] * v[y]
			}
		}
		loss, gradient := dual(counts, total, votes, p)
		for k, g := range gradient {
			weights[k] *= g
		}
		gap := total * math.Log(slices.Max(gradient))
		bound = max(bound, loss-gap)
		if gap <= mixtureGap*total {
			break
		}
	}
	return bound
}

// dual returns, for a mixture p [Y], the loss −Σ n(y) ln p(y) and the gradient
// g_k = Σ_y n(y)/n · P_k(y)/p(y) of every voter [K].
func dual(counts []float64, total float64, votes [][]float64, p []float64) (loss float64, gradient []float64) {
	for y, n := range counts {
		loss -= n * math.Log(p[y])
	}
	gradient = make([]float64, len(votes))
	for k, v := range votes {
		for y, n := range counts {
			gradient[k] += n / total * v[y] / p[y]
		}
	}
	return loss, gradient
}
