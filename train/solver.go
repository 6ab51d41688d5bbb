package train

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Solver is a gorgonia.Solver whose rate can be set at every step and whose
// whole state can be saved, so that a resumed run takes the very steps that it
// would have taken. Unlike Gorgonia's own solvers it leaves the gradients as
// they are; whoever uses it with a machine that adds to them has to set them to
// zero. A solver belongs to one model: the parameters of every Step must be
// the same, in the same order.
type Solver interface {
	G.Solver
	// SetRate sets the rate of the steps to come.
	SetRate(rate float64)
	// State returns the state, sharing memory with the solver.
	State() SolverState
	// Restore replaces the state by a copy of one that [Solver.State] gave.
	Restore(SolverState) error
}

// SolverState is everything that a solver remembers between steps.
type SolverState struct {
	Steps   int         // steps taken
	Moments [][]float64 // one after the other for each parameter, see the solvers
}

// Clone returns a copy that shares no memory.
func (s SolverState) Clone() SolverState {
	c := SolverState{Steps: s.Steps, Moments: make([][]float64, len(s.Moments))}
	for i, m := range s.Moments {
		c.Moments[i] = append([]float64(nil), m...)
	}
	return c
}

// Solvers lists the names of the solvers, the default first.
func Solvers() []string { return []string{"adam", "momentum", "sgd"} }

// NewSolver returns the solver of the configuration for parameters of the given
// sizes, in state zero.
func NewSolver(c Config, sizes []int) (Solver, error) {
	d := descent{rate: c.LR}
	switch c.Solver {
	case "sgd":
		return &SGD{d}, nil
	case "momentum":
		d.reserve(sizes, 1)
		return &Momentum{descent: d, Mu: c.Momentum}, nil
	case "adam":
		d.reserve(sizes, 2)
		return &Adam{descent: d, Beta1: c.Beta1, Beta2: c.Beta2, Epsilon: 1e-8}, nil
	}
	return nil, choice("solver", c.Solver, Solvers())
}

// defaultRate is the rate when none is given, see [DefaultConfig].
func defaultRate(solver string) float64 {
	switch solver {
	case "sgd":
		return 1
	case "momentum":
		return 0.3
	}
	return 0.1
}

// descent is what the solvers share.
type descent struct {
	rate  float64
	state SolverState
}

func (d *descent) reserve(sizes []int, moments int) {
	for _, n := range sizes {
		for range moments {
			d.state.Moments = append(d.state.Moments, make([]float64, n))
		}
	}
}

func (d *descent) SetRate(rate float64) { d.rate = rate }
func (d *descent) State() SolverState   { return d.state }

func (d *descent) Restore(s SolverState) error {
	if len(s.Moments) != len(d.state.Moments) {
		return fmt.Errorf("train: solver state of %d tensors, expected %d", len(s.Moments), len(d.state.Moments))
	}
	for i, m := range s.Moments {
		if len(m) != len(d.state.Moments[i]) {
			return fmt.Errorf("train: solver state: tensor %d has %d numbers, expected %d", i, len(m), len(d.state.Moments[i]))
		}
	}
	d.state.Steps = s.Steps
	for i, m := range s.Moments {
		copy(d.state.Moments[i], m)
	}
	return nil
}

// each calls step with the numbers of every parameter and of its gradient.
func (d *descent) each(model []G.ValueGrad, step func(i int, x, g []float64)) error {
	for i, p := range model {
		grad, err := p.Grad()
		if err != nil {
			return fmt.Errorf("train: gradient of parameter %d: %w", i, err)
		}
		x, okX := float64s(p.Value())
		g, okG := float64s(grad)
		if !okX || !okG || len(x) != len(g) {
			return fmt.Errorf("train: parameter %d and its gradient are not float64 tensors of one size", i)
		}
		step(i, x, g)
	}
	d.state.Steps++
	return nil
}

func float64s(v G.Value) ([]float64, bool) {
	t, ok := v.(*tensor.Dense)
	if !ok {
		return nil, false
	}
	x, ok := t.Data().([]float64)
	return x, ok
}

// SGD is plain gradient descent: x ← x − rate·g.
type SGD struct{ descent }

// Step implements gorgonia.Solver.
func (s *SGD) Step(model []G.ValueGrad) error {
	return s.each(model, func(_ int, x, g []float64) {
		for j := range x {
			x[j] -= s.rate * g[j]
		}
	})
}

// Momentum is gradient descent with heavy-ball momentum: v ← µv + g, then
// x ← x − rate·v. Its state is v for every parameter.
//
// Source: I. Sutskever et al., "On the importance of initialization and momentum
// in deep learning", ICML 2013, with the rate taken out of v.
type Momentum struct {
	descent
	Mu float64
}

// Step implements gorgonia.Solver.
func (s *Momentum) Step(model []G.ValueGrad) error {
	return s.each(model, func(i int, x, g []float64) {
		v := s.state.Moments[i]
		for j := range x {
			v[j] = s.Mu*v[j] + g[j]
			x[j] -= s.rate * v[j]
		}
	})
}

// Adam scales every coordinate's step by running means of its gradient and of
// the gradient's square, both corrected for their start at zero:
//
//	m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
//	x ← x − rate · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// Its state is m and v for every parameter.
//
// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization",
// https://arxiv.org/abs/1412.6980, algorithm 1.
type Adam struct {
	descent
	Beta1, Beta2, Epsilon float64
}

// Step implements gorgonia.Solver.
func (s *Adam) Step(model []G.ValueGrad) error {
	t := float64(s.state.Steps + 1)
	correct1, correct2 := 1-math.Pow(s.Beta1, t), 1-math.Pow(s.Beta2, t)
	return s.each(model, func(i int, x, g []float64) {
		m, v := s.state.Moments[2*i], s.state.Moments[2*i+1]
		for j := range x {
			m[j] = s.Beta1*m[j] + (1-s.Beta1)*g[j]
			v[j] = s.Beta2*v[j] + (1-s.Beta2)*g[j]*g[j]
			x[j] -= s.rate * (m[j] / correct1) / (math.Sqrt(v[j]/correct2) + s.Epsilon)
		}
	})
}
