package graph

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestBuilderErrors checks that the first error sticks and that no later call
// adds to it.
func TestBuilderErrors(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(b *builder)
		says  string
	}{
		"a wrong number of numbers": {func(b *builder) { b.matrix("x", 2, 2, make([]float64, 3)) }, "3 numbers for x [2,2]"},
		"a name twice":              {func(b *builder) { b.filled("x", 1, 1, 0); b.filled("x", 1, 2, 0) }, "two inputs are named x"},
		"shapes that do not fit":    {func(b *builder) { b.mul(b.filled("x", 2, 3, 0), b.filled("y", 2, 3, 0)) }, "product"},
		"a shift of a wrong shape": {func(b *builder) {
			b.apply(rowMax{}, b.filled("x", 2, 3, 0))
		}, "rowMax"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBuilder()
			x.spoil(b)
			if b.err == nil || !strings.Contains(b.err.Error(), x.says) {
				t.Fatalf("error is %v, want one that says %q", b.err, x.says)
			}
			first := b.err
			for i, n := range []*G.Node{
				b.filled("z", 1, 1, 0), b.scalar("s", 0), b.mul(nil, nil), b.exp(nil), b.total(nil),
				b.transpose(nil), b.apply(positivePart{}, nil), b.logSumExp(b.rows(2), nil, nil),
			} {
				if n != nil {
					t.Errorf("call %d after the error made a node", i)
				}
			}
			if b.err != first {
				t.Errorf("the error became %v, want the first, %v", b.err, first)
			}
		})
	}
}

// TestLogSumExp checks ln(e^null + Σ e^x) by hand, with entries that take no
// part and such that overflow when raised as they are.
func TestLogSumExp(t *testing.T) {
	x := []float64{
		0, 0, 0,
		negInf, 2, negInf,
		1e4, 1e4, negInf,
		-1e4, -1e4, -1e4,
		1e300, -1e300, 0,
		negInf, negInf, negInf,
	}
	null := []float64{0, negInf, negInf, -1e4, 1e300, 5}
	want := []float64{math.Log(4), 2, 1e4 + math.Ln2, -1e4 + math.Log(4), 1e300, 5}
	b := newBuilder()
	n := b.logSumExp(b.rows(3), b.matrix("x", 6, 3, x), b.matrix("null", 6, 1, null))
	if b.err != nil {
		t.Fatal(b.err)
	}
	m, err := NewMachine(b.g)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	got, err := dense(n.Value())
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		wantNear(t, "ln Σ e^x", got[i:i+1], want[i:i+1], largest(want[i]), 1e-15)
	}
}
