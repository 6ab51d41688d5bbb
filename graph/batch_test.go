package graph

import (
	"math"
	"runtime"
	"slices"
	"testing"
)

// TestBatches checks that the number of rows in a batch changes only rounding,
// and that the penalty is counted once, not once a batch.
func TestBatches(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for i, s := range specs() {
		if s.Scaled {
			continue // nothing that a batch can touch
		}
		var want []float64
		for _, s.BatchRows = range []int{0, 1, 2, 3, 7} {
			m := newModel(t, c, s)
			randomise(m, uint64(i), 1)
			loss := run(t, m)
			got := append([]float64{loss.Data, loss.Penalty}, gradients(m)...)
			if s.BatchRows == 0 {
				want = got
			}
			wantNear(t, describe(s), got, want, largest(want...), 1e-13)
			for i := range got {
				wantNear(t, describe(s), got[i:i+1], want[i:i+1], max(math.Abs(want[i]), 1e-3), 1e-12)
			}
		}
	}
}

// TestBatchRows checks the sizes themselves: never more rows than there are, at
// least one, and the choice when none is asked for keeps B·V numbers within
// batchCells.
func TestBatchRows(t *testing.T) {
	for _, x := range []struct{ asked, rows, V, want int }{
		{0, 10, 13, 10}, {3, 10, 13, 3}, {10, 10, 13, 10}, {11, 10, 13, 10}, {1, 10, 13, 1},
		{0, 1 << 20, 1 << 8, 1 << 10}, {0, 1 << 20, 1 << 30, 1}, {0, 1, 1, 1}, {5, 0, 1, 1},
	} {
		if got := (Spec{BatchRows: x.asked}).batchRows(x.rows, x.V); got != x.want {
			t.Errorf("%d rows asked for, %d in all, V = %d: %d rows in a batch, want %d", x.asked, x.rows, x.V, got, x.want)
		}
	}
}

// TestRunsRepeat checks that a result depends on the weights alone, to the bit:
// not on earlier runs, not on the model that computed it.
func TestRunsRepeat(t *testing.T) {
	c := builtInCorpus(t, "diary")
	for _, s := range specs() {
		if s.Scaled {
			continue
		}
		s.BatchRows = 5
		m, twin := newModel(t, c, s), newModel(t, c, s)
		result := func(m *Model, seed uint64) []float64 {
			randomise(m, seed, 1)
			loss := run(t, m)
			return append([]float64{loss.Data, loss.Penalty}, gradients(m)...)
		}
		first := result(m, 1)
		if !sameBits(first, result(m, 1)) {
			t.Errorf("%s: a second run differs from the first", describe(s))
		}
		if other := result(m, 2); slices.Equal(first, other) {
			t.Errorf("%s: other weights give the same result", describe(s))
		}
		if !sameBits(first, result(m, 1)) {
			t.Errorf("%s: a run differs after a run with other weights", describe(s))
		}
		if !sameBits(first, result(twin, 1)) {
			t.Errorf("%s: a model of the same spec differs", describe(s))
		}
	}
}

// TestRunsRepeatOnOneCore checks that the number of cores does not show, with
// matrices that are large enough to be multiplied on several.
func TestRunsRepeatOnOneCore(t *testing.T) {
	c := zipfCorpus(t, 300, 60)
	for _, s := range []Spec{{Rank: 70, Null: true}, {Task: Recall, Rank: 70}} {
		m := newModel(t, c, s)
		randomise(m, 1, 0.3)
		many := append([]float64{run(t, m).Data}, gradients(m)...)
		before := runtime.GOMAXPROCS(1)
		alone := append([]float64{run(t, m).Data}, gradients(m)...)
		runtime.GOMAXPROCS(before)
		if !sameBits(many, alone) {
			t.Errorf("%s: one core gives other bits than %d", describe(s), before)
		}
	}
}
