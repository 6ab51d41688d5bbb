package train

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSomersD holds Somers' D against counts by hand of the pairs.
func TestSomersD(t *testing.T) {
	for _, test := range []struct {
		name string
		x, y []float64
		want float64
		ok   bool
	}{
		{"same order", []float64{1, 2, 3, 4}, []float64{10, 20, 40, 80}, 1, true},
		{"reversed", []float64{1, 2, 3, 4}, []float64{4, 3, 2, 1}, -1, true},
		{"y tied throughout", []float64{1, 2, 3}, []float64{5, 5, 5}, 0, true},
		{"x tied throughout", []float64{5, 5, 5}, []float64{1, 2, 3}, 0, false},
		{"one observation", []float64{1}, []float64{2}, 0, false},
		{"none", nil, nil, 0, false},
		// Pairs of (x): 1-2, 1-3, 2-3; y orders 1-2 and 1-3 the same way, 2-3 not.
		{"one of three swapped", []float64{1, 2, 3}, []float64{1, 3, 2}, 1.0 / 3, true},
		// x ties one of the three pairs, which is left out; y ties one of the others.
		{"a tie in each", []float64{1, 1, 2}, []float64{1, 2, 2}, 0.5, true},
		// 8 of the 16 pairs that x tells apart are ordered, the other 8 are tied.
		{"half a mask", []float64{1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, []float64{6, -2, -2, -2, -2, -2, -2, -2, -2, -2}, 0.5, true},
		{"infinite", []float64{math.Inf(-1), 0, math.Inf(1)}, []float64{-1, 0, 1}, 1, true},
	} {
		got, ok := SomersD(test.x, test.y)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: %g, %v; want %g, %v", test.name, got, ok, test.want, test.ok)
		}
	}
}

// TestSomersDBruteForce compares random lists, with many ties, to the definition
// as a sum of signs over ordered pairs: Σ sgn(Δx)·sgn(Δy) / Σ sgn(Δx)².
func TestSomersDBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := 2 + rng.IntN(12)
		x, y := make([]float64, n), make([]float64, n)
		for i := range n {
			x[i], y[i] = float64(rng.IntN(5)), float64(rng.IntN(5))
		}
		var num, den float64
		for i := range n {
			for j := range n {
				num += sign(x[i]-x[j]) * sign(y[i]-y[j])
				den += sign(x[i]-x[j]) * sign(x[i]-x[j])
			}
		}
		got, ok := SomersD(x, y)
		if ok != (den > 0) {
			t.Fatalf("%v, %v: ok is %v", x, y, ok)
		}
		if ok {
			wantNear(t, "D", got, num/den, 1e-15)
			back, _ := SomersD(x, negated(y))
			wantNear(t, "D of −y", back, -got, 0)
		}
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func negated(x []float64) []float64 {
	n := make([]float64, len(x))
	for i := range x {
		n[i] = -x[i]
	}
	return n
}

// TestSomersVariance compares with the variance over every order of y. Of n
// observations in two groups of n1 and n2 it is (n+1)/(3·n1·n2), that of the
// Mann–Whitney statistic: for 2 of 10, 11/48.
func TestSomersVariance(t *testing.T) {
	x := []float64{1, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	if got := somersVariance(x); math.Abs(got-11.0/48) > 1e-15 {
		t.Errorf("2 of 10: %v, want 11/48", got)
	}
	for _, x := range [][]float64{{1, 2}, {1, 2, 3, 4, 5}, {0, 0, 1}, {3, 3, 1, 1, 2, 2}, {5, 5, 5, 1, 2, 2}} {
		var sum, n float64
		permute(len(x), func(order []float64) {
			d, _ := SomersD(x, order)
			sum += d * d // the mean is 0, as every order comes with its reverse
			n++
		})
		if got, want := somersVariance(x), sum/n; math.Abs(got-want) > 1e-14 {
			t.Errorf("%v: %v, over all %v orders %v", x, got, n, want)
		}
	}
}

// permute calls visit for every order of the numbers 0 … n−1.
func permute(n int, visit func([]float64)) {
	order := make([]float64, n)
	for i := range order {
		order[i] = float64(i)
	}
	var place func(k int)
	place = func(k int) {
		if k == n {
			visit(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			place(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	place(0)
}
