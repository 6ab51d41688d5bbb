package train

import (
	"fmt"
	"math"
	"slices"
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

// rankAgreement returns the mean of Somers' D over the rows in which the counts
// tell words apart, weighted by how often the row's word occurs, the standard
// deviation that it would have if the scores of each row were drawn at random,
// and the number of these rows.
func (c *checker) rankAgreement() (mean, deviation float64, rows int) {
	V := c.e.Counts.V()
	var sum, weight, variance float64
	for w, l := range c.o.Learned {
		mask := c.e.Masks.Rows[w]
		var graded, scores []float64
		for _, u := range l.Determined {
			cand, _ := mask.Candidate(u)
			graded = append(graded, cand.Divergence)
			scores = append(scores, c.scores[w*V+int(u)])
		}
		if d, ok := SomersD(graded, scores); ok {
			sum += float64(mask.N) * d
			weight += float64(mask.N)
			variance += float64(mask.N) * float64(mask.N) * somersVariance(graded)
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
