package train

import (
	"fmt"
	"math"
	"slices"

	"qk/data"
)

// order compares the order of the scores with the graded mask.
func (c *checker) order() {
	mean, deviation, rows := c.rankAgreement()
	if rows == 0 {
		return
	}
	bound := min(RankAgreement, 3*deviation)
	c.atLeast("rank correlation with the graded mask", mean, bound,
		fmt.Sprintf("mean Somers' D of the scores given KL(P(·|u,w) ‖ P(·|w)), over %d rows by their weight; scores drawn at random, row by row, have 0 ± %.2g", rows, deviation))
}

// rowRank says how the order of a row's scores agrees with its graded mask.
type rowRank struct {
	d        float64 // Somers' D
	variance float64 // of D for scores drawn at random
	ok       bool    // whether the counts tell words of the row apart
}

// rankRow compares the scores S[w,·] [V] of a row with its graded mask, at the
// words that the data determine.
func rankRow(mask data.MaskRow, determined []data.Word, s []float64) rowRank {
	var graded, scores []float64
	for _, u := range determined {
		cand, _ := mask.Candidate(u)
		graded = append(graded, cand.Divergence)
		scores = append(scores, s[u])
	}
	d, ok := SomersD(graded, scores)
	if !ok {
		return rowRank{}
	}
	return rowRank{d: d, variance: somersVariance(graded), ok: true}
}

// rankAgreement returns the mean of Somers' D over the rows in which the counts
// tell words apart, weighted by how often the row's word occurs, the standard
// deviation that it would have if the scores of each row were drawn at random,
// and the number of these rows.
func (c *checker) rankAgreement() (mean, deviation float64, rows int) {
	var sum, weight, variance float64
	for w, r := range c.ranks {
		if r.ok {
			n := float64(c.e.Counts.Transitions[w].Total)
			sum += n * r.d
			weight += n
			variance += n * n * r.variance
			rows++
		}
	}
	if rows == 0 {
		return math.NaN(), math.NaN(), 0
	}
	return sum / weight, math.Sqrt(variance) / weight, rows
}

// somersVariance is the variance of Somers' D given x when y is a random order of
// n observations without ties: that of Kendall's S with groups of t tied x,
//
//	(n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18
//
// over the square of the number of pairs whose x differ (M. G. Kendall, "Rank
// Correlation Methods", chapter 4).
func somersVariance(x []float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	s := func(n float64) float64 { return n * (n - 1) * (2*n + 5) / 18 }
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	n := float64(len(sorted))
	variance, untied := s(n), pairs(n)
	for len(sorted) > 0 {
		t := 1
		for t < len(sorted) && sorted[t] == sorted[0] {
			t++
		}
		variance -= s(float64(t))
		untied -= pairs(float64(t))
		sorted = sorted[t:]
	}
	return variance / (untied * untied)
}
