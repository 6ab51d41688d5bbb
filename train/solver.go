package train

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"qk/graph"
	"qk/graph/kernel"
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
	// Finite tells whether the last step left every parameter finite.
	Finite() bool
	// State returns the state. It may share memory with the solver.
	State() SolverState
	// Save copies the state to s, into the memory that s has.
	Save(s *SolverState)
	// Restore replaces the state by a copy of one that [Solver.State] gave.
	Restore(SolverState) error
}

// SolverState is everything that a solver remembers between steps.
type SolverState struct {
	Steps   int         // steps taken
	Moments [][]float64 // one after the other for each parameter, see [NewSolver]
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
//
// The solver sgd is plain gradient descent, x ← x − rate·g, without moments.
//
// Momentum is gradient descent with heavy-ball momentum: v ← µv + g, then
// x ← x − rate·v. Its moment is v. Source: I. Sutskever et al., "On the
// importance of initialization and momentum in deep learning", ICML 2013, with
// the rate taken out of v.
//
// Adam scales every coordinate's step by running means of its gradient and of
// the gradient's square, both corrected for their start at zero:
//
//	m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
//	x ← x − rate · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// Its moments are m and v. Source: D. P. Kingma and J. Ba, "Adam: a method for
// stochastic optimization", https://arxiv.org/abs/1412.6980, algorithm 1.
func NewSolver(c Config, sizes []int) (Solver, error) {
	isa, err := kernel.Default()
	if err != nil {
		return nil, err
	}
	if c.Precision == Float32 {
		return newSolver[float32](c, isa, sizes)
	}
	return newSolver[float64](c, isa, sizes)
}

// SolverOf returns the solver of the configuration for the parameters of a model,
// which shares its goroutines with the solver.
func SolverOf(c Config, m *graph.Model) (Solver, error) {
	var sizes []int
	for _, p := range m.Params() {
		sizes = append(sizes, p.Len())
	}
	s, err := NewSolver(c, sizes)
	if s, ok := s.(interface{ shareWith(sharer) }); ok {
		s.shareWith(m)
	}
	return s, err
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

// epsilon is Adam's ε.
const epsilon = 1e-8

func newSolver[F kernel.Float](c Config, isa kernel.ISA, sizes []int) (Solver, error) {
	s := &descent[F]{config: c, set: kernel.New[F](isa), rate: c.LR, sizes: sizes}
	switch c.Solver {
	case "sgd":
		s.each = s.sgdPiece
	case "momentum":
		s.each, s.perParameter = s.momentumPiece, 1
	case "adam":
		s.each, s.perParameter = s.adamPiece, 2
	default:
		return nil, choice("solver", c.Solver, Solvers())
	}
	for _, n := range sizes {
		for range s.perParameter {
			s.moments = append(s.moments, make([]F, n))
		}
	}
	s.work = s.part
	return s, nil
}

func (s *descent[F]) SetRate(rate float64) { s.rate = rate }
func (s *descent[F]) Finite() bool         { return !s.overflowed.Load() }

func (s *descent[F]) State() SolverState {
	state := SolverState{Steps: s.steps}
	for _, m := range s.moments {
		if shared, ok := any(m).([]float64); ok {
			state.Moments = append(state.Moments, shared)
		} else {
			state.Moments = append(state.Moments, appendNumbers(nil, m))
		}
	}
	return state
}

func (s *descent[F]) Save(state *SolverState) {
	state.Steps = s.steps
	for len(state.Moments) < len(s.moments) {
		state.Moments = append(state.Moments, nil)
	}
	for i, m := range s.moments {
		state.Moments[i] = appendNumbers(state.Moments[i][:0], m)
	}
}

func appendNumbers[F kernel.Float](dst []float64, x []F) []float64 {
	for _, v := range x {
		dst = append(dst, float64(v))
	}
	return dst
}

func (s *descent[F]) Restore(state SolverState) error {
	if len(state.Moments) != len(s.moments) {
		return fmt.Errorf("train: solver state of %d tensors, expected %d", len(state.Moments), len(s.moments))
	}
	for i, m := range state.Moments {
		if len(m) != len(s.moments[i]) {
			return fmt.Errorf("train: solver state: tensor %d has %d numbers, expected %d", i, len(m), len(s.moments[i]))
		}
	}
	s.steps = state.Steps
	for i, m := range state.Moments {
		for j, x := range m {
			s.moments[i][j] = F(x)
		}
	}
	return nil
}
