// Package stats sums up measurements that were made in rounds.
package stats

import "slices"

// Spread is a median with the smallest and the largest value.
type Spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// Of returns zeros for no values.
func Of(x []float64) Spread {
	if len(x) == 0 {
		return Spread{}
	}
	s := slices.Clone(x)
	slices.Sort(s)
	n := len(s)
	return Spread{Median: (s[(n-1)/2] + s[n/2]) / 2, Min: s[0], Max: s[n-1]}
}

// Ratios divides round by round, so that what slows a whole round down cancels.
func Ratios(x, by []float64) []float64 {
	out := make([]float64, min(len(x), len(by)))
	for i := range out {
		out[i] = x[i] / by[i]
	}
	return out
}
