package graph

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// bigNorm is the Euclidean norm with 200 bits and no bounds on the exponent.
func bigNorm(x []float64) float64 {
	sum := new(big.Float).SetPrec(200)
	for _, v := range x {
		b := new(big.Float).SetPrec(200).SetFloat64(v)
		sum.Add(sum, b.Mul(b, b))
	}
	f, _ := sum.Sqrt(sum).Float64()
	return f
}

// TestGradNorm compares with arithmetic of unbounded exponent, for sizes at which
// squares overflow or vanish, and mixtures; in one piece and in several, of one
// member and three.
func TestGradNorm(t *testing.T) {
	for _, single := range []bool{false, true} {
		table := corpus{counts: randomTable(t, 300, 3, 1)}
		for _, rank := range []int{1, 70} {
			m := newModel(t, table, Spec{Task: Recall, Rank: rank, Fused: true, Float32: single})
			for _, sizes := range [][]float64{
				{1}, {1e200}, {1e-200}, {1e154, 1}, {1e-160, 1e-163}, {1e307, 1e-300}, {1e-310}, {5e-324}, {1e200, 1e-200},
				{1e38, 1}, {1e-38}, {1e-44}, {0}, {0, 1e-190}, {3e38, 1e-45}, {1e-145, 1e-146},
			} {
				rng := rand.New(rand.NewPCG(1, 2))
				set(m, func(i int) float64 { return sizes[i%len(sizes)] * (0.5 + rng.Float64()) / 2 })
				var all []float64
				for _, p := range m.params {
					all = p.AppendGradientTo(all)
				}
				want := bigNorm(all)
				for _, members := range []int{1, 3} {
					m.Start(members)
					got := m.GradNorm()
					m.Stop()
					if !(math.Abs(got-want) <= 1e-13*want) && got != want && math.Abs(got-want) > 5e-324 {
						t.Errorf("float32 %v, rank %d, sizes %g: %v, want %v", single, rank, sizes, got, want)
					}
				}
			}
		}
	}
}

// set sets the gradients of a model, number i to f(i).
func set(m *Model, f func(i int) float64) {
	at := 0
	for _, p := range m.params {
		for i := range p.Len() {
			if p.Gradient32 != nil {
				p.Gradient32[i] = float32(f(at))
			} else {
				p.Gradient[i] = f(at)
			}
			at++
		}
	}
}

// TestGradNormNotNumbers puts one number that is none at the ends and in the
// middle of either gradient. The norm must not be finite, whatever the others are.
func TestGradNormNotNumbers(t *testing.T) {
	table := corpus{counts: randomTable(t, 300, 3, 1)}
	for _, single := range []bool{false, true} {
		m := newModel(t, table, Spec{Task: Recall, Rank: 40, Fused: true, Float32: single})
		n := 2 * m.params[0].Len()
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, at := range []int{0, 1, 8191, 8192, n/2 - 1, n / 2, n - 1} {
				for _, size := range []float64{0, 1, 1e-200, 1e200} {
					set(m, func(i int) float64 {
						if i == at {
							return bad
						}
						return size
					})
					if got := m.GradNorm(); !math.IsNaN(got) && !math.IsInf(got, 1) {
						t.Errorf("float32 %v: %v at %d among %g: the norm is %v", single, bad, at, size, got)
					}
				}
			}
		}
	}
	// The norm of finite numbers may itself be above any float64.
	m := newModel(t, table, Spec{Task: Recall, Rank: 1, Fused: true})
	set(m, func(int) float64 { return math.MaxFloat64 })
	if got := m.GradNorm(); !math.IsInf(got, 1) {
		t.Errorf("a norm above any number is %v", got)
	}
}
