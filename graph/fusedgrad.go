package graph

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fusedGrad is the gradient of [fusedPredict] with respect to Q or K: (inputs of
// the loss, loss, upstream gradient) → [V,R]. The loss is an operand so that ds
// is computed before. With g the upstream gradient,
//
//	dQ[w,·] = g Σ_u ds[w,u] K[u,·]      dK[u,·] = g Σ_w ds[w,u] Q[w,·]
//
// times 1/√R if the scores are scaled. ds is only read, so that any number of
// backward passes gives the same.
type fusedGrad struct {
	of   *fusedPredict
	keys bool
	out  []float64 // [V,R], overwritten by each run
}

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
	up *= f.scale
	parallel(f.V, len(f.data.pairU)*f.R, func(first, last int) {
		switch {
		case f.oneHot:
			o.oneHotRows(up, first, last)
		case o.keys:
			o.gather(up, q, f.data.columnStart, f.data.columnPair, f.data.pairW, first, last)
		default:
			o.gather(up, k, f.data.pairStart, nil, f.data.pairU, first, last)
		}
	})
	return tensor.New(tensor.WithShape(f.V, f.R), tensor.WithBacking(o.out)), nil
}

// gather sums, for each row of out, ds times the rows of from that its pairs
// name. order lists the pairs of the rows, nil for the pairs' own order; other is
// the row of from for each pair.
func (o *fusedGrad) gather(up float64, from []float64, start, order, other []int32, first, last int) {
	R, ds := o.of.R, o.of.ds
	for row := first; row < last; row++ {
		out := o.out[row*R : (row+1)*R]
		clear(out)
		for i := start[row]; i < start[row+1]; i++ {
			pair := i
			if order != nil {
				pair = order[i]
			}
			x := int(other[pair])
			axpy(up*ds[pair], from[x*R:(x+1)*R], out)
		}
	}
}

// oneHotRows writes dK[u,w] = g·ds[w,u] for the earlier words first … last−1.
func (o *fusedGrad) oneHotRows(up float64, first, last int) {
	d, V := o.of.data, o.of.V
	for u := first; u < last; u++ {
		out := o.out[u*V : (u+1)*V]
		clear(out)
		for _, pair := range d.columnPair[d.columnStart[u]:d.columnStart[u+1]] {
			out[d.pairW[pair]] = up * o.of.ds[pair]
		}
	}
}

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

func (o *fusedGrad) Arity() int { return o.of.Arity() + 2 }

func (o *fusedGrad) Type() hm.Type {
	m := matrixType()
	if o.of.oneHot {
		return hm.NewFnType(m, tensor.Float64, tensor.Float64, m)
	}
	return hm.NewFnType(m, m, tensor.Float64, tensor.Float64, m)
}

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
