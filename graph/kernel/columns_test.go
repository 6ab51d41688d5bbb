package kernel

import (
	"fmt"
	"math"
	"testing"
)

func TestExpect(t *testing.T)  { each(t, testExpect, testExpect) }
func TestRetract(t *testing.T) { each(t, testRetract, testRetract) }
func TestRescale(t *testing.T) { each(t, testRescale, testRescale) }

// shapes runs a test for numbers of rows from 1 to 130, of vectors from 1 to 9,
// and strides with and without gaps.
func shapes(f func(n, vectors, gap int)) {
	for n := 1; n <= 130; n++ {
		f(n, 1+n%9, n*5%3*7)
	}
}

// matrix returns a matrix of normal numbers and gaps that are not numbers.
func matrix[F Float](r *arena[F], n, cols, ld int) []F {
	x := r.normal((n-1)*ld + cols)
	gaps(x, n, cols, ld)
	return x
}

// testExpect wants sums within n+1 epsilons.
func testExpect[F Float](t *testing.T, s *Set[F]) {
	shapes(func(n, vectors, gap int) {
		cols := vectors * Lanes[F]()
		ld := cols + gap
		r := newArena[F](uint64(n))
		e, targets, sum := matrix(r, n, cols, ld), matrix(r, n, cols, ld), r.normal(cols)
		before := append([]F(nil), sum...)
		s.Expect(n, cols, e, targets, ld, sum)
		what := fmt.Sprintf("[%d,%d], gap %d", n, cols, gap)
		r.check(t, what)
		for j := range cols {
			want := float64(before[j])
			scale := math.Abs(want)
			for i := range n {
				p := float64(e[i*ld+j]) * float64(targets[i*ld+j])
				want += p
				scale += math.Abs(p)
			}
			within(t, sum[j], want, float64(n+1), scale, "%s: sum[%d]", what, j)
		}
	})
}

// testRetract wants differences within 2 epsilons of what they are taken of.
func testRetract[F Float](t *testing.T, s *Set[F]) {
	shapes(func(n, vectors, gap int) {
		cols := vectors * Lanes[F]()
		ld := cols + gap
		r := newArena[F](uint64(n))
		e, targets, z := matrix(r, n, cols, ld), matrix(r, n, cols, ld), r.normal(cols)
		before := append([]F(nil), e...)
		s.Retract(n, cols, e, targets, ld, z)
		what := fmt.Sprintf("[%d,%d], gap %d", n, cols, gap)
		r.check(t, what)
		checkGaps(t, what, e, n, cols, ld)
		for i := range n {
			for j := range cols {
				x, p := float64(before[i*ld+j]), float64(targets[i*ld+j])*float64(z[j])
				within(t, e[i*ld+j], x-p, 2, math.Abs(x)+math.Abs(p), "%s: e[%d,%d]", what, i, j)
			}
		}
	})
}

// testRescale wants exact products: there is nothing but one rounding.
func testRescale[F Float](t *testing.T, s *Set[F]) {
	shapes(func(n, vectors, gap int) {
		cols := vectors * Lanes[F]()
		ld := cols + gap
		r := newArena[F](uint64(n))
		e, c := matrix(r, n, cols, ld), r.normal(cols)
		before := append([]F(nil), e...)
		s.Rescale(n, cols, e, ld, c)
		what := fmt.Sprintf("[%d,%d], gap %d", n, cols, gap)
		r.check(t, what)
		checkGaps(t, what, e, n, cols, ld)
		for i := range n {
			for j := range cols {
				if want := before[i*ld+j] * c[j]; e[i*ld+j] != want {
					t.Fatalf("%s: e[%d,%d] = %v, want %v", what, i, j, e[i*ld+j], want)
				}
			}
		}
	})
}

func TestColumnsNotNumbers(t *testing.T) { each(t, testColumnsNotNumbers, testColumnsNotNumbers) }

// testColumnsNotNumbers puts NaN and infinity times zero into one column of every
// operand and wants NaN in that column alone.
func testColumnsNotNumbers[F Float](t *testing.T, s *Set[F]) {
	const n = 5
	cols := 5 * Lanes[F]()
	for trial := range 3 * cols {
		r := newArena[F](uint64(trial))
		e, targets, v := r.normal(n*cols), r.normal(n*cols), r.normal(cols)
		row, col, bad := trial%n, trial*7%cols, notNumbers[F]()[trial%3]
		if trial%2 == 0 {
			e[row*cols+col], targets[row*cols+col], v[col] = bad, 0, 0
		} else {
			e[row*cols+col], targets[row*cols+col], v[col] = 0, bad, 0
		}
		wrong := func(what string, x []F) {
			t.Helper()
			for j := range cols {
				if nan(x[j]) != (j == col) {
					t.Fatalf("%s, %v in row %d of column %d: column %d: %v", what, bad, row, col, j, x[j])
				}
			}
		}
		sum := append([]F(nil), v...)
		s.Expect(n, cols, e, targets, cols, sum)
		wrong("Expect", sum)
		if trial%2 == 0 {
			s.Rescale(n, cols, e, cols, v)
			wrong("Rescale", e[row*cols:])
		} else {
			s.Retract(n, cols, e, targets, cols, v)
			wrong("Retract", e[row*cols:])
		}
		r.check(t, "not numbers")
	}
}
