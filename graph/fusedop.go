package graph

import (
	"errors"
	"fmt"
	"hash"
	"sync/atomic"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// kernel computes a loss and its gradient outside the graph. Q is nil in the
// one-hot form.
type kernel interface {
	// loss computes the loss for Q and K [V,R], and remembers what the gradient
	// needs.
	loss(q, k []float64) float64
	// gradient writes g times the gradient of the last loss to dq and dk [V,R]. It
	// changes nothing that it remembers, so that it can be called again.
	gradient(g float64, q, k, dq, dk []float64)
}

// fusedOp is a loss as one operation of the graph: (Q [V,R], K [V,R]) → scalar,
// or (K [V,V]) → scalar in the one-hot form. Gorgonia differentiates through it
// as through any other: SymDiff adds the nodes of dQ and dK, which multiply with
// the upstream gradient.
type fusedOp struct {
	kernel kernel
	id     int64 // Gorgonia merges operations of equal hash
	V, R   int
	oneHot bool

	value  *G.F64    // the loss of the last forward pass
	dq, dk []float64 // [V,R] of the last backward pass
	valid  bool      // dq and dk belong to the last forward pass and to up
	up     float64
}

var fusedIDs atomic.Int64

func newFusedOp(k kernel, w *Weights) *fusedOp {
	o := &fusedOp{kernel: k, id: fusedIDs.Add(1), V: w.V, R: w.R, oneHot: w.OneHot, value: G.NewF64(0), dk: make([]float64, w.V*w.R)}
	if !w.OneHot {
		o.dq = make([]float64, w.V*w.R)
	}
	return o
}

// matrices returns the numbers of Q, nil in the one-hot form, and of K.
func (o *fusedOp) matrices(in []G.Value) (q, k []float64, err error) {
	k, err = dense(in[o.Arity()-1])
	if err == nil && !o.oneHot {
		q, err = dense(in[0])
	}
	if err == nil && (len(k) != o.V*o.R || !o.oneHot && len(q) != o.V*o.R) {
		err = fmt.Errorf("%d and %d numbers, expected %d", len(q), len(k), o.V*o.R)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", o, err)
	}
	return q, k, nil
}

// Do computes the loss.
func (o *fusedOp) Do(in ...G.Value) (G.Value, error) {
	q, k, err := o.matrices(in)
	if err != nil {
		return nil, err
	}
	o.valid = false
	*o.value = G.F64(o.kernel.loss(q, k))
	return o.value, nil
}

// SymDiff returns the nodes of the gradients.
func (o *fusedOp) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	if len(in) != o.Arity() {
		return nil, errors.New("fused loss: wrong number of inputs")
	}
	nodes := make(G.Nodes, len(in))
	for i := range in {
		d := &fusedGrad{of: o, keys: i == o.Arity()-1}
		d.value = tensor.New(tensor.WithShape(o.V, o.R), tensor.WithBacking(d.numbers()))
		n, err := G.ApplyOp(d, append(append(G.Nodes{}, in...), out, grad)...)
		if err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return nodes, nil
}

// Arity is 2, or 1 in the one-hot form.
func (o *fusedOp) Arity() int {
	if o.oneHot {
		return 1
	}
	return 2
}

// Type is that of a function from the matrices to a number.
func (o *fusedOp) Type() hm.Type {
	m := matrixType()
	if o.oneHot {
		return hm.NewFnType(m, tensor.Float64)
	}
	return hm.NewFnType(m, m, tensor.Float64)
}

// InferShape returns the shape of a scalar.
func (o *fusedOp) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.ScalarShape(), nil
}

// DiffWRT says that the loss is differentiable in every input.
func (o *fusedOp) DiffWRT(n int) []bool {
	all := make([]bool, n)
	for i := range all {
		all[i] = true
	}
	return all
}

func (o *fusedOp) ReturnsPtr() bool      { return false }
func (o *fusedOp) CallsExtern() bool     { return false }
func (o *fusedOp) OverwritesInput() int  { return -1 }
func (o *fusedOp) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *fusedOp) Hashcode() uint32      { return hashOf(o) }
func (o *fusedOp) String() string        { return fmt.Sprintf("fused loss %d", o.id) }

var _ G.SDOp = (*fusedOp)(nil)
