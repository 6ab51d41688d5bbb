package kernel

import (
	"fmt"
	"math"
	"testing"
)

func TestNorm(t *testing.T) { each(t, testNorm, testNorm) }

// testNorm wants sums of squares within n/2+2 epsilons of float64, which they are
// added up in, for both types.
func testNorm[F Float](t *testing.T, s *Set[F]) {
	for n := range 131 {
		r := newArena[F](uint64(n))
		x := r.normal(n)
		var want float64
		for _, v := range x {
			want += float64(v) * float64(v)
		}
		what := fmt.Sprint("length ", n)
		units := float64(n)/2 + 2
		within(t, s.SumSquares(x), want, units, want, "%s", what)
		within(t, s.Norm(x), math.Sqrt(want), units, math.Sqrt(want), "%s", what)
		r.check(t, what)
	}
}

func TestNormScaled(t *testing.T) { each(t, testNormScaled, testNormScaled) }

// testNormScaled has numbers whose squares overflow or vanish, down to the least
// above zero.
func testNormScaled[F Float](t *testing.T, s *Set[F]) {
	least := F(math.SmallestNonzeroFloat32)
	if Size[F]() == 8 {
		x := math.SmallestNonzeroFloat64
		least = F(x)
	}
	for n := 1; n <= 70; n++ {
		x := make([]F, n)
		for _, size := range []F{0, least, 1e-40, 1e-30, 1, 1e30, largest[F]() / 16} {
			for i := range x {
				x[i] = size
				if i%2 == 0 {
					x[i] = -size
				}
			}
			want := float64(size) * math.Sqrt(float64(n))
			// The least number has one bit, and its norm no more than that unit.
			within(t, s.Norm(x), want, float64(n)/2+4, max(want, 0x1p-1022), "%d times %v", n, size)
		}
		for i := range x {
			x[i] = 0
		}
		x[n-1] = largest[F]()
		if got := s.Norm(x); got != float64(largest[F]()) {
			t.Fatalf("length %d: norm of the greatest number: %v", n, got)
		}
	}
}

func TestNormNotNumbers(t *testing.T) { each(t, testNormNotNumbers, testNormNotNumbers) }

func testNormNotNumbers[F Float](t *testing.T, s *Set[F]) {
	for n := 1; n <= 70; n++ {
		for place := range n {
			r := newArena[F](uint64(n))
			x := r.normal(n)
			x[place] = F(math.Inf(-1))
			if sum, norm := s.SumSquares(x), s.Norm(x); !math.IsInf(sum, 1) || !math.IsInf(norm, 1) {
				t.Fatalf("length %d, −∞ at %d: sum %v, norm %v", n, place, sum, norm)
			}
			x[(place+1)%n] = F(math.NaN())
			if sum, norm := s.SumSquares(x), s.Norm(x); !math.IsNaN(sum) || !math.IsNaN(norm) {
				t.Fatalf("length %d, NaN at %d: sum %v, norm %v", n, (place+1)%n, sum, norm)
			}
		}
	}
}
