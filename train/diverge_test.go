package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"qk/graph"
)

// TestDivergence lets runs blow up. The error must name the step and the tensor,
// the loop must be back at the last state whose loss was finite, and the advice
// must fit.
func TestDivergence(t *testing.T) {
	rate := func(solver string, lr float64) func(*Config) {
		return func(c *Config) { c.Solver, c.LR, c.Schedule = solver, lr, Constant }
	}
	for _, test := range []struct {
		name   string
		config Config
		step   int // −1 for any
		tensor string
		advice []string
	}{
		{"sgd at 1e300", predict(rate("sgd", 1e300)), 1, "loss", []string{"--lr 1"}},
		{"adam at 1e300", predict(rate("adam", 1e300)), 1, "loss", []string{"--lr 0.1"}},
		{"squared, sgd at 1", recall(graph.Squared, rate("sgd", 1)), -1, "", []string{"--lr 0.1", "or --solver adam"}},
		{"squared, momentum at 2", recall(graph.Squared, rate("momentum", 2)), -1, "", []string{"--lr 0.2", "or --solver adam"}},
		{"squared, adam at 1e200", recall(graph.Squared, rate("adam", 1e200)), 1, "loss", []string{"--lr 0.1"}},
		// 1e308 · 10 is more than any float64: the weights themselves overflow.
		{"penalty of 1e10 at 1e300", predict(rate("sgd", 1e300), func(c *Config) { c.L2 = 1e10 }), 1, "Q", []string{"--lr 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := loop(t, count(t, test.config, ""))
			type state struct {
				q, k   []float64
				loss   graph.Loss
				solver SolverState
			}
			var seen []state
			watch(l, func(e Event) error {
				w := l.Model.Weights
				seen = append(seen, state{append([]float64(nil), w.Q...), append([]float64(nil), w.K...), e.Loss, l.Solver.State().Clone()})
				return nil
			})
			err := l.Run(context.Background())
			var diverged *DivergedError
			if !errors.As(err, &diverged) {
				t.Fatalf("error %v", err)
			}
			if test.step >= 0 && diverged.Step != test.step || test.tensor != "" && diverged.Tensor != test.tensor {
				t.Errorf("%s at step %d", diverged.Tensor, diverged.Step)
			}
			if diverged.Good != diverged.Step-1 || l.Step != diverged.Good || len(seen) != diverged.Step {
				t.Errorf("back at step %d of %d, the error says %d, %d events", l.Step, diverged.Step, diverged.Good, len(seen))
			}
			if !math.IsNaN(diverged.Value) && !math.IsInf(diverged.Value, 0) {
				t.Errorf("%g is a number like any other", diverged.Value)
			}
			wantError(t, err, append(test.advice, fmt.Sprintf("diverged at step %d: %s", diverged.Step, diverged.Tensor),
				fmt.Sprintf("the state after step %d is kept", diverged.Good))...)
			if test.config.Solver == "adam" || test.config.Task == graph.Predict {
				if want := "try a smaller rate, such as " + test.advice[0]; diverged.Advice != want {
					t.Errorf("advice %q, want %q", diverged.Advice, want)
				}
			}

			good := seen[len(seen)-1]
			if !sameBits(l.Model.Weights.Q, good.q) || !sameBits(l.Model.Weights.K, good.k) {
				t.Error("the weights are not those of the last good step")
			}
			solver := l.Solver.State()
			if solver.Steps != good.solver.Steps {
				t.Errorf("the solver counts %d steps, want %d", solver.Steps, good.solver.Steps)
			}
			for i, m := range solver.Moments {
				if !sameBits(m, good.solver.Moments[i]) {
					t.Errorf("moment %d is not that of the last good step", i)
				}
			}
			if loss, err := l.Model.Run(); err != nil || loss != good.loss || l.Loss != good.loss {
				t.Errorf("loss %v, of the weights %v, was %v: %v", l.Loss, loss, good.loss, err)
			}
		})
	}
}

// TestFirstWeightsTooLarge has no good state to go back to.
func TestFirstWeightsTooLarge(t *testing.T) {
	for _, c := range []Config{predict(func(c *Config) { c.Init = 1e200 }), recall(graph.Squared, func(c *Config) { c.Init = 1e200 })} {
		l := loop(t, count(t, c, ""))
		events := watch(l, nil)
		err := l.Run(context.Background())
		var diverged *DivergedError
		if !errors.As(err, &diverged) || diverged.Step != 0 || l.Step != 0 || len(*events) != 0 {
			t.Fatalf("step %d, %d events: %v", l.Step, len(*events), err)
		}
		wantError(t, err, "diverged at step 0", "the first weights are too large", "a smaller --init than 1e+200")
	}
}

// TestGradientNormOverflows has a gradient 2λq of which every number is finite,
// as is the penalty λ‖q‖², but not the norm 2λ‖q‖ when ½ < ‖q‖ < 1 and λ is near
// the largest number there is.
func TestGradientNormOverflows(t *testing.T) {
	l := loop(t, count(t, predict(ranked(1), func(c *Config) { c.L2, c.Init = 1.7e308, 0.15 }), ""))
	err := l.Run(context.Background())
	var diverged *DivergedError
	if !errors.As(err, &diverged) || diverged.Tensor != "norm of the gradient" {
		t.Errorf("error %v", err)
	}
}

// TestLargeScoresAreSafe: first weights of 100 give scores of thousands, which
// the loss must survive.
func TestLargeScoresAreSafe(t *testing.T) {
	for _, c := range []Config{
		predict(steps(5), func(c *Config) { c.Init = 100 }),
		recall(graph.CrossEntropy, steps(5), func(c *Config) { c.Init = 100 }),
		recall(graph.Logistic, steps(5), func(c *Config) { c.Init = 100 }),
	} {
		l := loop(t, count(t, c, ""))
		must(t, l.Run(context.Background()))
		if x := l.Loss.Total(); math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("%s: loss %g", c.Task, x)
		}
	}
}
