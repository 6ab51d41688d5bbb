package train

import (
	"fmt"
	"math"
	"testing"

	"qk/graph"
	"qk/graph/kernel"
)

// TestStepsDoNotAllocate takes whole steps of the fused graph, the draw of a batch
// and the copy of the last good state among them, and wants no memory from any,
// alone and among goroutines.
func TestStepsDoNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	for _, base := range []Config{predict(), recall(graph.CrossEntropy), recall(graph.Squared), recall(graph.Logistic)} {
		for _, solver := range Solvers() {
			for _, precision := range []Precision{Float32, Float64} {
				for _, batch := range []int{0, 5} {
					c := base
					c.Graph, c.Solver, c.Precision, c.Batch, c.LR = Fused, solver, precision, batch, 1e-4
					l := loop(t, count(t, c, ""))
					step := func() {
						_, err := l.run()
						must(t, err)
						if norm := l.Model.GradNorm(); math.IsNaN(norm) {
							t.Fatal("the norm is not a number")
						}
						must(t, l.Advance(1e-4))
					}
					for range 60 { // the largest of the batches is among them
						step()
					}
					for _, members := range []int{1, 3} {
						l.Model.Start(members)
						step()
						n := testing.AllocsPerRun(20, step)
						l.Model.Stop()
						if n > 0 {
							t.Errorf("%s %s, %s, %s, batches of %d, %d members: %v allocations a step", c.Task, c.Objective, solver, precision, batch, members, n)
						}
					}
				}
			}
		}
	}
}

// TestRunsOfEveryKernel takes the same run with each instruction set of the
// machine, Go among them: the first loss and gradient are equal within rounding.
func TestRunsOfEveryKernel(t *testing.T) {
	for _, precision := range []Precision{Float64, Float32} {
		tolerance := 1e-12
		if precision == Float32 {
			tolerance = 1e-5
		}
		for _, batch := range []int{0, 20} {
			var want []float64
			for _, isa := range kernel.Available() {
				t.Setenv(kernel.Variable, string(isa))
				c := predict(steps(20), func(c *Config) { c.Graph, c.Precision, c.Batch = Fused, precision, batch })
				l := loop(t, count(t, c, noisyProxy))
				if l.Model.ISA != isa {
					t.Fatalf("the kernels are %s, want %s", l.Model.ISA, isa)
				}
				events := watch(l, nil)
				must(t, l.Run(t.Context()))
				got := []float64{(*events)[0].Loss.Total(), (*events)[0].GradNorm}
				if want == nil {
					want = got
				}
				for i := range got {
					wantNear(t, fmt.Sprintf("%s, %s, batch %d: figure %d", isa, precision, batch, i), got[i], want[i], tolerance*math.Abs(want[i]))
				}
			}
		}
	}
}
