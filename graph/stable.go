package graph

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The two operations here compute the shift that keeps exponentials in range:
//
//	ln Σ e^x = m + ln Σ e^(x−m)        for every m
//	ln(1 + e^x) = m + ln(e^(−m) + e^(x−m))
//
// With m = max x no exponent is above zero and one is zero, so nothing
// overflows and the logarithm's argument is at least 1. The right-hand sides do
// not depend on m at all, so their derivative with respect to m is zero, and
// treating m as a constant gives the exact gradient: both operations declare
// that they are not differentiable, and Gorgonia stops there.
//
// Gorgonia's own last-axis softmax does not serve, as it starts the maximum of
// every row from the first element of the whole tensor and overflows when that
// is far from the row's own.

// rowMax is (x [B,V], least [B,1]) → [B,1]: the maximum of each row of x and of
// the row's entry of least.
type rowMax struct{}

func (rowMax) Arity() int { return 2 }

func (rowMax) Type() hm.Type {
	m := matrixType()
	return hm.NewFnType(m, m, m)
}

func (rowMax) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	least, ok := in[1].(tensor.Shape)
	if !ok {
		return nil, fmt.Errorf("rowMax: %T is not a shape", in[1])
	}
	return least.Clone(), nil
}

func (rowMax) Do(in ...G.Value) (G.Value, error) {
	x, err := dense(in[0])
	if err != nil {
		return nil, fmt.Errorf("rowMax: %w", err)
	}
	least, err := dense(in[1])
	if err != nil {
		return nil, fmt.Errorf("rowMax: %w", err)
	}
	if len(least) == 0 || len(x)%len(least) != 0 {
		return nil, fmt.Errorf("rowMax: %d numbers do not divide into %d rows", len(x), len(least))
	}
	out, V := make([]float64, len(least)), len(x)/len(least)
	for i := range out {
		m := least[i]
		for _, v := range x[i*V : (i+1)*V] {
			m = max(m, v) // max is NaN if either is: divergence shows
		}
		out[i] = m
	}
	return tensor.New(tensor.WithShape(len(out), 1), tensor.WithBacking(out)), nil
}

func (rowMax) ReturnsPtr() bool     { return false }
func (rowMax) CallsExtern() bool    { return false }
func (rowMax) OverwritesInput() int { return -1 }
func (rowMax) DiffWRT(n int) []bool { return make([]bool, n) }
func (rowMax) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) {
	return nil, errShift
}
func (o rowMax) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o rowMax) Hashcode() uint32      { return hashOf(o) }
func (rowMax) String() string          { return "rowMax" }

// positivePart is x [B,V] → max(x, 0) [B,V].
type positivePart struct{}

func (positivePart) Arity() int { return 1 }

func (positivePart) Type() hm.Type {
	m := matrixType()
	return hm.NewFnType(m, m)
}

func (positivePart) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	x, ok := in[0].(tensor.Shape)
	if !ok {
		return nil, fmt.Errorf("positivePart: %T is not a shape", in[0])
	}
	return x.Clone(), nil
}

func (positivePart) Do(in ...G.Value) (G.Value, error) {
	x, err := dense(in[0])
	if err != nil {
		return nil, fmt.Errorf("positivePart: %w", err)
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = max(v, 0)
	}
	return tensor.New(tensor.WithShape(in[0].Shape().Clone()...), tensor.WithBacking(out)), nil
}

func (positivePart) ReturnsPtr() bool     { return false }
func (positivePart) CallsExtern() bool    { return false }
func (positivePart) OverwritesInput() int { return -1 }
func (positivePart) DiffWRT(n int) []bool { return make([]bool, n) }
func (positivePart) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) {
	return nil, errShift
}
func (o positivePart) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o positivePart) Hashcode() uint32      { return hashOf(o) }
func (positivePart) String() string          { return "positivePart" }

var errShift = errors.New("graph: a shift is a constant of the gradient and has no derivative")

func matrixType() hm.Type { return matrixTypeOf[float64]() }

func hashOf(o G.Op) uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// dense returns the numbers of a dense, contiguous float64 tensor, row-major.
func dense(v G.Value) ([]float64, error) { return denseOf[float64](v) }

var (
	_ G.SDOp = rowMax{}
	_ G.SDOp = positivePart{}
)
