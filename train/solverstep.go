package train

import (
	"fmt"
	"math"
	"sync/atomic"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/graph/kernel"
)

// descent is the solvers for one type of number. A step is one pass over the
// memory of every parameter, its gradient and its moments, in pieces that may be
// computed side by side.
type descent[F kernel.Float] struct {
	config       Config
	set          *kernel.Set[F]
	sizes        []int // of the parameters
	perParameter int   // moments
	moments      [][]F
	rate         float64
	steps        int

	share sharer // nil for a step in the goroutine of the caller
	work  func(member, members int)
	each  func(i, from, to int) (finite bool) // a piece of parameter i

	x, g       [][]F // of the step under way
	adam       kernel.AdamStep[F]
	momentum   kernel.MomentumStep[F]
	sgd        kernel.SGDStep[F]
	overflowed atomic.Bool
}

// sharer divides work among goroutines, see [graph.Model.Share].
type sharer interface {
	Share(parts, operations int, work func(member, members int))
}

func (s *descent[F]) shareWith(other sharer) { s.share = other }

// pieceSize is how many numbers of a parameter are stepped at a time.
const pieceSize = 1 << 13

// Step implements gorgonia.Solver.
func (s *descent[F]) Step(model []G.ValueGrad) error {
	if len(model) != len(s.sizes) {
		return fmt.Errorf("train: %d parameters, the solver was made for %d", len(model), len(s.sizes))
	}
	s.x, s.g = s.x[:0], s.g[:0]
	for i, p := range model {
		grad, err := p.Grad()
		if err != nil {
			return fmt.Errorf("train: gradient of parameter %d: %w", i, err)
		}
		x, okX := numbersOf[F](p.Value())
		g, okG := numbersOf[F](grad)
		if !okX || !okG || len(x) != len(g) {
			return fmt.Errorf("train: parameter %d and its gradient are not %s tensors of one size", i, precisionOf[F]())
		}
		if len(x) != s.sizes[i] {
			return fmt.Errorf("train: parameter %d has %d numbers, the solver was made for %d", i, len(x), s.sizes[i])
		}
		s.x, s.g = append(s.x, x), append(s.g, g)
	}
	s.steps++
	s.prepare()
	pieces, numbers := 0, 0
	for _, n := range s.sizes {
		pieces, numbers = pieces+piecesOf(n), numbers+n
	}
	if s.share == nil {
		s.work(0, 1)
	} else {
		s.share.Share(pieces, 8*numbers, s.work)
	}
	return nil
}

// prepare computes the constants of a step.
func (s *descent[F]) prepare() {
	c := s.config
	s.overflowed.Store(false)
	s.sgd = kernel.SGDStep[F]{Rate: F(s.rate)}
	s.momentum = kernel.MomentumStep[F]{Mu: F(c.Momentum), Rate: F(s.rate)}
	s.adam = kernel.AdamStep[F]{
		Beta1: F(c.Beta1), Rest1: F(1 - c.Beta1), Beta2: F(c.Beta2), Rest2: F(1 - c.Beta2),
		Rate: F(s.rate / (1 - power(c.Beta1, s.steps))), Root: F(1 / math.Sqrt(1-power(c.Beta2, s.steps))), Epsilon: epsilon,
	}
}

// power returns xⁿ for n ≥ 0 by repeated squaring.
func power(x float64, n int) float64 {
	result := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result *= x
		}
		x *= x
	}
	return result
}

func piecesOf(n int) int { return (n + pieceSize - 1) / pieceSize }

// part steps the pieces of one member.
func (s *descent[F]) part(member, members int) {
	total := 0
	for _, n := range s.sizes {
		total += piecesOf(n)
	}
	first, last := total*member/members, total*(member+1)/members
	for i, n := range s.sizes {
		pieces := piecesOf(n)
		for p := max(0, first); p < min(pieces, last); p++ {
			if !s.each(i, p*pieceSize, min((p+1)*pieceSize, n)) {
				s.overflowed.Store(true)
			}
		}
		first, last = first-pieces, last-pieces
	}
}

func (s *descent[F]) sgdPiece(i, from, to int) bool {
	return s.set.SGD(s.x[i][from:to], s.g[i][from:to], &s.sgd)
}

func (s *descent[F]) momentumPiece(i, from, to int) bool {
	return s.set.Momentum(s.x[i][from:to], s.g[i][from:to], s.moments[i][from:to], &s.momentum)
}

func (s *descent[F]) adamPiece(i, from, to int) bool {
	return s.set.Adam(s.x[i][from:to], s.g[i][from:to], s.moments[2*i][from:to], s.moments[2*i+1][from:to], &s.adam)
}

// numbersOf returns the numbers of a tensor of F.
func numbersOf[F kernel.Float](v G.Value) ([]F, bool) {
	t, ok := v.(*tensor.Dense)
	switch {
	case !ok:
		return nil, false
	case kernel.Size[F]() == 4 && t.Dtype() == tensor.Float32:
		x := t.Float32s()
		return unsafe.Slice((*F)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), true
	case kernel.Size[F]() == 8 && t.Dtype() == tensor.Float64:
		x := t.Float64s()
		return unsafe.Slice((*F)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), true
	}
	return nil, false
}

func precisionOf[F kernel.Float]() Precision {
	if kernel.Size[F]() == 4 {
		return Float32
	}
	return Float64
}
