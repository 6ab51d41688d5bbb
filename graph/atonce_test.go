package graph

import (
	"sync"
	"testing"
)

// TestBuiltAtOnce builds and runs models in several goroutines at once, as a sweep
// does; the race detector looks for what Gorgonia shares between graphs. Each must
// give the loss that it gives alone.
func TestBuiltAtOnce(t *testing.T) {
	for _, spec := range []Spec{
		{Task: Predict, Objective: CrossEntropy, Null: true, Rank: 3, L2: 0.01},
		{Task: Predict, Objective: CrossEntropy, Rank: 3, Fused: true},
		{Task: Recall, Objective: Squared, Rank: 3},
	} {
		c := builtInCorpus(t, "diary")
		losses := make([]float64, 8)
		start := make(chan struct{})
		run := func(i int) {
			m, err := New(spec, c.counts, c.masks)
			if err != nil {
				t.Error(err)
				return
			}
			m.Weights.Draw(7, 0.5)
			m.Push()
			loss, err := m.Run()
			if err != nil {
				t.Error(err)
			}
			losses[i] = loss.Total()
		}
		var wg sync.WaitGroup
		for i := range losses[1:] {
			wg.Add(1)
			go func() {
				defer wg.Done()
				<-start
				run(1 + i)
			}()
		}
		close(start)
		wg.Wait()
		run(0) // last, as Gorgonia writes what it shares at first
		for i, l := range losses {
			if l != losses[0] {
				t.Errorf("%+v: model %d has loss %g, alone %g", spec, i, l, losses[0])
			}
		}
	}
}
