package graph

import (
	"math"
	"testing"
)

// TestPrepareRefuses checks batches that are out of order or name what is not
// there, and that a plain model has none.
func TestPrepareRefuses(t *testing.T) {
	c := newCorpus(t, shapes["a last word only"], 16) // row c is empty
	for _, s := range losses() {
		s.Rank = 2
		m := newModel(t, c, s)
		if !s.Fused {
			if ids, _, _ := m.Rows(); ids != nil {
				t.Errorf("%s: a plain model has rows", describe(s))
			}
			if err := m.Prepare(&Batch{}); err == nil {
				t.Errorf("%s: a plain model prepares a batch", describe(s))
			}
			if _, err := m.RunBatch(&Batch{}); err == nil {
				t.Errorf("%s: a plain model runs a batch", describe(s))
			}
			continue
		}
		ids, masses, unit := m.Rows()
		var total float64
		for _, n := range masses {
			total += float64(n) * unit
		}
		if s.Objective != Squared && math.Abs(total-1) > 1e-15 {
			t.Errorf("%s: the rows weigh %v", describe(s), total)
		}
		last := ids[len(ids)-1]
		for _, bad := range [][]int32{{ids[1], ids[0]}, {ids[0], ids[0]}, {-1}, {last + 1}, {ids[0], last, last}, {math.MinInt32}, {math.MaxInt32}} {
			if err := m.Prepare(&Batch{Rows: bad, Weights: make([]float64, len(bad))}); err == nil {
				t.Errorf("%s: rows %d are accepted", describe(s), bad)
			}
		}
		if err := m.Prepare(&Batch{Rows: ids[:1], Weights: []float64{1, 2}}); err == nil {
			t.Errorf("%s: more weights than rows are accepted", describe(s))
		}
		if err := m.Prepare(&Batch{Rows: ids[:1], Weights: []float64{1}}); err != nil {
			t.Errorf("%s: one row is refused: %v", describe(s), err)
		}
	}
}

// TestUnpreparedBatch wants an error, not numbers, from a batch that was never
// prepared, where the loss needs it to be.
func TestUnpreparedBatch(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for _, s := range losses() {
		if !s.Fused || s.Objective != CrossEntropy {
			continue
		}
		s.Rank = 2
		m := newModel(t, c, s)
		randomise(m, 1, 1)
		want := figures(t, m)
		if _, err := m.RunBatch(&Batch{Rows: []int32{0, 1}, Weights: []float64{1, 1}}); err == nil {
			t.Errorf("%s: no error", describe(s))
		}
		if !sameBits(figures(t, m), want) {
			t.Errorf("%s: other bits after the error", describe(s))
		}
	}
}
