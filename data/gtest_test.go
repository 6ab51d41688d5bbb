package data

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestGTest has tables of (u present, u absent) × (next word).
//
// The first is worked by hand. Its margins are 30, 70 and 40, 60, so 12, 18, 28
// and 42 are expected: G = 2(10 ln 10/12 + 20 ln 20/18 + 30 ln 30/28 + 40 ln 40/42)
// = 2(−1.8232 + 2.1072 + 2.0698 − 1.9516) = 0.8043. All of the digits of the
// first three are from scipy 1.17.1, chi2_contingency(…, correction=False,
// lambda_="log-likelihood"). When u decides what comes next, G is 2N times the
// entropy of the next word. With 1 degree of freedom p = erfc √(G/2), with 2
// p = e^(−G/2).
func TestGTest(t *testing.T) {
	for _, c := range []struct {
		in, all []uint64
		g       float64
		degrees int
		p       float64
	}{
		{[]uint64{10, 20}, []uint64{40, 60}, 0.8043486460964835, 1, 0.36979636792989645},
		{[]uint64{8, 2, 0}, []uint64{12, 18, 10}, 17.15251608008001, 2, 0.00018852912758053278},
		{[]uint64{9, 1}, []uint64{10, 10}, 14.722568286739882, 1, 0.00012454651922203343},
		{[]uint64{1, 0}, []uint64{1, 1}, 4 * math.Ln2, 1, math.Erfc(math.Sqrt(2 * math.Ln2))},
		{[]uint64{50, 0}, []uint64{50, 50}, 200 * math.Ln2, 1, math.Erfc(math.Sqrt(100 * math.Ln2))},
		{[]uint64{0, 6}, []uint64{4, 6}, 8*math.Log(2.5) + 12*math.Log(5./3), 1, math.Erfc(math.Sqrt(4*math.Log(2.5) + 6*math.Log(5./3)))},
		{[]uint64{4, 0, 0}, []uint64{4, 2, 2}, 8*math.Ln2 + 8*math.Ln2, 2, math.Exp(-8 * math.Ln2)},
		{[]uint64{2, 3}, []uint64{4, 6}, 0, 1, 1}, // the same shares
		{[]uint64{3, 5}, []uint64{3, 5}, 0, 1, 1}, // u is always there
		{[]uint64{3}, []uint64{7}, 0, 0, 1},       // there is one next word only
		{[]uint64{1, 2, 3}, []uint64{2, 4, 6}, 0, 2, 1},
	} {
		g, degrees, p := GTest(rowOf(c.in...), rowOf(c.all...))
		if degrees != c.degrees {
			t.Errorf("%v of %v: %d degrees of freedom, want %d", c.in, c.all, degrees, c.degrees)
		}
		isNear(t, "G", g, c.g, 1e-13)
		if math.Abs(p-c.p) > 1e-10*c.p {
			t.Errorf("%v of %v: p is %g, want %g", c.in, c.all, p, c.p)
		}
	}
}

// TestGTestProperties: G is 2N times the mutual information of presence and next
// word, in nats; it is zero only where Informs is false or u is always there;
// and for the same table Pearson's statistic is c2(u,w)·χ²·c1(w)/(c1(w)−c2(u,w)).
func TestGTestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, all := drawRows(t)
		pair, row := rowOf(in...), rowOf(all...)
		g, degrees, p := GTest(pair, row)
		n, present := float64(row.Total), float64(pair.Total)

		entropy := func(counts ...float64) float64 {
			var h float64
			for _, c := range counts {
				if c > 0 {
					h -= c / n * math.Log(c/n)
				}
			}
			return h
		}
		var next, both []float64
		var pearson float64
		for y := range all {
			a, i := float64(all[y]), float64(in[y])
			next, both = append(next, a), append(both, i, a-i)
			for _, cell := range [][2]float64{{i, present * a / n}, {a - i, (n - present) * a / n}} {
				if cell[1] > 0 {
					pearson += (cell[0] - cell[1]) * (cell[0] - cell[1]) / cell[1]
				}
			}
		}
		information := entropy(next...) + entropy(present, n-present) - entropy(both...)
		if math.Abs(g-2*n*information) > 1e-9*n {
			t.Fatalf("%v of %v: G is %g, want %g", in, all, g, 2*n*information)
		}
		informs := differ(in, all)
		if degrees != len(all)-1 || (g > 0) != informs || (p < 1) != informs || p < 0 {
			t.Fatalf("%v of %v: G is %g with %d degrees of freedom, p is %g", in, all, g, degrees, p)
		}
		if present < n {
			isNear(t, "Pearson's statistic", present*ChiSquared(pair, row)*n/(n-present), pearson, 1e-11)
		}
		// The more of the same, the less it is chance.
		for y := range all {
			in[y], all[y] = 2*in[y], 2*all[y]
		}
		if twice, _, q := GTest(rowOf(in...), rowOf(all...)); math.Abs(twice-2*g) > 1e-9*n || q > p {
			t.Fatalf("twice %v of %v: G is %g and p %g, after %g and %g", in, all, twice, q, g, p)
		}
	})
}
