package graph

import (
	"errors"
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// What Gorgonia asks of an operation, for [fusedPredict].

// Arity is 2, or 1 in the one-hot form.
func (o *fusedPredict) Arity() int {
	if o.oneHot {
		return 1
	}
	return 2
}

func (o *fusedPredict) Type() hm.Type {
	m := matrixType()
	if o.oneHot {
		return hm.NewFnType(m, tensor.Float64)
	}
	return hm.NewFnType(m, m, tensor.Float64)
}

func (o *fusedPredict) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.ScalarShape(), nil
}

func (o *fusedPredict) ReturnsPtr() bool      { return false }
func (o *fusedPredict) CallsExtern() bool     { return false }
func (o *fusedPredict) OverwritesInput() int  { return -1 }
func (o *fusedPredict) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *fusedPredict) Hashcode() uint32      { return hashOf(o) }
func (o *fusedPredict) String() string        { return fmt.Sprintf("fusedPredict %d", o.id) }

// DiffWRT says that the loss is differentiable in every input.
func (o *fusedPredict) DiffWRT(n int) []bool {
	all := make([]bool, n)
	for i := range all {
		all[i] = true
	}
	return all
}

// SymDiff returns the nodes of the gradients.
func (o *fusedPredict) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	if len(in) != o.Arity() {
		return nil, errors.New("fusedPredict: wrong number of inputs")
	}
	nodes := make(G.Nodes, len(in))
	for i := range in {
		d := &fusedGrad{of: o, keys: i == o.keys(), out: make([]float64, o.V*o.R)}
		n, err := G.ApplyOp(d, append(append(G.Nodes{}, in...), out, grad)...)
		if err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return nodes, nil
}

var _ G.SDOp = (*fusedPredict)(nil)
