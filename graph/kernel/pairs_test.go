package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestDots(t *testing.T) { each(t, testDots, testDots) }
func TestMix(t *testing.T)  { each(t, testMix, testMix) }

// scattered returns n row numbers below rows, of which some repeat. What surrounds
// them in memory leads out of every array.
func scattered(rng *rand.Rand, n, rows int) []int32 {
	whole := make([]int32, n+2*guard)
	for i := range whole {
		whole[i] = math.MaxInt32
	}
	idx := whole[guard : guard+n : guard+n]
	for i := range idx {
		idx[i] = int32(rng.IntN(rows))
		if i > 0 && rng.IntN(4) == 0 {
			idx[i] = idx[rng.IntN(i)]
		}
	}
	return idx
}

// table returns rows [rows,R] of normal numbers; those that idx does not name are
// not numbers.
func table[F Float](r *arena[F], idx []int32, rows, R int) []F {
	x := r.normal(rows * R)
	for i := range rows {
		if !slices.Contains(idx, int32(i)) {
			for j := range R {
				x[i*R+j] = F(sentinel)
			}
		}
	}
	return x
}

func testDots[F Float](t *testing.T, s *Set[F]) {
	for R := 1; R <= 130; R++ {
		checkDots(t, s, R*7%23, 1+R*11%40, R, uint64(R))
	}
}

func FuzzDots(f *testing.F) {
	f.Add(uint8(3), uint8(9), uint8(17), uint64(1))
	f.Add(uint8(0), uint8(0), uint8(0), uint64(2))
	f.Fuzz(func(t *testing.T, n, rows, R uint8, seed uint64) {
		for _, isa := range Available() {
			checkDots(t, New[float32](isa), int(n), 1+int(rows), 1+int(R), seed)
			checkDots(t, New[float64](isa), int(n), 1+int(rows), 1+int(R), seed)
		}
	})
}

// checkDots wants inner products within R+2 epsilons.
func checkDots[F Float](t *testing.T, s *Set[F], n, rows, R int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	idx := scattered(r.rng, n, rows)
	q, x, out, scale := r.normal(R), table(r, idx, rows, R), r.normal(n), F(r.rng.NormFloat64())
	s.Dots(idx, q, x, scale, out)
	what := fmt.Sprintf("%s: %d of %d rows of %d", s.ISA, n, rows, R)
	r.check(t, what)
	for i, at := range idx {
		var want, size float64
		for j, v := range q {
			p := float64(scale) * float64(v) * float64(x[int(at)*R+j])
			want += p
			size += math.Abs(p)
		}
		within(t, out[i], want, float64(R+2), size, "%s: number %d", what, i)
	}
}

func testMix[F Float](t *testing.T, s *Set[F]) {
	for R := 1; R <= 130; R++ {
		for _, add := range []bool{false, true} {
			checkMix(t, s, R*7%23, 1+R*11%40, R, add, uint64(R))
		}
	}
}

func FuzzMix(f *testing.F) {
	f.Add(uint8(3), uint8(9), uint8(17), true, uint64(1))
	f.Add(uint8(0), uint8(0), uint8(0), false, uint64(2))
	f.Fuzz(func(t *testing.T, n, rows, R uint8, add bool, seed uint64) {
		for _, isa := range Available() {
			checkMix(t, New[float32](isa), int(n), 1+int(rows), 1+int(R), add, seed)
			checkMix(t, New[float64](isa), int(n), 1+int(rows), 1+int(R), add, seed)
		}
	})
}

// checkMix wants sums within n+1 epsilons.
func checkMix[F Float](t *testing.T, s *Set[F], n, rows, R int, add bool, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	idx := scattered(r.rng, n, rows)
	c, x, out := r.normal(n), table(r, idx, rows, R), r.normal(R)
	before := append([]F(nil), out...)
	if !add {
		for j := range out { // must not be read
			out[j] = F(sentinel)
		}
	}
	s.Mix(idx, c, x, out, add)
	what := fmt.Sprintf("%s: %d of %d rows of %d, add %v", s.ISA, n, rows, R, add)
	r.check(t, what)
	for j, got := range out {
		var want float64
		if add {
			want = float64(before[j])
		}
		size := math.Abs(want)
		for i, at := range idx {
			p := float64(c[i]) * float64(x[int(at)*R+j])
			want += p
			size += math.Abs(p)
		}
		within(t, got, want, float64(n+1), size, "%s: number %d", what, j)
	}
}

func TestPairsNotNumbers(t *testing.T) { each(t, testPairsNotNumbers, testPairsNotNumbers) }

// testPairsNotNumbers puts NaN and infinity times zero at every place of a row,
// and wants NaN where that row goes and nowhere else.
func testPairsNotNumbers[F Float](t *testing.T, s *Set[F]) {
	const n, row = 5, 3
	idx := []int32{4, row, 0, row, 1}
	for _, R := range []int{1, 7, 8, 15, 16, 17, 31, 64, 70, 130} {
		for place := range R {
			r := newArena[F](uint64(place))
			q, x, c, out, sum := r.normal(R), r.normal(n*R), r.normal(n), r.normal(n), r.normal(R)
			bad := notNumbers[F]()[place%3]
			x[row*R+place], q[place], c[1], c[3] = bad, 0, 0, 0
			s.Dots(idx, q, x, 1, out)
			for i, at := range idx {
				if nan(out[i]) != (at == row) {
					t.Fatalf("R %d, %v at %d: product %d is %v", R, bad, place, i, out[i])
				}
			}
			s.Mix(idx, c, x, sum, true)
			for j, v := range sum {
				if nan(v) != (j == place) {
					t.Fatalf("R %d, %v at %d: sum %d is %v", R, bad, place, j, v)
				}
			}
			x[row*R+place] = 0
			c[2] = F(math.NaN())
			s.Mix(idx, c, x, sum, false)
			if !nan(sum[place]) || !nan(sum[0]) || !nan(sum[R-1]) {
				t.Fatalf("R %d: a weight of NaN gives %v", R, sum)
			}
			r.check(t, "not numbers")
		}
	}
}
