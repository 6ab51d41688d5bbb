package data

import (
	"math"
	"testing"
)

// leaveOneOutLosses computes the four means that prior weights are fitted to, by
// counting without each position's sentence.
func leaveOneOutLosses(c *Counts, kappa Kappa, scale float64) (unigram, first, alike, graded float64) {
	all := newNaive(c, kappa)
	divergences := map[[2]Word]float64{}
	for _, p := range placesOf(c.Corpus.Sentences, c.Context) {
		m := all
		m.count(p, -p.n)
		unigram -= p.n * math.Log(m.unigram(p.y))
		base := m.first(p.w, p.y)
		first -= p.n * math.Log(base)
		var votes, num, den float64 = 0, base, 1
		for u := range p.earlier {
			votes += m.second(u, p.w, p.y, kappa.Alike) / float64(len(p.earlier))
			pair := [2]Word{u, p.w}
			m.count(p, p.n) // the prior of a divergence has all counts
			prior := make([]float64, c.V())
			for y := range prior {
				prior[y] = m.first(p.w, Word(y))
			}
			m.count(p, -p.n)
			var d float64
			for y, q := range prior {
				x := (m.c2[[3]Word{u, p.w, Word(y)}] + kappa.Pair*q) / (m.of2[pair] + kappa.Pair)
				d += x * math.Log(x/q)
			}
			divergences[pair] = d
			num += scale * d * m.second(u, p.w, p.y, kappa.Pair)
			den += scale * d
		}
		if len(p.earlier) == 0 {
			votes = base
		}
		alike -= p.n * math.Log(votes)
		graded -= p.n * math.Log(num/den)
		m.count(p, p.n)
	}
	N := float64(c.Total)
	return unigram / N, first / N, alike / N, graded / N
}

// TestFitSmoothing: on texts small enough to count anew for every position, no
// prior weight of a fine grid gives a likelihood that is better by more than the
// last golden section leaves, 1e-4 nats, than the fitted ones.
func TestFitSmoothing(t *testing.T) {
	for seed := range uint64(3) {
		c := countParted(t, 10+seed, 50)
		s := FitSmoothing(c)
		k := s.Kappa
		scale, _ := s.LeaveOneOut().bestScale(s.LeaveOneOut().grade(), scaleSteps)
		unigram, first, alike, graded := leaveOneOutLosses(c, k, scale)
		for log2 := float64(leastKappa); log2 <= mostKappa; log2 += 0.5 {
			x := math.Exp2(log2)
			try := func(what string, got float64, changed Kappa, pick func(u, f, a, g float64) float64, scale float64) {
				t.Helper()
				u, f, a, g := leaveOneOutLosses(c, changed, scale)
				if other := pick(u, f, a, g); other < got-1e-4 {
					t.Errorf("seed %d: %s is %g at the fitted %+v and %g at %g", seed, what, got, k, other, x)
				}
			}
			changed := k
			changed.Uniform = x
			try("unigram", unigram, changed, func(u, _, _, _ float64) float64 { return u }, 1)
			changed = k
			changed.Next = x
			try("first order", first, changed, func(_, f, _, _ float64) float64 { return f }, 1)
			changed = k
			changed.Alike = x
			try("all votes", alike, changed, func(_, _, a, _ float64) float64 { return a }, 1)
			changed = k
			changed.Pair = x
			for _, a := range []float64{0.03, 0.3, 3, 30} {
				try("graded mask", graded, changed, func(_, _, _, g float64) float64 { return g }, a)
			}
		}
	}
}

// TestThin keeps every n-th position, evenly over all rows.
func TestThin(t *testing.T) {
	p := countParted(t, 1, 60).Places()
	thin := p.thin(20)
	n := (len(p.positions) + 19) / 20
	if n < 2 {
		t.Fatalf("the text is too small: %d positions", len(p.positions))
	}
	for i, x := range thin.positions {
		if comparePositions(x, p.positions[i*n]) != 0 || x.Current != p.positions[i*n].Current {
			t.Errorf("position %d is %+v, want %+v", i, x, p.positions[i*n])
		}
	}
	if len(thin.positions) != (len(p.positions)+n-1)/n || thin.start[len(thin.start)-1] != len(thin.positions) {
		t.Errorf("%d positions of %d, every %d-th", len(thin.positions), len(p.positions), n)
	}
	for w := range len(thin.start) - 1 {
		for _, x := range thin.positions[thin.start[w]:thin.start[w+1]] {
			if int(x.Current) != w {
				t.Errorf("a position of %d is in row %d", x.Current, w)
			}
		}
	}
	if p.thin(1<<20) != p {
		t.Error("few positions are thinned")
	}
}
