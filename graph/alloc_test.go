package graph

import (
	"math/rand/v2"
	"testing"
)

// TestNoAllocation wants no memory from any step of a fused model: over all rows,
// in batches that are prepared anew in the memory of one plan, for the norm
// and, of recall, with both kinds of step in turn. Sizes differ from batch to
// batch; the largest comes first.
func TestNoAllocation(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	text, table := zipfCorpus(t, 100, 100), corpus{counts: randomTable(t, 300, 9, 1)}
	for i, s := range fusedBatches() {
		c := text
		if s.Task == Recall && s.Objective == CrossEntropy && !s.OneHot {
			c = table
		}
		m := newModel(t, c, s)
		randomise32(m, uint64(i), 1)
		ids, _, _ := m.Rows()
		batches := []*Batch{everyRow(m)}
		for range 5 {
			batches = append(batches, randomBatch(rand.New(rand.NewPCG(uint64(i), 1)), ids, 0.5))
		}
		batch, at := &Batch{}, 0
		next := func() {
			b := batches[at%len(batches)]
			batch.Rows, batch.Weights, at = b.Rows, b.Weights, at+1
			if err := m.Prepare(batch); err != nil {
				t.Fatal(err)
			}
			if _, err := m.RunBatch(batch); err != nil {
				t.Fatal(err)
			}
		}
		for name, f := range map[string]func(){
			"a run":    func() { run(t, m) },
			"a batch":  next,
			"the norm": func() { m.GradNorm() },
			"both":     func() { next(); run(t, m) },
		} {
			if name == "both" && s.Task == Predict {
				continue // it gives back the memory of its footprint
			}
			f()
			at = 1 // not the largest again
			for _, members := range []int{1, 3} {
				m.Start(members)
				f()
				n := testing.AllocsPerRun(12, f)
				m.Stop()
				if n > 0 {
					t.Errorf("%s, float32 %v: %s of %d members allocates %v times", describe(s), s.Float32, name, members, n)
				}
			}
			at = 0
		}
	}
}
