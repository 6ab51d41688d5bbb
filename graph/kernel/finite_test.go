package kernel

import (
	"fmt"
	"math"
	"testing"
)

// eachSolver runs f with every solver as a step of x along g, at a rate so high
// that a g of 1 moves x by half of the greatest number.
func eachSolver[F Float](s *Set[F], f func(name string, step func(x, g []F) bool)) {
	rate := largest[F]() / 2
	f("Adam", func(x, g []F) bool { // with these constants, by the sign of g
		m, v := make([]F, len(x)), make([]F, len(x))
		return s.Adam(x, g, m, v, &AdamStep[F]{Rest1: 1, Rest2: 1, Rate: rate, Root: 1, Epsilon: 1e-30})
	})
	f("Momentum", func(x, g []F) bool {
		return s.Momentum(x, g, make([]F, len(x)), &MomentumStep[F]{Mu: 0.9, Rate: rate})
	})
	f("SGD", func(x, g []F) bool { return s.SGD(x, g, &SGDStep[F]{rate}) })
}

func TestFinite(t *testing.T) { each(t, testFinite, testFinite) }

// testFinite puts one number at every place that makes x overflow, is NaN or
// infinite, and wants the solver to tell; and not to for numbers that only come
// near.
func testFinite[F Float](t *testing.T, s *Set[F]) {
	huge, inf, not := largest[F](), F(math.Inf(1)), F(math.NaN())
	minusNaN := F(math.Copysign(math.NaN(), -1))
	for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 70} {
		for place := range n {
			for _, c := range []struct {
				x, g F
				want bool
			}{
				{1, 1, true}, {-huge, 0, true}, {huge, 1, true}, {-huge, -1, true},
				{-huge, 1, false}, {huge, -1, false},
				{1, not, false}, {1, minusNaN, false}, {1, inf, false}, {1, -inf, false},
				{not, 1, false}, {inf, 1, false}, {-inf, 0, false},
			} {
				eachSolver(s, func(name string, step func(x, g []F) bool) {
					r := newArena[F](uint64(n))
					x, g := r.normal(n), r.normal(n)
					for i := range g {
						g[i] /= 8 // so that nothing else overflows
					}
					x[place], g[place] = c.x, c.g
					got := step(x, g)
					if got != c.want || (nan(c.x) || nan(c.g)) && !nan(x[place]) {
						t.Fatalf("%s, length %d, x = %v and g = %v at %d: x = %v, finite is %v",
							name, n, c.x, c.g, place, x[place], got)
					}
					r.check(t, name)
				})
			}
		}
	}
}

func TestAdamWithoutEpsilon(t *testing.T) { each(t, testAdamWithoutEpsilon, testAdamWithoutEpsilon) }

// testAdamWithoutEpsilon has ε = 0 and no v that is zero: what lies beyond the end
// of the arrays must not count as 0/0.
func testAdamWithoutEpsilon[F Float](t *testing.T, s *Set[F]) {
	c := adamStep[F]()
	c.Epsilon = 0
	for n := 1; n <= 70; n++ {
		r := newArena[F](uint64(n))
		x, g, m, v := r.normal(n), r.normal(n), r.normal(n), r.normal(n)
		for i := range v {
			v[i] *= v[i]
		}
		if !s.Adam(x, g, m, v, c) {
			t.Fatalf("length %d: not finite", n)
		}
		x[n/2], g[n/2], m[n/2], v[n/2] = 1, 0, 0, 0
		if s.Adam(x, g, m, v, c) || !nan(x[n/2]) {
			t.Fatalf("length %d: 0/0 gives %v", n, x[n/2])
		}
		r.check(t, fmt.Sprint("length ", n))
	}
}
