package data

import (
	"reflect"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestCountTransitions: what is counted without pairs is what is counted with
// them, and so are the figures that are derived without masks.
func TestCountTransitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corpus := loadText(t, drawText(t), Options{Boundary: rapid.Bool().Draw(t, "boundary"), MaxVocab: rapid.IntRange(0, 4).Draw(t, "max vocab")})
		context := rapid.SampledFrom([]int{1, 2, unbounded}).Draw(t, "context")
		whole, err := Count(corpus, context)
		lean, leanErr := CountTransitions(corpus, context)
		if (err == nil) != (leanErr == nil) {
			t.Fatalf("errors %v and %v", err, leanErr)
		}
		if err != nil {
			if err.Error() != leanErr.Error() {
				t.Errorf("errors %v and %v", err, leanErr)
			}
			return
		}
		cells := 0
		for _, pairs := range whole.Pairs {
			for _, p := range pairs {
				cells += len(p.Next.Cells)
			}
		}
		if !reflect.DeepEqual(lean.Transitions, whole.Transitions) || lean.Total != whole.Total || lean.PairCells != cells || whole.PairCells != cells {
			t.Errorf("%+v, %d cells\nwant %+v, %d cells", lean.Transitions, lean.PairCells, whole.Transitions, cells)
		}
		if lean.Pairs != nil || lean.Positions() != nil {
			t.Error("pairs or positions were kept")
		}
	})
}

// TestWithoutMasks: what is derived row by row is what the masks hold.
func TestWithoutMasks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawCounts(t)
		masks := NewMasks(c)
		if got, want := PredictLadder(c, nil, true), PredictLadder(c, masks, true); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		rows := make([]MaskRow, c.V())
		var mu sync.Mutex
		EachMaskRow(c, func(row MaskRow) {
			mu.Lock()
			defer mu.Unlock()
			rows[row.Word] = row
		})
		for w := range rows {
			rows[w].Best = masks.Rows[w].Best
		}
		if !reflect.DeepEqual(rows, masks.Rows) {
			t.Errorf("%+v, want %+v", rows, masks.Rows)
		}
	})
}
