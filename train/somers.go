package train

// SomersD returns Somers' D of y given x: over all pairs of observations whose
// x differ, the share of those that y orders the same way less the share that y
// orders the other way. Pairs that y ties count as neither. It is 1 when y
// orders everything as x does, 0 without any association and −1 when it
// reverses the order. ok is false when all x are equal.
//
// Ties in x are left out, unlike in Kendall's τ: among words that the counts
// value alike, a learner may put any first.
//
// Source: R. H. Somers, "A new asymmetric measure of association for ordinal
// variables", American Sociological Review 27(6), 1962.
func SomersD(x, y []float64) (d float64, ok bool) {
	var same, opposite, pairs float64
	for i := range x {
		for j := range i {
			if x[i] == x[j] {
				continue
			}
			pairs++
			switch {
			case (x[i] > x[j]) == (y[i] > y[j]) && y[i] != y[j]:
				same++
			case y[i] != y[j]:
				opposite++
			}
		}
	}
	if pairs == 0 {
		return 0, false
	}
	return (same - opposite) / pairs, true
}
