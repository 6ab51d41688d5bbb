package train

import (
	"math"
	"testing"
)

// series feeds objectives and gradient norms to a rule and returns the step at
// which it said stop, −1 if never, and its words.
func series(c *Convergence, objective, norm func(step int) float64, steps int) (int, string) {
	for i := range steps {
		if why := c.Done(i, objective(i), norm(i)); why != "" {
			return i, why
		}
	}
	return -1, ""
}

func TestConvergence(t *testing.T) {
	flat := func(x float64) func(int) float64 { return func(int) float64 { return x } }
	halving := func(i int) float64 { return math.Exp2(-float64(i)) }
	for _, test := range []struct {
		name      string
		rule      Convergence
		objective func(int) float64
		norm      func(int) float64
		stop      int
		why       string
	}{
		{"nothing is switched on", Convergence{}, flat(1), flat(0), -1, ""},
		{"gradient at the tolerance", Convergence{GradTol: 0.125}, flat(1), halving, 3, "the norm of the gradient is at most 0.125"},
		{"gradient of zero without the rule", Convergence{Patience: 5}, flat(1), flat(0), 5, "for 5 steps"},
		{"gradient first", Convergence{GradTol: 1, Patience: 5}, flat(1), flat(0.5), 0, "gradient"},
		{"plateau from the start", Convergence{Patience: 7}, flat(1), flat(1), 7, "has not fallen by 1e-07 of itself for 7 steps"},
		{"plateau at zero", Convergence{Patience: 3}, flat(0), flat(1), 3, "for 3 steps"},
		{"plateau below zero", Convergence{Patience: 3}, flat(-1), flat(1), 3, "for 3 steps"},
		{"always falling", Convergence{Patience: 3}, halving, flat(1), -1, ""},
		{"falling by less than the tolerance", Convergence{Patience: 4},
			func(i int) float64 { return 1 - 1e-9*float64(i) }, flat(1), 4, "for 4 steps"},
		{"falling by less at a time, more over the patience", Convergence{Patience: 4},
			func(i int) float64 { return 1 - 3e-8*float64(i) }, flat(1), -1, ""},
		{"rising", Convergence{Patience: 4}, func(i int) float64 { return float64(i) }, flat(1), 4, "for 4 steps"},
		{"flat from step 10 on", Convergence{Patience: 6},
			func(i int) float64 { return -float64(min(i, 10)) + 20 }, flat(1), 16, "for 6 steps"},
		{"a spike is no progress lost", Convergence{Patience: 5},
			func(i int) float64 {
				if i%3 == 2 {
					return 100
				}
				return halving(i)
			}, flat(1), -1, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			stop, why := series(&test.rule, test.objective, test.norm, 30)
			if stop != test.stop {
				t.Errorf("stopped at step %d, want %d: %s", stop, test.stop, why)
			}
			wantText(t, "the reason", why, test.why)
			if stop >= 0 {
				wantText(t, "the reason", why, "converged: ")
			}
		})
	}
}

// TestConvergenceIsRepeatable asks about one step twice, as a run does that is
// resumed at a step that it had looked at before.
func TestConvergenceIsRepeatable(t *testing.T) {
	a, b := Convergence{Patience: 4}, Convergence{Patience: 4}
	for step, objective := range []float64{5, 4, 4, 3, 3, 3, 3, 3} {
		once := a.Done(step, objective, 1)
		b.Done(step, objective, 1)
		if twice := b.Done(step, objective, 1); twice != once || a != b {
			t.Errorf("step %d: %q and %q, %+v and %+v", step, once, twice, a, b)
		}
	}
	if a.Best != 3 || a.BestStep != 3 {
		t.Errorf("best %g at step %d", a.Best, a.BestStep)
	}
}

// TestAtFloor: the rule needs a floor and a tolerance, and holds at equality and
// below.
func TestAtFloor(t *testing.T) {
	floor := 2.0
	for _, test := range []struct {
		rule Convergence
		loss float64
		stop bool
	}{
		{Convergence{Floor: &floor, Tolerance: 0.5}, 2.5, true},
		{Convergence{Floor: &floor, Tolerance: 0.5}, 1.9999, true},
		{Convergence{Floor: &floor, Tolerance: 0.5}, 2.5001, false},
		{Convergence{Floor: &floor}, 2, false},
		{Convergence{Tolerance: 0.5}, 0, false},
	} {
		if why := test.rule.AtFloor(test.loss); (why != "") != test.stop {
			t.Errorf("%+v at %g: %q", test.rule, test.loss, why)
		}
	}
}
