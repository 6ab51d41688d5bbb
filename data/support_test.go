package data

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// rowOf makes a row of counts, those of words 0, 1, 2 and so on.
func rowOf(counts ...uint64) Row {
	var r Row
	for y, n := range counts {
		if n > 0 {
			r.Cells = append(r.Cells, Cell{Word(y), n})
			r.Total += n
		}
	}
	return r
}

// differ is Informs in fractions of integers of any size.
func differ(pair, all []uint64) bool {
	share := func(counts []uint64, y int) *big.Rat {
		total := new(big.Int)
		for _, n := range counts {
			total.Add(total, new(big.Int).SetUint64(n))
		}
		return new(big.Rat).SetFrac(new(big.Int).SetUint64(counts[y]), total)
	}
	for y := range all {
		if share(pair, y).Cmp(share(all, y)) != 0 {
			return true
		}
	}
	return false
}

func TestInforms(t *testing.T) {
	for _, c := range []struct {
		pair, all []uint64
		want      bool
	}{
		{[]uint64{1, 0}, []uint64{1, 1}, true},
		{[]uint64{1, 1}, []uint64{2, 2}, false},
		{[]uint64{5, 5}, []uint64{5, 5}, false},
		{[]uint64{1, 2, 3}, []uint64{3, 6, 9}, false},
		{[]uint64{1, 2, 3}, []uint64{3, 6, 10}, true},
		{[]uint64{7}, []uint64{9}, false}, // one next word only
		{[]uint64{0, 4, 4}, []uint64{0, 6, 6}, false},
		{[]uint64{0, 4, 4}, []uint64{1, 6, 6}, true},
		{[]uint64{333333333, 666666667}, []uint64{1000000000, 2000000000}, true}, // a third, but not quite
		// Shares whose difference is far below what float64 can hold.
		{[]uint64{1 << 61, 1 << 61}, []uint64{1 << 62, 1 << 62}, false},
		{[]uint64{1<<61 + 1, 1<<61 - 1}, []uint64{1 << 62, 1 << 62}, true},
		{[]uint64{1<<62 - 1, 1 << 62}, []uint64{1<<62 + 1, 1<<62 + 2}, true},
		// Products that are equal in their lower 64 bits, which are all zero.
		{[]uint64{2, 6}, []uint64{1 << 62, 1 << 62}, true},
		{[]uint64{4, 4}, []uint64{1 << 62, 1 << 62}, false},
		// Products that are equal in their upper 64 bits.
		{[]uint64{1 << 32, 1<<32 + 1}, []uint64{1 << 33, 1<<33 + 1}, true},
	} {
		if got := Informs(rowOf(c.pair...), rowOf(c.all...)); got != c.want || differ(c.pair, c.all) != c.want {
			t.Errorf("%v of %v informs: %v (in fractions %v), want %v", c.pair, c.all, got, differ(c.pair, c.all), c.want)
		}
	}
}

// TestInformsProperty compares with fractions of integers of any size: rows of
// any counts, rows that are multiples of one another, and such rows with one
// count off by one.
func TestInformsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 61).Draw(t, "bits")
		count := rapid.Uint64Range(0, 1<<bits-1)
		n := rapid.IntRange(1, 3).Draw(t, "next words") // so that a sum stays below 2^63
		all := rapid.SliceOfN(count, n, n).Draw(t, "all")
		all[0]++
		pair := make([]uint64, n)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			copy(pair, rapid.SliceOfN(count, n, n).Draw(t, "pair"))
			pair[0]++
		default:
			divisor := rapid.Uint64Range(1, 5).Draw(t, "divisor")
			for y := range all {
				pair[y] = all[y] / divisor
				all[y] = pair[y] * divisor
			}
			if rapid.Bool().Draw(t, "off by one") {
				pair[rapid.IntRange(0, n-1).Draw(t, "where")]++
			}
		}
		if rowOf(all...).Total == 0 || rowOf(pair...).Total == 0 {
			t.Skip("nothing is counted")
		}
		for y := range all {
			if all[y] == 0 {
				pair[y] = 0 // what never follows w does not follow it after u
			}
		}
		if rowOf(pair...).Total == 0 {
			t.Skip("nothing is counted")
		}
		if got, want := Informs(rowOf(pair...), rowOf(all...)), differ(pair, all); got != want {
			t.Fatalf("%v of %v informs: %v, want %v", pair, all, got, want)
		}
	})
}

func TestSameShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) uint64 { return rapid.Uint64Min(1).Draw(t, name) }
		a, b, c, d := draw("a"), draw("b"), draw("c"), draw("d")
		if rapid.Bool().Draw(t, "equal") { // a/b = ka/kb
			a, b = a>>32, b>>32+1
			k := rapid.Uint64Range(1, 1<<31).Draw(t, "k")
			c, d = k*a, k*b
		}
		left := new(big.Int).Mul(new(big.Int).SetUint64(a), new(big.Int).SetUint64(d))
		right := new(big.Int).Mul(new(big.Int).SetUint64(c), new(big.Int).SetUint64(b))
		if got, want := sameShare(a, b, c, d), left.Cmp(right) == 0; got != want {
			t.Fatalf("%d/%d = %d/%d: %v, want %v", a, b, c, d, got, want)
		}
	})
}

// TestDivergences has figures in closed form. For P = (p, 1−p) against
// Q = (½, ½), KL is ln 2 less the entropy of P and χ² is (2p−1)².
func TestDivergences(t *testing.T) {
	for _, c := range []struct {
		pair, all []uint64
		kl, chi   float64
	}{
		{[]uint64{1, 0}, []uint64{1, 1}, math.Ln2, 1},
		{[]uint64{0, 3}, []uint64{5, 5}, math.Ln2, 1},
		{[]uint64{3, 1}, []uint64{4, 4}, 0.75*math.Log(1.5) - 0.25*math.Ln2, 0.25},
		{[]uint64{1, 1}, []uint64{3, 3}, 0, 0},
		{[]uint64{4, 0}, []uint64{4, 6}, math.Log(2.5), 1.5},                                               // candle: 0.6²/0.4 + 0.6²/0.6
		{[]uint64{0, 6}, []uint64{4, 6}, math.Log(5. / 3), 2. / 3},                                         // train: 0.4²/0.4 + 0.4²/0.6
		{[]uint64{0, 0, 1}, []uint64{1, 1, 2}, math.Ln2, 1},                                                // ¼ + ¼ + ½
		{[]uint64{1, 0, 0}, []uint64{1, 99, 900}, 3 * math.Log(10), 999},                                   // 1/q − 1
		{[]uint64{1, 2, 1}, []uint64{2, 4, 2}, 0, 0},                                                       // the same shares
		{[]uint64{2, 1}, []uint64{3, 6}, 2*math.Ln2/3 - math.Ln2/3, 0.5},                                   // (⅔, ⅓) against (⅓, ⅔): ⅓ ln 2; ⅓ + ⅙
		{[]uint64{1, 1, 1, 1}, []uint64{4, 1, 1, 1}, 0.25*math.Log(7./16) + 0.75*math.Log(7./4), 27. / 64}, // (7/4 + 3·7)/16 − 1
	} {
		pair, all := rowOf(c.pair...), rowOf(c.all...)
		isNear(t, "the divergence", Divergence(pair, all), c.kl, 1e-14)
		isNear(t, "χ²", ChiSquared(pair, all), c.chi, 1e-14)
		if (c.kl == 0) != (Divergence(pair, all) == 0) {
			t.Errorf("%v of %v: the divergence is %g", c.pair, c.all, Divergence(pair, all))
		}
	}
}

// drawRows draws c1(w,·) and a part of it, c2(u,w,·).
func drawRows(t *rapid.T) (pair, all []uint64) {
	n := rapid.IntRange(1, 5).Draw(t, "next words")
	for range n {
		a := rapid.Uint64Range(1, 50).Draw(t, "all")
		all = append(all, a)
		pair = append(pair, rapid.Uint64Range(0, a).Draw(t, "pair"))
	}
	if rowOf(pair...).Total == 0 {
		pair[0] = 1
	}
	return pair, all
}

// TestDivergenceProperties: both are sums over the shares, at least zero, and
// zero only where nothing is told; and KL ≤ ln(1 + χ²), by Jensen's inequality.
func TestDivergenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawRows(t)
		pair, all := rowOf(p...), rowOf(q...)
		var kl, chi float64
		for y := range q {
			a, b := float64(p[y])/float64(pair.Total), float64(q[y])/float64(all.Total)
			if a > 0 {
				kl += a * (math.Log(a) - math.Log(b))
			}
			chi += a * a / b
		}
		chi-- // Σ (p−q)²/q = Σ p²/q − 1
		isNear(t, "the divergence", Divergence(pair, all), kl, 1e-12)
		isNear(t, "χ²", ChiSquared(pair, all), chi, 1e-12)
		if got := Divergence(pair, all); got < 0 || (got > 0) != differ(p, q) || got > math.Log1p(ChiSquared(pair, all))+1e-12 {
			t.Fatalf("%v of %v: divergence %g, χ² %g", p, q, got, ChiSquared(pair, all))
		}
	})
}

// TestChiSquaredIsTheFirstGradient: a gate g on one earlier word u, beside the
// null slot, makes p = (P(y|w) + g·P(y|u,w))/(1 + g); at g = 0 the slope of the
// loss is −P(u,w)·χ². The slope is taken from the plain tally by differences.
func TestChiSquaredIsTheFirstGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		const h = 1e-4
		for w, pairs := range c.Pairs {
			for _, p := range pairs {
				gated := func(g float64) float64 {
					return want.loss(func(a, b string) float64 {
						if a == c.Corpus.Vocab.Text(Word(w)) && b == c.Corpus.Vocab.Text(p.Earlier) {
							return g
						}
						return 0
					}, 1)
				}
				// Of fourth order in h.
				slope := (8*(gated(h)-gated(-h)) - (gated(2*h) - gated(-2*h))) / (12 * h)
				isNear(t, "the slope", slope, -float64(p.Next.Total)/float64(c.Total)*ChiSquared(p.Next, c.Transitions[w]), 1e-10)
			}
		}
	})
}
