package train

import (
	"fmt"
	"math"
)

// order compares the order of the scores with the graded mask.
func (c *checker) order() {
	mean, deviation, rows := c.rankAgreement()
	if rows == 0 {
		return
	}
	bound := min(RankAgreement, 3*deviation)
	c.atLeast("rank correlation with the graded mask", mean, bound,
		fmt.Sprintf("mean Somers' D of the scores given KL(P(·|u,w) ‖ P(·|w)), over %d rows by their weight; scores drawn at random have 0 ± %.2g", rows, deviation))
}

// rankAgreement returns the mean of Somers' D over the rows in which the counts
// tell words apart, weighted by how often the row's word occurs, the standard
// deviation that it would have if the scores were drawn at random, and the
// number of these rows. The variance of a row of n words is that of Kendall's τ,
// 2(2n+5)/(9n(n−1)) (M. G. Kendall, "A new measure of rank correlation",
// Biometrika 30, 1938).
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
			n := float64(len(graded))
			variance += float64(mask.N) * float64(mask.N) * 2 * (2*n + 5) / (9 * n * (n - 1))
			rows++
		}
	}
	if rows == 0 {
		return math.NaN(), math.NaN(), 0
	}
	return sum / weight, math.Sqrt(variance) / weight, rows
}
