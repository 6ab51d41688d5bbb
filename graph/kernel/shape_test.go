package kernel

import (
	"fmt"
	"testing"
)

// cut hands a slice on, or one that is too short.
type cut[F Float] func(argument int, x []F) []F

// call is a kernel with arguments of just the size that it needs.
type call[F Float] struct {
	name      string
	arguments int
	f         func(cut cut[F])
}

func calls[F Float](s *Set[F]) []call[F] {
	const n, R = 3, 5
	cols := Lanes[F]()
	ld := cols + 2
	r := newArena[F](1)
	grid, vector := (n-1)*ld+cols, r.normal
	idx := []int32{1, 0, 2}
	return []call[F]{
		{"Gemm", 3, func(c cut[F]) {
			s.Gemm(n, 4, 2, c(0, vector(6)), 2, 1, c(1, vector(8)), 4, c(2, vector(12)), 4, false)
		}},
		{"Gemm of a transposed", 3, func(c cut[F]) {
			s.Gemm(n, 4, 2, c(0, vector(6)), 1, 3, c(1, vector(8)), 4, c(2, vector(12)), 4, true)
		}},
		{"Gemm of nothing", 1, func(c cut[F]) { s.Gemm(n, 4, 0, nil, 0, 1, nil, 4, c(0, vector(12)), 4, true) }},
		{"Softmax", 3, func(c cut[F]) { s.Softmax(n, cols, c(0, vector(grid)), ld, c(1, vector(cols)), c(2, vector(cols))) }},
		{"Expect", 3, func(c cut[F]) { s.Expect(n, cols, c(0, vector(grid)), c(1, vector(grid)), ld, c(2, vector(cols))) }},
		{"Retract", 3, func(c cut[F]) { s.Retract(n, cols, c(0, vector(grid)), c(1, vector(grid)), ld, c(2, vector(cols))) }},
		{"Rescale", 2, func(c cut[F]) { s.Rescale(n, cols, c(0, vector(grid)), ld, c(1, vector(cols))) }},
		{"Dots", 2, func(c cut[F]) { s.Dots(idx, vector(R), c(0, vector(3*R)), 1, c(1, vector(3))) }},
		{"Mix", 2, func(c cut[F]) { s.Mix(idx, c(0, vector(3)), c(1, vector(3*R)), vector(R), true) }},
		{"Adam", 3, func(c cut[F]) {
			s.Adam(vector(n), c(0, vector(n)), c(1, vector(n)), c(2, vector(n)), adamStep[F]())
		}},
		{"Momentum", 2, func(c cut[F]) {
			s.Momentum(vector(n), c(0, vector(n)), c(1, vector(n)), &MomentumStep[F]{})
		}},
		{"SGD", 1, func(c cut[F]) { s.SGD(vector(n), c(0, vector(n)), &SGDStep[F]{1}) }},
	}
}

func TestTooShort(t *testing.T) { each(t, testTooShort, testTooShort) }

// testTooShort takes one number off every slice, with and without memory behind
// that the capacity of the slice still spans.
func testTooShort[F Float](t *testing.T, s *Set[F]) {
	for _, c := range calls(s) {
		c.f(func(_ int, x []F) []F { return x })
		for i := range c.arguments {
			for _, spare := range []int{0, 1} {
				panics(t, fmt.Sprintf("%s, slice %d too short, %d in its capacity", c.name, i, spare), func() {
					c.f(func(argument int, x []F) []F {
						if argument != i {
							return x
						}
						return x[: len(x)-1 : len(x)-1+spare]
					})
				})
			}
		}
	}
}

func TestRowOutOfRange(t *testing.T) { each(t, testRowOutOfRange, testRowOutOfRange) }

func testRowOutOfRange[F Float](t *testing.T, s *Set[F]) {
	const R, rows = 5, 4
	for _, bad := range []int32{-1, rows, rows + 1, 1<<31 - 1, -1 << 31} {
		for place := range 3 {
			r := newArena[F](1)
			x, v, out := r.normal(rows*R+R-1), r.normal(R), r.normal(3) // a part of a row is none
			idx := []int32{0, 1, 2}
			idx[place] = bad
			before := clone(out)
			panics(t, fmt.Sprint("Dots of row ", bad), func() { s.Dots(idx, v, x, 1, out) })
			panics(t, fmt.Sprint("Mix of row ", bad), func() { s.Mix(idx, out, x, v, true) })
			for i := range out {
				if out[i] != before[i] {
					t.Fatalf("row %d: written before the panic", bad)
				}
			}
		}
	}
	panics(t, "Dots of empty rows", func() { s.Dots([]int32{0}, nil, nil, 1, make([]F, 1)) })
	panics(t, "Mix of empty rows", func() { s.Mix([]int32{0}, make([]F, 1), nil, nil, false) })
}

func TestShape(t *testing.T) { each(t, testShape, testShape) }

// testShape has numbers of rows and columns and strides that are not allowed, with
// more than enough memory.
func testShape[F Float](t *testing.T, s *Set[F]) {
	lanes := Lanes[F]()
	x, y, z := make([]F, 100*lanes), make([]F, 100*lanes), make([]F, 100*lanes)
	for _, c := range []struct{ n, cols, ld int }{
		{0, lanes, lanes}, {-1, lanes, lanes}, {1, 0, lanes}, {1, -lanes, lanes},
		{1, lanes - 1, lanes}, {1, lanes + 1, 2 * lanes}, {2, lanes, -1},
	} {
		what := fmt.Sprintf("[%d,%d], rows %d apart", c.n, c.cols, c.ld)
		panics(t, "Softmax "+what, func() { s.Softmax(c.n, c.cols, x, c.ld, y, z) })
		panics(t, "Expect "+what, func() { s.Expect(c.n, c.cols, x, y, c.ld, z) })
		panics(t, "Retract "+what, func() { s.Retract(c.n, c.cols, x, y, c.ld, z) })
		panics(t, "Rescale "+what, func() { s.Rescale(c.n, c.cols, x, c.ld, y) })
	}
	for _, c := range [][4]int{{-1, 1, 2, 2}, {2, -1, 2, 2}, {2, 1, -1, 2}, {2, 1, 2, -1}} {
		panics(t, fmt.Sprint("Gemm with strides ", c), func() { s.Gemm(2, 2, 2, x, c[0], c[1], y, c[2], z, c[3], false) })
	}
	s.Gemm(0, 2, 2, nil, 2, 1, nil, 2, nil, 2, false)
	s.Gemm(2, 0, 2, nil, 2, 1, nil, 0, nil, 0, false)
}
