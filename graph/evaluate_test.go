package graph

import (
	"math"
	"slices"
	"testing"
)

// TestEvaluate wants the bits of the loss that Run gives, before a run and after
// runs and batches, and that the run after it is as without.
func TestEvaluate(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for i, s := range append(fusedBatches(), specs()...) {
		m := newModel(t, c, s)
		randomise32(m, uint64(i), 1)
		evaluated, err := m.Evaluate()
		if err != nil {
			t.Fatalf("%s: %v", describe(s), err)
		}
		want := figures(t, m)
		check := func(what string, l Loss) {
			t.Helper()
			if !sameBits([]float64{l.Data, l.Penalty}, want[:2]) {
				t.Errorf("%s: the loss %s is %v, of a run %v", describe(s), what, l, want[:2])
			}
		}
		check("before a run", evaluated)
		for _, b := range []*Batch{nil, {Rows: []int32{0, 1}, Weights: []float64{1, 2}}, {Rows: []int32{1}, Weights: []float64{0.5}}} {
			if !s.Fused {
				continue
			}
			if b == nil {
				run(t, m)
			} else {
				runRows(t, m, b)
			}
			evaluated, err := m.Evaluate()
			if err != nil {
				t.Fatalf("%s: %v", describe(s), err)
			}
			check("afterwards", evaluated)
			if b != nil {
				fresh := newModel(t, c, s)
				randomise32(fresh, uint64(i), 1)
				again := &Batch{Rows: b.Rows, Weights: b.Weights}
				if !sameBits(runRows(t, m, b), runRows(t, fresh, again)) {
					t.Errorf("%s: a batch after Evaluate is not that of a fresh model", describe(s))
				}
			}
		}
		if !sameBits(figures(t, m), want) {
			t.Errorf("%s: a run after Evaluate gives other bits", describe(s))
		}
	}
}

// TestPushPull wants numbers that go to the parameters and back to be rounded to
// float32, by Go's own conversion, and not to be touched in float64.
func TestPushPull(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for _, s := range fusedBatches() {
		m := newModel(t, c, s)
		var want, all []float64
		for _, x := range m.matrices() {
			for i := range x {
				x[i] = math.Sin(float64(i+1)) * math.Pow(10, float64(i%40-20))
				want = append(want, x[i])
				if s.Float32 {
					want[len(want)-1] = float64(float32(x[i]))
				}
			}
		}
		m.Push()
		for _, p := range m.Params() {
			if (p.Data32 != nil) != s.Float32 || (p.Data != nil) == s.Float32 {
				t.Fatalf("%s: float32 %v, but the parameter is not", describe(s), s.Float32)
			}
			all = p.AppendTo(all)
		}
		for _, x := range m.matrices() {
			if s.Float32 {
				clear(x)
			}
		}
		m.Pull()
		back := slices.Concat(m.matrices()...)
		if !slices.Equal(all, want) || !slices.Equal(back, want) {
			t.Errorf("%s, float32 %v: the numbers come back changed", describe(s), s.Float32)
		}
	}
}
