package train

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"qk/graph"
)

// fusedRuns are runs of the fused graph with every solver, precision, kind of loss
// and form of the scores, over all rows and in batches.
func fusedRuns() map[string]Config {
	runs := make(map[string]Config)
	bases := []Config{
		predict(), recall(graph.CrossEntropy), recall(graph.Squared), recall(graph.Logistic),
		predict(func(c *Config) { c.OneHot = true }), recall(graph.CrossEntropy, func(c *Config) { c.OneHot = true }),
	}
	i := 0
	for _, solver := range Solvers() {
		for _, precision := range []Precision{Float32, Float64} {
			for _, batch := range []int{0, 1, 4} {
				c := bases[i%len(bases)]
				c.Graph, c.Solver, c.Precision, c.Batch, c.Steps, c.Seed = Fused, solver, precision, batch, 6, uint64(i)
				if solver != "adam" {
					c.LR = 0.01
				}
				i++
				runs[fmt.Sprintf("%d %s %s %s %s B=%d", i, solver, precision, c.Task, c.Objective, batch)] = c
			}
			bases = append(bases[1:], bases[0]) // each in turn meets each kind of batch
		}
	}
	return runs
}

// TestResumeFused gives up a run after each of its steps, as a kill would, and
// stops one through its context: resumed, all end in the bytes of a run left
// alone, and so does one that is stopped after every step.
func TestResumeFused(t *testing.T) {
	for name, c := range fusedRuns() {
		t.Run(name, func(t *testing.T) {
			alone := finished(t, c)
			base := t.TempDir()
			d, e, l := newRunAt(t, filepath.Join(base, "run"), c, "")
			l.Due = func(step int) bool { return step%3 == 2 }
			var copies []string
			watch(l, func(e Event) error {
				to := filepath.Join(base, fmt.Sprint(e.Step), "run")
				copyDir(t, d.Path, to)
				copies = append(copies, to)
				return nil
			})
			must(t, l.Run(context.Background()))
			finish(t, d, e, l)
			wantSameFiles(t, "with other states saved", d.Path, alone)
			for i, path := range copies {
				resume(t, path)
				wantSameFiles(t, fmt.Sprintf("killed after the log of step %d", i), path, alone)
			}
			d, e, l = newRunAt(t, filepath.Join(base, "stopped", "run"), c, "")
			for stops := 0; ; stops++ {
				ctx, cancel := context.WithCancel(context.Background())
				watch(l, func(Event) error { cancel(); return nil })
				err := l.Run(ctx)
				cancel()
				if err == nil {
					break
				}
				if !errors.Is(err, ErrInterrupted) || stops > c.Steps {
					t.Fatalf("after %d stops: %v", stops, err)
				}
				must(t, d.Abort(l, err))
				d, e, l = reopen(t, d.Path)
				must(t, d.Attach(l, still))
			}
			finish(t, d, e, l)
			wantSameFiles(t, "stopped after every step", d.Path, alone)
		})
	}
}
