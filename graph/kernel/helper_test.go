package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// guard is what surrounds every buffer of a test; a kernel must not change it.
const guard = 64

// sentinel is a number that no test computes. It is not a number, so that a
// kernel that reads a guard gives itself away.
var sentinel = math.NaN()

// arena hands out slices with guards on both sides.
type arena[F Float] struct {
	rng    *rand.Rand
	whole  [][]F
	buffer [][]F
}

func newArena[F Float](seed uint64) *arena[F] {
	return &arena[F]{rng: rand.New(rand.NewPCG(seed, 7))}
}

// normal returns n normal numbers between guards.
func (a *arena[F]) normal(n int) []F {
	whole := make([]F, n+2*guard)
	for i := range whole {
		whole[i] = F(sentinel)
		if i >= guard && i < guard+n {
			whole[i] = F(a.rng.NormFloat64())
		}
	}
	x := whole[guard : guard+n : guard+n]
	a.whole, a.buffer = append(a.whole, whole), append(a.buffer, x)
	return x
}

// gaps writes the sentinel between the rows of a matrix.
func gaps[F Float](x []F, rows, cols, stride int) {
	for i := range rows {
		for j := i*stride + cols; j < (i+1)*stride && j < len(x); j++ {
			x[j] = F(sentinel)
		}
	}
}

// check fails the test if a guard was written to.
func (a *arena[F]) check(t testing.TB, what string) {
	t.Helper()
	for b, whole := range a.whole {
		for i, x := range whole {
			if (i < guard || i >= len(whole)-guard) && x == x {
				t.Fatalf("%s: buffer %d was written to at %d, outside of 0 to %d", what, b, i-guard, len(a.buffer[b]))
			}
		}
	}
}

// near fails the test unless got is within some units in the last place of want,
// relative to scale.
func near[F Float](t testing.TB, what string, got F, want, scale float64) {
	t.Helper()
	tolerance := 1e-14
	if Size[F]() == 4 {
		tolerance = 2e-6
	}
	if d := math.Abs(float64(got) - want); !(d <= tolerance*max(scale, math.Abs(want))) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// each runs a test on every instruction set of this machine and both types.
func each(t *testing.T, single func(*testing.T, *Set[float32]), double func(*testing.T, *Set[float64])) {
	for _, isa := range Available() {
		t.Run(string(isa)+"/float32", func(t *testing.T) { single(t, New[float32](isa)) })
		t.Run(string(isa)+"/float64", func(t *testing.T) { double(t, New[float64](isa)) })
	}
}

// epsilon is the distance from 1 to the next number: the unit in which tests
// state their tolerance.
func epsilon[F Float]() float64 {
	if Size[F]() == 4 {
		return 0x1p-23
	}
	return 0x1p-52
}

// largest is the greatest finite number.
func largest[F Float]() F {
	if Size[F]() == 4 {
		return F(math.MaxFloat32)
	}
	x := math.MaxFloat64
	return F(x)
}

// leastExponent is the exponent below which 2^x stays the same.
func leastExponent[F Float]() float64 {
	if Size[F]() == 4 {
		return -126
	}
	return -1022
}

// within fails the test unless got differs from want by at most so many epsilons
// of scale.
//
// A sum of n products, in any order, is within n/2 epsilons of the sum of their
// absolute values. The reference of a test in float64 is no better, so that n is
// what the tests of sums allow, and some for the rounding at the end.
func within[F Float](t testing.TB, got F, want, units, scale float64, what string, args ...any) {
	if d := math.Abs(float64(got) - want); !(d <= units*epsilon[F]()*scale) {
		t.Helper()
		t.Fatalf("%s: %v, want %v within %.3g epsilons of %.3g", fmt.Sprintf(what, args...), got, want, units, scale)
	}
}

// nan tells whether x is not a number.
func nan[F Float](x F) bool { return x != x }

// notNumbers are values that must not come out of a kernel as numbers: both signs
// of NaN, and infinity.
func notNumbers[F Float]() []F {
	return []F{F(math.NaN()), F(math.Copysign(math.NaN(), -1)), F(math.Inf(1))}
}

// panics fails the test unless f panics.
func panics(t testing.TB, what string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}

// eachBenchmark is [each] for benchmarks.
func eachBenchmark(b *testing.B, single func(*testing.B, *Set[float32]), double func(*testing.B, *Set[float64])) {
	for _, isa := range Available() {
		b.Run(string(isa)+"/float32", func(b *testing.B) { single(b, New[float32](isa)) })
		b.Run(string(isa)+"/float64", func(b *testing.B) { double(b, New[float64](isa)) })
	}
}
