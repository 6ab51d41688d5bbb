package stats

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// TestInterval compares which order statistics bound the interval, and how sure they
// are, with scipy 1.17.1:
//
//	for k in range(1, n//2+1): 1 - 2*scipy.stats.binom.cdf(k-1, n, .5)
func TestInterval(t *testing.T) {
	for _, c := range []struct {
		n, low, high int // order statistics from 1, 0 for none
		confidence   float64
	}{
		{1, 0, 0, 1}, {2, 0, 0, 1}, {5, 0, 0, 1}, {6, 1, 6, 0.96875}, {7, 1, 7, 0.984375}, {9, 2, 8, 0.9609375},
		{10, 2, 9, 0.978515625}, {17, 5, 13, 0.950958251953125}, {20, 6, 15, 0.9586105346679688}, {30, 10, 21, 0.9572260547429323},
	} {
		var sample []float64
		for i := c.n; i >= 1; i-- {
			sample = append(sample, float64(i))
		}
		s := Of(sample)
		if s.N != c.n || s.Median != float64(c.n+1)/2 || math.Abs(s.Confidence-c.confidence) > 1e-12 {
			t.Errorf("%d values: %+v", c.n, s)
		}
		if s.Bounded() != (c.low > 0) || s.Bounded() && (s.Low != float64(c.low) || s.High != float64(c.high)) {
			t.Errorf("%d values: %v to %v, want %d to %d", c.n, s.Low, s.High, c.low, c.high)
		}
	}
}

// TestCompare compares with scipy 1.17.1, without ties
//
//	scipy.stats.mannwhitneyu(a, b, alternative="two-sided", method="exact").pvalue
//
// and with ties with the share of all ways to part the values, by
// itertools.combinations, whose sum of ranks (scipy.stats.rankdata) is as far from
// its mean.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		p    float64
	}{
		{[]float64{1, 2, 3, 4}, []float64{5, 6, 7, 8}, 0.02857142857142857},
		{[]float64{1, 2, 3, 4, 9}, []float64{5, 6, 7, 8}, 0.19047619047619047},
		{[]float64{.1, .4, .35, .8, .9, .05}, []float64{.5, .6, .7, .95, 1.2}, 0.12554112554112554},
		{[]float64{1, 2, 2, 3}, []float64{2, 3, 4, 4, 5}, 0.0873015873015873},
		{[]float64{1, 1, 1, 2}, []float64{1, 2, 2, 2}, 0.4857142857142857},
		{[]float64{0, 0, 0}, []float64{1, 1, 1}, 0.1},
		{[]float64{3, 3}, []float64{3, 3, 3}, 1},
	} {
		got, back := Compare(c.a, c.b), Compare(c.b, c.a)
		if math.Abs(got.P-c.p) > 1e-12 || math.Abs(back.P-c.p) > 1e-12 {
			t.Errorf("%v and %v: P is %v, and %v the other way round, want %v", c.a, c.b, got.P, back.P, c.p)
		}
		if got.Noise != (c.p >= 0.05) || got.Delta != -back.Delta {
			t.Errorf("%v and %v: %+v, %+v", c.a, c.b, got, back)
		}
	}
	if c := Compare(nil, []float64{1}); !math.IsNaN(c.P) || !c.Noise || !c.Few {
		t.Errorf("nothing and one value: %+v", c)
	}
}

// TestLarge compares the normal approximation with scipy 1.17.1:
//
//	a = [i*7 % 101 for i in range(60)]; b = [i*11 % 103 + 9 for i in range(60)]
//	scipy.stats.mannwhitneyu(a, b, alternative="two-sided", method="asymptotic").pvalue
func TestLarge(t *testing.T) {
	var a, b []float64
	for i := range 60 {
		a, b = append(a, float64(i*7%101)), append(b, float64(i*11%103+9))
	}
	if p := Compare(a, b).P; math.Abs(p-0.06696931478830334) > 1e-12 {
		t.Errorf("P is %v", p)
	}
	// The exact test is near it.
	ranks, _ := doubledRanks(append(append([]float64{}, a[:50]...), b[:50]...))
	exact := exactTail(ranks, 50, 50*101, 400)
	if math.Abs(exact-2*distuv.UnitNormal.Survival((200-0.5)/math.Sqrt(2500.0*101/12))) > 1e-3 {
		t.Errorf("exactly it is %v", exact)
	}
}

// TestFew says which samples are too small whatever they hold: the least P of n and m
// values is 2/C(n+m,n), 2/20 for three and three, 2/70 for four and four.
func TestFew(t *testing.T) {
	for _, c := range []struct {
		n, m int
		few  bool
	}{{1, 1, true}, {1, 38, true}, {1, 39, true}, {1, 40, false}, {3, 3, true}, {3, 4, true}, {3, 5, false}, {4, 4, false}} {
		if got := Compare(make([]float64, c.n), make([]float64, c.m)); got.Few != c.few {
			t.Errorf("%d and %d values: few is %v", c.n, c.m, got.Few)
		}
	}
}

// TestProperties wants the order of a sample not to matter, the median within the
// interval, and a shift of everything to shift all of it.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.SliceOfN(rapid.Map(rapid.IntRange(-50, 50), func(i int) float64 { return float64(i) / 4 }), 1, 60).Draw(t, "sample")
		s := Of(sample)
		if s.Low > s.Median || s.High < s.Median || s.Confidence < Confidence {
			t.Fatalf("%+v", s)
		}
		turned := slices.Clone(sample)
		slices.Reverse(turned)
		if Of(turned) != s {
			t.Fatalf("in reverse: %+v, want %+v", Of(turned), s)
		}
		var shifted []float64
		for _, x := range sample {
			shifted = append(shifted, x+8)
		}
		if m := Of(shifted); m.Median != s.Median+8 || m.Low != s.Low+8 || m.High != s.High+8 {
			t.Fatalf("shifted by 8: %+v, want %+v", m, s)
		}
		if c := Compare(shifted, sample); c.Delta != 8 {
			t.Fatalf("shifted by 8: %+v", c)
		}
		if c := Compare(sample, turned); !c.Noise || c.P != 1 {
			t.Fatalf("with itself: %+v", c)
		}
	})
}

// TestJSON writes what is not finite as null.
func TestJSON(t *testing.T) {
	for want, v := range map[string]any{
		`{"n":1,"median":2,"low":null,"high":null,"confidence":1}`:    Of([]float64{2}),
		`{"n":0,"median":null,"low":null,"high":null,"confidence":1}`: Of(nil),
		`{"delta":null,"p":null,"noise":true}`:                        Compare(nil, nil),
	} {
		got, err := json.Marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
