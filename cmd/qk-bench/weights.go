package main

import (
	"math/rand/v2"

	"qk/cmd/qk-bench/internal/wire"
)

// The streams of random numbers that a seed gives.
const (
	weightStream = iota + 1
	tableStream
	batchStream
	textStream
)

// newProblem starts a problem with the solver's settings and the first weights,
// normal numbers of standard deviation 0.1.
func newProblem(s shape, seed uint64) *wire.Problem {
	p := &wire.Problem{
		Task: s.Task, V: s.V, R: s.R, B: s.B, L: s.L, Batches: batches,
		Adam: wire.Adam{Rate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
	}
	rng := rand.New(rand.NewPCG(seed, weightStream))
	for _, name := range []string{"Q", "K"} {
		x := make([]float32, s.V*s.R)
		for i := range x {
			x[i] = float32(0.1 * rng.NormFloat64())
		}
		p.AddFloats(name, x, s.V, s.R)
	}
	return p
}

// zipf draws words with probability proportional to 1/(rank+2.7), as in
// running text.
type zipf struct {
	sum []float64 // of the weights up to and including a word
}

func newZipf(V int) *zipf {
	z := &zipf{sum: make([]float64, V)}
	total := 0.0
	for w := range z.sum {
		total += 1 / (float64(w) + 2.7)
		z.sum[w] = total
	}
	return z
}

// share is the probability of word w.
func (z *zipf) share(w int) float64 {
	return 1 / (float64(w) + 2.7) / z.sum[len(z.sum)-1]
}

func (z *zipf) draw(rng *rand.Rand) int {
	return below(z.sum, rng.Float64()*z.sum[len(z.sum)-1])
}

// below returns the first index whose running sum is above x.
func below(sum []float64, x float64) int {
	low, high := 0, len(sum)-1
	for low < high {
		if mid := (low + high) / 2; sum[mid] > x {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
