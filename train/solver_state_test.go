package train

import (
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestSolverStateRoundTrip saves the state of every solver in the middle of a
// run and goes on from there with a solver made anew: the numbers must be the
// same to the last bit.
func TestSolverStateRoundTrip(t *testing.T) {
	const before, after, n = 7, 9, 5
	for _, name := range Solvers() {
		c := Config{Solver: name, LR: 0.1, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999}
		rng := rand.New(rand.NewPCG(5, 6))
		x, g := make([]float64, n), make([]float64, n)
		model := []G.ValueGrad{newPair(x[:2], g[:2]), newPair(x[2:], g[2:])}
		next := func() {
			for j := range g {
				g[j] = rng.NormFloat64()
			}
		}
		whole := solver(t, c, 2, 3)
		for range before {
			next()
			must(t, whole.Step(model))
		}
		saved, at := whole.State().Clone(), append([]float64(nil), x...)
		var gradients [][]float64
		for range after {
			next()
			gradients = append(gradients, append([]float64(nil), g...))
			must(t, whole.Step(model))
		}
		want := append([]float64(nil), x...)

		resumed := solver(t, c, 2, 3)
		must(t, resumed.Restore(saved))
		copy(x, at)
		for i := range after {
			copy(g, gradients[i])
			must(t, resumed.Step(model))
		}
		if !sameBits(x, want) {
			t.Errorf("%s: %v after a restart, %v without", name, x, want)
		}
		if a, b := whole.State(), resumed.State(); a.Steps != b.Steps || a.Steps != before+after || len(a.Moments) != len(b.Moments) {
			t.Errorf("%s: the states differ: %v and %v", name, a, b)
		}

		// What was saved shares no memory with either solver.
		if saved.Steps != before {
			t.Errorf("%s: the saved state counts %d steps now", name, saved.Steps)
		}
		again := solver(t, c, 2, 3)
		must(t, again.Restore(saved))
		for i, m := range again.State().Moments {
			if !sameBits(m, saved.Moments[i]) {
				t.Errorf("%s: moment %d of the saved state has changed", name, i)
			}
		}
	}
}

// TestSolverRestoreRefuses gives every solver states of other solvers and of
// other sizes. A refusal must leave the state as it was.
func TestSolverRestoreRefuses(t *testing.T) {
	sized := func(sizes ...int) SolverState {
		s := SolverState{Steps: 9}
		for _, n := range sizes {
			m := make([]float64, n)
			for i := range m {
				m[i] = 1
			}
			s.Moments = append(s.Moments, m)
		}
		return s
	}
	for _, test := range []struct {
		solver string
		state  SolverState
		why    string // "" for a state that fits
	}{
		{"sgd", sized(), ""},
		{"sgd", sized(2), "solver state of 1 tensors, expected 0"},
		{"momentum", sized(2, 3), ""},
		{"momentum", sized(), "solver state of 0 tensors, expected 2"},
		{"momentum", sized(2, 4), "tensor 1 has 4 numbers, expected 3"},
		{"momentum", sized(2, 2, 3, 3), "solver state of 4 tensors, expected 2"},
		{"adam", sized(2, 2, 3, 3), ""},
		{"adam", sized(2, 3, 2, 3), "tensor 1 has 3 numbers, expected 2"},
		{"adam", sized(2, 2, 3), "solver state of 3 tensors, expected 4"},
	} {
		s := solver(t, Config{Solver: test.solver}, 2, 3)
		err := s.Restore(test.state)
		if test.why == "" {
			must(t, err)
			continue
		}
		wantError(t, err, test.why)
		state := s.State()
		if state.Steps != 0 {
			t.Errorf("%s: %d steps after a refusal", test.solver, state.Steps)
		}
		for _, m := range state.Moments {
			for _, x := range m {
				if x != 0 {
					t.Errorf("%s: the refused state was put in place", test.solver)
				}
			}
		}
	}
}
