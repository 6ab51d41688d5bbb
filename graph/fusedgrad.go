package graph

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/graph/kernel"
)

// fusedGrad is the gradient of a [fusedOp] with respect to Q or K: (inputs of the
// loss, loss, upstream gradient) → [V,R]. The loss is an operand so that it is
// computed before. It changes nothing that the loss has computed, so that it can
// run again.
type fusedGrad[F kernel.Float] struct {
	of    *fusedOp[F]
	which int // 0 for Q, 1 for K
}

// Do returns the gradient, in memory that the next run overwrites.
func (o *fusedGrad[F]) Do(in ...G.Value) (G.Value, error) {
	up, ok := in[len(in)-1].(*G.F64)
	if !ok {
		return nil, fmt.Errorf("%s: upstream gradient is a %T", o, in[len(in)-1])
	}
	out := o.of.gradients[o.which]
	if out == nil {
		return nil, fmt.Errorf("%s: the loss was built without gradient", o)
	}
	if *up == 1 {
		return out.value, nil
	}
	if out.scaled == nil {
		out.scaled = tensor.New(tensor.WithShape(o.of.V, o.of.R), tensor.WithBacking(make([]F, len(out.numbers))))
	}
	x, err := denseOf[F](out.scaled)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	for i, g := range out.numbers {
		x[i] = F(*up) * g
	}
	return out.scaled, nil
}

// Arity is that of the loss and two more.
func (o *fusedGrad[F]) Arity() int { return o.of.Arity() + 2 }

// Type is that of a function from the matrices and two numbers to a matrix.
func (o *fusedGrad[F]) Type() hm.Type {
	m := matrixTypeOf[F]()
	if o.of.oneHot {
		return hm.NewFnType(m, tensor.Float64, tensor.Float64, m)
	}
	return hm.NewFnType(m, m, tensor.Float64, tensor.Float64, m)
}

// InferShape returns the shape of Q and K.
func (o *fusedGrad[F]) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	shape, ok := in[0].(tensor.Shape)
	if !ok {
		return nil, fmt.Errorf("%s: %T is not a shape", o, in[0])
	}
	return shape.Clone(), nil
}

func (o *fusedGrad[F]) ReturnsPtr() bool      { return true }
func (o *fusedGrad[F]) CallsExtern() bool     { return false }
func (o *fusedGrad[F]) OverwritesInput() int  { return -1 }
func (o *fusedGrad[F]) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *fusedGrad[F]) Hashcode() uint32      { return hashOf(o) }

func (o *fusedGrad[F]) String() string {
	return fmt.Sprintf("d%s of %s", [2]string{"Q", "K"}[o.which], o.of)
}

var (
	_ G.Op = (*fusedGrad[float32])(nil)
	_ G.Op = (*fusedGrad[float64])(nil)
)
