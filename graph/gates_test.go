package graph

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// exactGateGradient differentiates the mean of −ln p at g = 0 place by place:
//
//	p = (P(y|w) + Σ g_u P(y|u,w)) / (1 + Σ g_u)
//	∂(−ln p)/∂g_u = 1 − P(y|u,w)/P(y|w)
func exactGateGradient(t *tally) table {
	g := t.newTable()
	n := big.NewRat(t.total(), 1)
	for _, p := range t.places {
		for _, u := range p.earlier {
			ratio := quo(t.second(u, p.w, p.y), t.first(p.w, p.y))
			cell := g[p.w*t.V()+u]
			cell.Add(cell, quo(sub(one, ratio), n))
		}
	}
	return g
}

// exactCountedGradient is −P(u,w)·χ², with χ² = Σ_y (p−q)²/q.
func exactCountedGradient(t *tally) table {
	g := t.newTable()
	t.pairs(func(w, u int) {
		chi := new(big.Rat)
		for y := range t.words {
			if t.next[[2]int{w, y}] > 0 {
				q := t.first(w, y)
				d := sub(t.second(u, w, y), q)
				chi.Add(chi, quo(mul(d, d), q))
			}
		}
		share := big.NewRat(t.before[[2]int{u, w}], t.total())
		g[w*t.V()+u].Neg(mul(share, chi))
	})
	return g
}

// checkGates holds the first gradient of the graph, the counted figure and the
// two exact ones against each other.
func checkGates(t tb, c corpus) {
	t.Helper()
	m := newGates(t, c)
	loss := run(t, m)
	learned, counted := m.Params()[0].Gradient, CountedGateGradient(c.counts)
	exact, closed := exactGateGradient(c.tally), exactCountedGradient(c.tally)
	V := c.tally.V()
	for i, want := range exact {
		if want.Cmp(closed[i]) != 0 {
			t.Fatalf("row %d, column %d: the derivative is %v exactly, but −P·χ² is %v", i/V, i%V, want, closed[i])
		}
		x := float(want)
		for name, got := range map[string]float64{"the gradient": learned[i], "the counted figure": counted[i]} {
			// 1e-15 is what summands of at most 1 leave when they cancel.
			bound := min(max(1e-12*math.Abs(x), 1e-15), 1e-12)
			if !(math.Abs(got-x) <= bound) {
				t.Errorf("%q, row %d, column %d: %s is %v, want %v = %v", c.text, i/V, i%V, name, got, want, x)
			}
		}
		if c.tally.before[[2]int{i % V, i / V}] == 0 && (learned[i] != 0 || counted[i] != 0) {
			t.Errorf("row %d, column %d was never seen, but the gradient is %v and the counted figure %v", i/V, i%V, learned[i], counted[i])
		}
	}
	// With all gates shut the loss is that of P(y|w).
	var want float64
	for _, p := range c.tally.places {
		want -= math.Log(float(c.tally.first(p.w, p.y))) / c.tally.n()
	}
	wantNear(t, "loss at g = 0", []float64{loss.Data}, []float64{want}, 1, 1e-13)
	if loss.Penalty != 0 {
		t.Errorf("penalty is %v, want 0", loss.Penalty)
	}
}

func TestGatesBuiltIn(t *testing.T) {
	for name, c := range builtIn(t) {
		t.Run(name, func(t *testing.T) { checkGates(t, c) })
	}
}

func TestGatesRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { checkGates(rt, drawCorpus(rt)) })
}

// TestGatesLarge does so with two batches or more, the last of them not full.
func TestGatesLarge(t *testing.T) {
	c := zipfCorpus(t, 700, 200)
	m := newGates(t, c)
	if rows := m.task.rows(); rows < m.batch || rows%m.batch == 0 {
		t.Fatalf("%d rows in batches of %d leave none that is short", rows, m.batch)
	}
	checkGates(t, c)
}

// TestGatesByHand gives the figures that can be had with a pencil. In diary, N =
// 10 + 11; candle and train come once each before went, P(out|went) = 1/2 and
// P(out|candle,went) = 1, so χ² = 1. In candle, N = 4·6 + 6·5; P(out|went) =
// 4/10, so candle has χ² = 1/0.4 − 1 = 3/2 at 4 places and train 1/0.6 − 1 = 2/3
// at 6. In coat no word tells anything.
func TestGatesByHand(t *testing.T) {
	want := map[string]map[string]float64{
		"diary":  {"candle": -1.0 / 21, "train": -1.0 / 21},
		"candle": {"candle": -4.0 / 54 * 3 / 2, "train": -6.0 / 54 * 2 / 3},
		"coat":   {},
	}
	for name, row := range want {
		c := builtInCorpus(t, name)
		V, w := c.tally.V(), c.tally.id("went")
		for i, got := range CountedGateGradient(c.counts) {
			x := 0.0
			if i/V == w {
				x = row[c.tally.words[i%V]]
			}
			if !(math.Abs(got-x) <= 1e-16) {
				t.Errorf("%s: the gate of %s before %s has %v, want %v", name, c.tally.words[i%V], c.tally.words[i/V], got, x)
			}
		}
	}
}
