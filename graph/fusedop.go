package graph

import (
	"errors"
	"fmt"
	"hash"
	"sync/atomic"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/graph/kernel"
)

// fusedLoss computes a loss and its gradient outside the graph, over the rows of a
// batch. Q is nil in the one-hot form.
type fusedLoss[F kernel.Float] interface {
	// rows lists what a batch is made of, with the mass of each: how much of the
	// text it stands for, so that the loss of a row weighs mass·unit.
	rows() (ids []int32, masses []uint64, unit float64)
	// use makes a batch the one that run is about; nil is all rows.
	use(*Batch)
	// prepare computes what use needs to know of a batch. The batch keeps it.
	prepare(*Batch)
	// wipe sets to zero what the last run wrote to dq and dk and the next will not
	// overwrite.
	wipe(dq, dk []F)
	// run returns the loss for Q and K [V,R] and, unless dk is nil, writes its
	// gradient to dq and dk [V,R], which are zero or wiped.
	run(q, k, dq, dk []F) float64
}

// fusedOp is a loss with its penalty as one operation of the graph: (Q [V,R],
// K [V,R]) → scalar, or (K [V,V]) → scalar in the one-hot form. Gorgonia
// differentiates through it as through any other: SymDiff adds the nodes of dQ
// and dK, which multiply with the upstream gradient.
//
// The forward pass computes the gradient too, while it has the scores at hand.
// The matrices may be float32; the loss is added up and returned in float64.
type fusedOp[F kernel.Float] struct {
	shape
	inner fusedLoss[F]
	set   *kernel.Set[F]
	team  *team
	l2    float64 // λ
	id    int64   // Gorgonia merges operations of equal hash

	last      Loss          // of the last forward pass
	value     *G.F64        // its total
	gradients [2]*output[F] // dQ and dK, or dK alone; nil without gradient
	decay     penalty[F]
	forward   bool // compute the loss alone
}

// output is one gradient.
type output[F kernel.Float] struct {
	numbers []F           // [V,R] for an upstream gradient of 1
	value   *tensor.Dense // over numbers
	scaled  *tensor.Dense // for any other
}

var fusedIDs atomic.Int64

// newFusedOp wraps a loss. The gradients are written to the given slices [V,R], one
// for each input.
func newFusedOp[F kernel.Float](inner fusedLoss[F], s shape, l2 float64, set *kernel.Set[F], t *team, gradients ...[]F) *fusedOp[F] {
	o := &fusedOp[F]{shape: s, inner: inner, set: set, team: t, l2: l2, id: fusedIDs.Add(1), value: G.NewF64(0)}
	for i, g := range gradients {
		o.gradients[i+o.offset()] = &output[F]{numbers: g, value: tensor.New(tensor.WithShape(s.V, s.R), tensor.WithBacking(g))}
	}
	o.decay = newPenalty(set, t)
	return o
}

// offset is the place of the first input among Q and K.
func (o *fusedOp[F]) offset() int { return 2 - o.Arity() }

// matrices returns the numbers of Q, nil in the one-hot form, and of K.
func (o *fusedOp[F]) matrices(in []G.Value) (m [2][]F, err error) {
	for i, v := range in[:o.Arity()] {
		x, err := denseOf[F](v)
		if err != nil {
			return m, fmt.Errorf("%s: %w", o, err)
		}
		if len(x) != o.V*o.R {
			return m, fmt.Errorf("%s: a matrix of %d numbers, expected %d", o, len(x), o.V*o.R)
		}
		m[i+o.offset()] = x
	}
	return m, nil
}

// Do computes the loss and the gradient for an upstream gradient of 1.
func (o *fusedOp[F]) Do(in ...G.Value) (G.Value, error) {
	m, err := o.matrices(in)
	if err != nil {
		return nil, err
	}
	var d [2][]F
	if !o.forward {
		for i, g := range o.gradients {
			if g != nil {
				d[i] = g.numbers
			}
		}
		if o.l2 == 0 {
			o.inner.wipe(d[0], d[1])
		} else {
			clear(d[0])
			clear(d[1])
		}
	}
	o.last = Loss{Data: o.inner.run(m[0], m[1], d[0], d[1])}
	if o.l2 > 0 {
		for i := o.offset(); i < len(m); i++ {
			o.last.Penalty += o.l2 * o.decay.add(o.l2, m[i], d[i])
		}
	}
	*o.value = G.F64(o.last.Total())
	return o.value, nil
}

// SymDiff returns the nodes of the gradients.
func (o *fusedOp[F]) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	if len(in) != o.Arity() {
		return nil, errors.New("fused loss: wrong number of inputs")
	}
	nodes := make(G.Nodes, len(in))
	for i := range in {
		n, err := G.ApplyOp(&fusedGrad[F]{of: o, which: i + o.offset()}, append(append(G.Nodes{}, in...), out, grad)...)
		if err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return nodes, nil
}

// Arity is 2, or 1 in the one-hot form.
func (o *fusedOp[F]) Arity() int {
	if o.oneHot {
		return 1
	}
	return 2
}

// Type is that of a function from the matrices to a number.
func (o *fusedOp[F]) Type() hm.Type {
	m := matrixTypeOf[F]()
	if o.oneHot {
		return hm.NewFnType(m, tensor.Float64)
	}
	return hm.NewFnType(m, m, tensor.Float64)
}

// InferShape returns the shape of a scalar.
func (o *fusedOp[F]) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.ScalarShape(), nil
}

// DiffWRT says that the loss is differentiable in every input.
func (o *fusedOp[F]) DiffWRT(n int) []bool {
	all := make([]bool, n)
	for i := range all {
		all[i] = true
	}
	return all
}

func (o *fusedOp[F]) ReturnsPtr() bool      { return false }
func (o *fusedOp[F]) CallsExtern() bool     { return false }
func (o *fusedOp[F]) OverwritesInput() int  { return -1 }
func (o *fusedOp[F]) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *fusedOp[F]) Hashcode() uint32      { return hashOf(o) }
func (o *fusedOp[F]) String() string        { return fmt.Sprintf("fused loss %d", o.id) }

var (
	_ G.SDOp = (*fusedOp[float32])(nil)
	_ G.SDOp = (*fusedOp[float64])(nil)
)
