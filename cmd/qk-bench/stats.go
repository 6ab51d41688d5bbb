package main

import "slices"

// spread is a median with the smallest and the largest value.
type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// spreadOf returns zeros for no values.
func spreadOf(x []float64) spread {
	if len(x) == 0 {
		return spread{}
	}
	s := slices.Clone(x)
	slices.Sort(s)
	n := len(s)
	return spread{Median: (s[(n-1)/2] + s[n/2]) / 2, Min: s[0], Max: s[n-1]}
}

// ratios divides round by round, so that what slows a whole round down cancels.
func ratios(x, by []float64) []float64 {
	out := make([]float64, min(len(x), len(by)))
	for i := range out {
		out[i] = x[i] / by[i]
	}
	return out
}
