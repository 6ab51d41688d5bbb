package stats

import (
	"encoding/json"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is that of the intervals.
const Confidence = 0.95

// Summary is the median of a sample with an interval that holds the median of what
// the sample was drawn from.
type Summary struct {
	N      int
	Median float64 // not a number for no values
	// Low and High are the bounds: two values of the sample, or −∞ and +∞ where it has
	// fewer than the six that an interval of 95 % takes.
	Low, High float64
	// Confidence is that of the interval, at least [Confidence].
	Confidence float64
}

// Of sums up a sample in any order.
//
// The interval is that of order statistics: the median lies below the k-th smallest
// of n values with the probability that a coin shows heads less than k times in n throws,
// and by symmetry above the k-th largest with the same, whatever the distribution (W. R.
// Thompson, "On confidence ranges for the median", Annals of Mathematical Statistics 7,
// 1936). k is the largest for which both together have less than 1 − [Confidence].
func Of(sample []float64) Summary {
	n := len(sample)
	s := Summary{N: n, Median: math.NaN(), Low: math.Inf(-1), High: math.Inf(1), Confidence: 1}
	if n == 0 {
		return s
	}
	sorted := slices.Clone(sample)
	slices.Sort(sorted)
	s.Median = (sorted[(n-1)/2] + sorted[n/2]) / 2
	coin := distuv.Binomial{N: float64(n), P: 0.5}
	for k := 1; k <= n/2; k++ {
		covered := 1 - 2*coin.CDF(float64(k-1))
		if covered < Confidence {
			break
		}
		s.Low, s.High, s.Confidence = sorted[k-1], sorted[n-k], covered
	}
	return s
}

// Bounded tells whether the sample was large enough for an interval.
func (s Summary) Bounded() bool { return !math.IsInf(s.Low, 0) && !math.IsInf(s.High, 0) }

// MarshalJSON writes null for what is not a finite number.
func (s Summary) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		N          int      `json:"n"`
		Median     *float64 `json:"median"`
		Low        *float64 `json:"low"`
		High       *float64 `json:"high"`
		Confidence float64  `json:"confidence"`
	}{s.N, finite(s.Median), finite(s.Low), finite(s.High), s.Confidence})
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
