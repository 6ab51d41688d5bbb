package graph

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func matrixOf(r, c int, x ...float64) *tensor.Dense {
	return tensor.New(tensor.WithShape(r, c), tensor.WithBacking(x))
}

func equalWithNaN(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
}

func TestRowMax(t *testing.T) {
	for name, x := range map[string]struct {
		rows, cols int
		x          []float64
		least      []float64
		want       []float64
	}{
		"each row has its own":      {2, 3, []float64{1, 5, 2, -7, -9, -8}, []float64{negInf, negInf}, []float64{5, -7}},
		"least counts":              {2, 2, []float64{1, 2, 3, 4}, []float64{9, 0}, []float64{9, 4}},
		"first row far above":       {2, 2, []float64{1e300, 0, -1e300, -2e300}, []float64{negInf, negInf}, []float64{1e300, -1e300}},
		"minus infinity is no part": {2, 2, []float64{negInf, -3, negInf, negInf}, []float64{negInf, 2}, []float64{-3, 2}},
		"nothing at all":            {1, 2, []float64{negInf, negInf}, []float64{negInf}, []float64{negInf}},
		"infinity":                  {1, 3, []float64{1, inf, 2}, []float64{0}, []float64{inf}},
		"NaN shows, first":          {1, 3, []float64{nan, 1, 2}, []float64{0}, []float64{nan}},
		"NaN shows, last":           {1, 3, []float64{1, inf, nan}, []float64{0}, []float64{nan}},
		"NaN in least":              {2, 1, []float64{1, 2}, []float64{nan, 0}, []float64{nan, 2}},
		"one number":                {1, 1, []float64{-4}, []float64{-5}, []float64{-4}},
		"one column":                {3, 1, []float64{3, -1, 0}, []float64{0, 0, 0}, []float64{3, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			kept := slices.Clone(x.x)
			v, err := rowMax{}.Do(matrixOf(x.rows, x.cols, x.x...), matrixOf(x.rows, 1, x.least...))
			if err != nil {
				t.Fatal(err)
			}
			if !v.Shape().Eq(tensor.Shape{x.rows, 1}) {
				t.Errorf("shape is %v, want [%d,1]", v.Shape(), x.rows)
			}
			if got := v.Data().([]float64); !equalWithNaN(got, x.want) {
				t.Errorf("got %v, want %v", got, x.want)
			}
			if !equalWithNaN(kept, x.x) {
				t.Error("the operand has changed")
			}
		})
	}
}

func TestPositivePart(t *testing.T) {
	x := []float64{-1, 0, 2, inf, negInf, nan, 1e300, -1e300, 5e-324, math.Copysign(0, -1)}
	want := []float64{0, 0, 2, inf, 0, nan, 1e300, 0, 5e-324, 0}
	v, err := positivePart{}.Do(matrixOf(2, 5, x...))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Data().([]float64); !equalWithNaN(got, want) || !v.Shape().Eq(tensor.Shape{2, 5}) {
		t.Errorf("got %v of shape %v, want %v of [2,5]", got, v.Shape(), want)
	}
	if x[0] != -1 {
		t.Error("the operand has changed")
	}
}

// TestShiftOperands gives both operations what they cannot work on.
func TestShiftOperands(t *testing.T) {
	turned := matrixOf(2, 3, 1, 2, 3, 4, 5, 6)
	if err := turned.T(); err != nil {
		t.Fatal(err)
	}
	good, whole := matrixOf(2, 3, 1, 2, 3, 4, 5, 6), tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]int{1, 2, 3, 4, 5, 6}))
	for name, x := range map[string]struct {
		in   []G.Value
		says string
	}{
		"a transposed view":     {[]G.Value{turned, matrixOf(2, 1, 0, 0)}, "contiguous"},
		"whole numbers":         {[]G.Value{whole, matrixOf(2, 1, 0, 0)}, "not float64"},
		"a scalar":              {[]G.Value{G.NewF64(1), matrixOf(2, 1, 0, 0)}, "contiguous"},
		"a transposed least":    {[]G.Value{good, turned}, "contiguous"},
		"rows that do not fit":  {[]G.Value{good, matrixOf(4, 1, 0, 0, 0, 0)}, "do not divide"},
		"positive part of ints": {[]G.Value{whole}, "not float64"},
		"positive part, turned": {[]G.Value{turned}, "contiguous"},
	} {
		op := G.Op(rowMax{})
		if len(x.in) == 1 {
			op = positivePart{}
		}
		if v, err := op.Do(x.in...); err == nil || !strings.Contains(err.Error(), x.says) || !strings.Contains(err.Error(), op.String()) {
			t.Errorf("%s: result %v and error %v, want one of %s that says %q", name, v, err, op, x.says)
		}
	}
}

// TestShiftOps checks what Gorgonia asks an operation for: that neither is
// differentiated, that the two have hashes of their own, and the shapes.
func TestShiftOps(t *testing.T) {
	hashes := map[uint32]bool{}
	for _, op := range []G.SDOp{rowMax{}, positivePart{}} {
		if slices.Contains(op.DiffWRT(op.Arity()), true) || len(op.DiffWRT(op.Arity())) != op.Arity() {
			t.Errorf("%s is differentiated", op)
		}
		if _, err := op.SymDiff(nil, nil, nil); err == nil {
			t.Errorf("%s has a derivative", op)
		}
		if op.OverwritesInput() >= 0 || op.ReturnsPtr() || op.CallsExtern() {
			t.Errorf("%s says that it shares memory", op)
		}
		h := fnv.New32a()
		op.WriteHash(h)
		if h.Sum32() != op.Hashcode() {
			t.Errorf("%s has two hashes", op)
		}
		hashes[op.Hashcode()] = true
	}
	if len(hashes) != 2 {
		t.Error("the two operations have one hash")
	}
	if s, err := (rowMax{}).InferShape(tensor.Shape{4, 7}, tensor.Shape{4, 1}); err != nil || !s.Eq(tensor.Shape{4, 1}) {
		t.Errorf("rowMax has shape %v, %v, want [4,1]", s, err)
	}
	if s, err := (positivePart{}).InferShape(tensor.Shape{4, 7}); err != nil || !s.Eq(tensor.Shape{4, 7}) {
		t.Errorf("positivePart has shape %v, %v, want [4,7]", s, err)
	}
}
