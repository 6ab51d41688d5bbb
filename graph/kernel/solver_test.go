package kernel

import (
	"fmt"
	"math"
	"testing"
)

func TestAdam(t *testing.T) { each(t, lengths(checkAdam[float32]), lengths(checkAdam[float64])) }
func TestMomentum(t *testing.T) {
	each(t, lengths(checkMomentum[float32]), lengths(checkMomentum[float64]))
}
func TestSGD(t *testing.T) { each(t, lengths(checkSGD[float32]), lengths(checkSGD[float64])) }

// lengths runs a test for all lengths from 0 to 130.
func lengths[F Float](check func(*testing.T, *Set[F], int, uint64)) func(*testing.T, *Set[F]) {
	return func(t *testing.T, s *Set[F]) {
		for n := range 131 {
			check(t, s, n, uint64(n))
		}
	}
}

func FuzzSolvers(f *testing.F) {
	f.Add(uint16(1), uint64(1))
	f.Add(uint16(33), uint64(2))
	f.Fuzz(func(t *testing.T, n uint16, seed uint64) {
		for _, isa := range Available() {
			solvers(t, New[float32](isa), int(n%2000), seed)
			solvers(t, New[float64](isa), int(n%2000), seed)
		}
	})
}

func solvers[F Float](t *testing.T, s *Set[F], n int, seed uint64) {
	t.Helper()
	checkAdam(t, s, n, seed)
	checkMomentum(t, s, n, seed)
	checkSGD(t, s, n, seed)
}

func adamStep[F Float]() *AdamStep[F] {
	return &AdamStep[F]{Beta1: 0.9, Rest1: 0.1, Beta2: 0.999, Rest2: 0.001, Rate: 0.003, Root: 1.7, Epsilon: 1e-8}
}

// checkAdam holds m and v within 2 epsilons of their terms, and x within 6 of what
// the new m and v make of it: a product, a root, a multiply-add, a division and a
// difference.
func checkAdam[F Float](t *testing.T, s *Set[F], n int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	x, g, m, v := r.normal(n), r.normal(n), r.normal(n), r.normal(n)
	for i := range v {
		v[i] *= v[i]
		if i%5 == 4 {
			g[i], v[i] = 0, 0
		}
	}
	x0, g0, m0, v0 := clone(x), clone(g), clone(m), clone(v)
	c := adamStep[F]()
	finite := s.Adam(x, g, m, v, c)
	what := fmt.Sprintf("%s: length %d", s.ISA, n)
	r.check(t, what)
	if !finite {
		t.Fatalf("%s: not finite", what)
	}
	for i := range x {
		a, b := float64(c.Beta1)*float64(m0[i]), float64(c.Rest1)*float64(g0[i])
		within(t, m[i], a+b, 2, math.Abs(a)+math.Abs(b), "%s: number %d: m", what, i)
		a, b = float64(c.Beta2)*float64(v0[i]), float64(c.Rest2)*float64(g0[i])*float64(g0[i])
		within(t, v[i], a+b, 3, a+b, "%s: number %d: v", what, i)
		step := float64(c.Rate) * float64(m[i]) / (math.Sqrt(float64(v[i]))*float64(c.Root) + float64(c.Epsilon))
		within(t, x[i], float64(x0[i])-step, 6, math.Abs(float64(x0[i]))+math.Abs(step), "%s: number %d: x", what, i)
		if g[i] != g0[i] {
			t.Fatalf("%s: g was written to at %d", what, i)
		}
	}
}

// checkMomentum wants v within 2 epsilons of its terms, and x likewise.
func checkMomentum[F Float](t *testing.T, s *Set[F], n int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	x, g, v := r.normal(n), r.normal(n), r.normal(n)
	x0, g0, v0 := clone(x), clone(g), clone(v)
	c := &MomentumStep[F]{Mu: 0.9, Rate: 0.3}
	finite := s.Momentum(x, g, v, c)
	what := fmt.Sprintf("%s: length %d", s.ISA, n)
	r.check(t, what)
	if !finite {
		t.Fatalf("%s: not finite", what)
	}
	for i := range x {
		a, b := float64(c.Mu)*float64(v0[i]), float64(g0[i])
		within(t, v[i], a+b, 2, math.Abs(a)+math.Abs(b), "%s: number %d: v", what, i)
		step := float64(c.Rate) * float64(v[i])
		within(t, x[i], float64(x0[i])-step, 2, math.Abs(float64(x0[i]))+math.Abs(step), "%s: number %d: x", what, i)
		if g[i] != g0[i] {
			t.Fatalf("%s: g was written to at %d", what, i)
		}
	}
}

// checkSGD wants x within 2 epsilons of its terms.
func checkSGD[F Float](t *testing.T, s *Set[F], n int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	x, g := r.normal(n), r.normal(n)
	x0, g0 := clone(x), clone(g)
	finite := s.SGD(x, g, &SGDStep[F]{0.3})
	what := fmt.Sprintf("%s: length %d", s.ISA, n)
	r.check(t, what)
	if !finite {
		t.Fatalf("%s: not finite", what)
	}
	for i := range x {
		step := float64(F(0.3)) * float64(g[i])
		within(t, x[i], float64(x0[i])-step, 2, math.Abs(float64(x0[i]))+math.Abs(step), "%s: number %d", what, i)
		if g[i] != g0[i] {
			t.Fatalf("%s: g was written to at %d", what, i)
		}
	}
}

func clone[F Float](x []F) []F { return append([]F(nil), x...) }
