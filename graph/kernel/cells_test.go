package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestPick(t *testing.T)  { each(t, testPick, testPick) }
func TestPlace(t *testing.T) { each(t, testPlace, testPlace) }

// places returns n different places below size, in no order. What surrounds them
// in memory leads out of every array.
func places(rng *rand.Rand, n, size int) []int32 {
	at := scattered(rng, n, size)
	for i, p := range rng.Perm(size)[:n] {
		at[i] = int32(p)
	}
	return at
}

func testPick[F Float](t *testing.T, s *Set[F]) {
	for n := 0; n <= 130; n++ {
		checkPick(t, s, n, 1+n*11%140, uint64(n))
	}
}

func testPlace[F Float](t *testing.T, s *Set[F]) {
	for n := 0; n <= 130; n++ {
		checkPlace(t, s, n, n*11%40, uint64(n))
	}
}

func FuzzCells(f *testing.F) {
	f.Add(uint8(3), uint8(9), uint64(1))
	f.Add(uint8(0), uint8(0), uint64(2))
	f.Fuzz(func(t *testing.T, n, size uint8, seed uint64) {
		for _, isa := range Available() {
			checkPick(t, New[float32](isa), int(n), 1+int(size), seed)
			checkPick(t, New[float64](isa), int(n), 1+int(size), seed)
			checkPlace(t, New[float32](isa), int(n), int(size), seed)
			checkPlace(t, New[float64](isa), int(n), int(size), seed)
		}
	})
}

// checkPick wants products within an epsilon, and their sum within n of float64.
// Places may repeat.
func checkPick[F Float](t *testing.T, s *Set[F], n, size int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	at := scattered(r.rng, n, size)
	v, x := r.normal(n), table(r, at, size, 1)
	got := s.Pick(at, v, x)
	what := fmt.Sprintf("%s: %d of %d", s.ISA, n, size)
	r.check(t, what)
	var want, sum float64
	for i, p := range at {
		p := float64(v[i]) * float64(x[p])
		want += p
		sum += math.Abs(p)
	}
	if d := math.Abs(got - want); !(d <= (epsilon[F]()+float64(n)*epsilon[float64]())*sum) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// checkPlace wants sums within 2 epsilons, and all other numbers as they were: of
// n + more numbers n are changed.
func checkPlace[F Float](t *testing.T, s *Set[F], n, more int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	at := places(r.rng, n, n+more)
	v, x, c := r.normal(n), r.normal(n+more), F(r.rng.NormFloat64())
	want, scale := make([]float64, len(x)), make([]float64, len(x))
	for i, v := range x {
		want[i] = float64(v)
	}
	for i, p := range at {
		scale[p] = math.Abs(want[p]) + math.Abs(float64(c)*float64(v[i]))
		want[p] += float64(c) * float64(v[i])
	}
	s.Place(at, v, c, x)
	what := fmt.Sprintf("%s: %d of %d", s.ISA, n, n+more)
	r.check(t, what)
	for i, got := range x {
		within(t, got, want[i], 2, scale[i], "%s: number %d", what, i)
	}
}

func TestCellsNotNumbers(t *testing.T) { each(t, testCellsNotNumbers, testCellsNotNumbers) }

// testCellsNotNumbers puts NaN and infinity times zero at every place and wants
// them where they go and nowhere else.
func testCellsNotNumbers[F Float](t *testing.T, s *Set[F]) {
	for _, n := range []int{1, 3, 4, 7, 8, 9, 15, 16, 17, 33, 70} {
		for bad := range n {
			r := newArena[F](uint64(bad))
			at := places(r.rng, n, n+3)
			v, x := r.normal(n), r.normal(n+3)
			worse := notNumbers[F]()[bad%3]
			x[at[bad]], v[bad] = worse, 0
			if got := s.Pick(at, v, x); got == got {
				t.Fatalf("%d places, %v times 0 at %d: %v", n, worse, bad, got)
			}
			x[at[bad]], v[bad] = 0, worse
			s.Place(at, v, 0, x)
			for i, got := range x {
				if nan(got) != (i == int(at[bad])) {
					t.Fatalf("%d places, 0 times %v at %d: number %d is %v", n, worse, bad, i, got)
				}
			}
			r.check(t, "not numbers")
		}
	}
}

func TestCellsRefuse(t *testing.T) { each(t, testCellsRefuse, testCellsRefuse) }

// testCellsRefuse puts a place outside of x into every position, and hands over
// too few values.
func testCellsRefuse[F Float](t *testing.T, s *Set[F]) {
	for _, n := range []int{1, 2, 4, 5, 8, 15, 16, 17, 40} {
		for bad := range n {
			for _, outside := range []int32{-1, int32(n), math.MaxInt32, math.MinInt32} {
				r := newArena[F](1)
				at := places(r.rng, n, n)
				v, x := r.normal(n), r.normal(n)
				at[bad] = outside
				what := fmt.Sprintf("%d numbers, place %d is %d", n, bad, outside)
				panics(t, "Pick: "+what, func() { s.Pick(at, v, x) })
				panics(t, "Place: "+what, func() { s.Place(at, v, 1, x) })
				r.check(t, what)
			}
		}
		r := newArena[F](2)
		at := places(r.rng, n, n)
		short, x := r.normal(n-1), r.normal(n)
		panics(t, "Pick: too few values", func() { s.Pick(at, short, x) })
		panics(t, "Place: too few values", func() { s.Place(at, short, 1, x) })
		if n > 1 {
			panics(t, "Pick: nothing to pick", func() { s.Pick(at, x, nil) })
		}
	}
}

func TestCellsLeaveControl(t *testing.T) { each(t, testCellsLeaveControl, testCellsLeaveControl) }

// testCellsLeaveControl: the kernels flush denormal numbers, the program that calls
// them does not.
func testCellsLeaveControl[F Float](t *testing.T, s *Set[F]) {
	at, v, x := []int32{0, 1}, []F{1, 1}, []F{1, 1}
	tiny := math.SmallestNonzeroFloat64
	s.Pick(at, v, x)
	if tiny*float64(x[0]) == 0 {
		t.Error("Pick leaves denormal numbers flushed")
	}
	s.Place(at, v, 0, x)
	if tiny*float64(x[0]) == 0 {
		t.Error("Place leaves denormal numbers flushed")
	}
}
