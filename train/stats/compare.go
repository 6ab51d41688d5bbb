package stats

import (
	"encoding/json"
)

// Alpha is the probability of chance from which a difference is called noise.
const Alpha = 0.05

// Comparison is how a sample differs from another.
type Comparison struct {
	Delta float64 // of the medians: sample less base
	// P is the probability that chance alone parts the two as far; not a number where
	// either is empty.
	P float64
	// Noise says that P is at least [Alpha], or not a number.
	Noise bool
	// Few says that both samples together are too small for any difference to be
	// more than noise, as with three and three values.
	Few bool
}

// Compare compares a sample with a base, by the test of Mann and Whitney, exact up to 100 values. Samples of nothing
// but one value do not differ: P is 1.
func Compare(sample, base []float64) Comparison {
	c := Comparison{Delta: Of(sample).Median - Of(base).Median, P: uTest(sample, base)}
	c.Noise = !(c.P < Alpha)
	c.Few = least(len(sample), len(base)) >= Alpha
	return c
}

// least is the smallest P that two samples of n and m values without ties can have:
// that of one order of all values, or its reverse, among n+m over n.
func least(n, m int) float64 {
	orders := 1.0
	for i := 1; i <= n; i++ {
		orders *= float64(m+i) / float64(i)
	}
	return min(1, 2/orders)
}

// MarshalJSON writes null for what is not a finite number.
func (c Comparison) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Delta *float64 `json:"delta"`
		P     *float64 `json:"p"`
		Noise bool     `json:"noise"`
	}{finite(c.Delta), finite(c.P), c.Noise})
}
