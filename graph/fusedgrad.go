package graph

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fusedGrad is the gradient of a [fusedOp] with respect to Q or K: (inputs of the
// loss, loss, upstream gradient) → [V,R]. The loss is an operand so that it is
// computed before. Whichever of dQ and dK comes first computes both.
type fusedGrad struct {
	of    *fusedOp
	keys  bool          // dK, not dQ
	value *tensor.Dense // over [fusedGrad.numbers]
}

// numbers is where the loss keeps the gradient [V,R].
func (o *fusedGrad) numbers() []float64 {
	if o.keys {
		return o.of.dk
	}
	return o.of.dq
}

// Do returns the gradient, in memory that the next run overwrites.
func (o *fusedGrad) Do(in ...G.Value) (G.Value, error) {
	f := o.of
	q, k, err := f.matrices(in)
	if err != nil {
		return nil, err
	}
	up, ok := in[len(in)-1].Data().(float64)
	if !ok {
		return nil, fmt.Errorf("%s: upstream gradient is a %T", o, in[len(in)-1].Data())
	}
	if !f.valid || up != f.up {
		f.kernel.gradient(up, q, k, f.dq, f.dk)
		f.valid, f.up = true, up
	}
	return o.value, nil
}

// Arity is that of the loss and two more.
func (o *fusedGrad) Arity() int { return o.of.Arity() + 2 }

// Type is that of a function from the matrices and two numbers to a matrix.
func (o *fusedGrad) Type() hm.Type {
	m := matrixType()
	if o.of.oneHot {
		return hm.NewFnType(m, tensor.Float64, tensor.Float64, m)
	}
	return hm.NewFnType(m, m, tensor.Float64, tensor.Float64, m)
}

// InferShape returns the shape of Q and K.
func (o *fusedGrad) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	shape, ok := in[0].(tensor.Shape)
	if !ok {
		return nil, fmt.Errorf("%s: %T is not a shape", o, in[0])
	}
	return shape.Clone(), nil
}

func (o *fusedGrad) ReturnsPtr() bool      { return true }
func (o *fusedGrad) CallsExtern() bool     { return false }
func (o *fusedGrad) OverwritesInput() int  { return -1 }
func (o *fusedGrad) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *fusedGrad) Hashcode() uint32      { return hashOf(o) }

func (o *fusedGrad) String() string {
	if o.keys {
		return fmt.Sprintf("dK of %s", o.of)
	}
	return fmt.Sprintf("dQ of %s", o.of)
}

var _ G.Op = (*fusedGrad)(nil)
