package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestSoftmax(t *testing.T) { each(t, testSoftmax, testSoftmax) }

func testSoftmax[F Float](t *testing.T, s *Set[F]) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 130; n++ {
		scale := []float64{1, 100, 1000, 1e4, 1e30}[n%5]
		checkSoftmax(t, s, n, 1+n%9, rng.IntN(3)*rng.IntN(20), scale, uint64(n))
	}
}

func FuzzSoftmax(f *testing.F) {
	f.Add(uint8(1), uint8(1), uint8(0), 1.0, uint64(1))
	f.Add(uint8(7), uint8(5), uint8(3), 1e4, uint64(2))
	f.Fuzz(func(t *testing.T, n, vectors, gap uint8, scale float64, seed uint64) {
		if n == 0 || vectors == 0 || !(math.Abs(scale) < 1e37) { // sums of normals stay finite
			return
		}
		for _, isa := range Available() {
			checkSoftmax(t, New[float32](isa), int(n), 1+int(vectors%9), int(gap), scale, seed)
			checkSoftmax(t, New[float64](isa), int(n), 1+int(vectors%9), int(gap), scale, seed)
		}
	})
}

// checkSoftmax holds the softmax of normal numbers against the definition: m
// exact, e within 3 epsilons of itself, z within n.
func checkSoftmax[F Float](t *testing.T, s *Set[F], n, vectors, gap int, scale float64, seed uint64) {
	t.Helper()
	cols := vectors * Lanes[F]()
	ld := cols + gap
	r := newArena[F](seed)
	e, m, z := r.normal((n-1)*ld+cols), r.normal(cols), r.normal(cols)
	for i := range e {
		e[i] *= F(scale)
	}
	gaps(e, n, cols, ld)
	before := append([]F(nil), e...)
	s.Softmax(n, cols, e, ld, m, z)
	what := fmt.Sprintf("%s [%d,%d], gap %d, scale %g", s.ISA, n, cols, gap, scale)
	r.check(t, what)
	for j := range cols {
		top := before[j]
		for i := range n {
			top = max(top, before[i*ld+j])
		}
		if m[j] != top {
			t.Fatalf("%s: m[%d] = %v, want %v", what, j, m[j], top)
		}
		var sum float64
		for i := range n {
			difference := before[i*ld+j] - top
			want := math.Exp2(max(float64(difference), leastExponent[F]()))
			within(t, e[i*ld+j], want, 3, want, "%s: e[%d,%d]", what, i, j)
			sum += float64(e[i*ld+j])
		}
		within(t, z[j], sum, float64(n), sum, "%s: z[%d]", what, j)
	}
	checkGaps(t, what, e, n, cols, ld)
}

// checkGaps fails the test if the numbers between rows were written to.
func checkGaps[F Float](t *testing.T, what string, x []F, rows, cols, ld int) {
	t.Helper()
	for i := range rows - 1 {
		for _, v := range x[i*ld+cols : (i+1)*ld] {
			if !nan(v) {
				t.Fatalf("%s: the gap after row %d was written to", what, i)
			}
		}
	}
}

func TestSoftmaxNotNumbers(t *testing.T) { each(t, testSoftmaxNotNumbers, testSoftmaxNotNumbers) }

// testSoftmaxNotNumbers puts NaN and infinity into every row of one column, and
// wants its z and no other to be NaN.
func testSoftmaxNotNumbers[F Float](t *testing.T, s *Set[F]) {
	r := newArena[F](1)
	for _, vectors := range []int{1, 2, 4, 5} {
		cols := vectors * Lanes[F]()
		for n := 1; n <= 6; n++ {
			e, m, z := r.normal(n*cols), r.normal(cols), r.normal(cols)
			for row := range n {
				for _, bad := range notNumbers[F]() {
					col := (7*row + 3*n) % cols
					for i := range e {
						e[i] = F(r.rng.NormFloat64())
					}
					e[row*cols+col] = bad
					s.Softmax(n, cols, e, cols, m, z)
					for j := range cols {
						if nan(z[j]) != (j == col) {
							t.Fatalf("[%d,%d], %v in row %d of column %d: z[%d] = %v", n, cols, bad, row, col, j, z[j])
						}
					}
				}
			}
		}
	}
	r.check(t, "not numbers")
}

func TestSoftmaxInfinity(t *testing.T) { each(t, testSoftmaxInfinity, testSoftmaxInfinity) }

// testSoftmaxInfinity has −∞ beside numbers, which counts as the least exponent,
// and alone, of which there is no softmax.
func testSoftmaxInfinity[F Float](t *testing.T, s *Set[F]) {
	cols, minus := Lanes[F](), F(math.Inf(-1))
	least := F(math.Exp2(leastExponent[F]()))
	e, m, z := make([]F, 3*cols), make([]F, cols), make([]F, cols)
	for j := range cols {
		e[j], e[cols+j], e[2*cols+j] = minus, 5, 4
		if j == 2 {
			e[cols+j], e[2*cols+j] = minus, minus
		}
	}
	s.Softmax(3, cols, e, cols, m, z)
	for j := range cols {
		switch {
		case j == 2:
			if !nan(z[j]) {
				t.Errorf("a column of −∞: z = %v", z[j])
			}
		case e[j] != least || e[cols+j] != 1 || e[2*cols+j] != 0.5 || m[j] != 5 || z[j] != 1.5:
			t.Errorf("column %d: %v %v %v, m %v, z %v", j, e[j], e[cols+j], e[2*cols+j], m[j], z[j])
		}
	}
}
