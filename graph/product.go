package graph

import (
	"errors"
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/graph/kernel"
)

// matProduct is (A [B,R], C [R,V]) → A·C [B,V] of float64 with the kernels here, in
// memory that the next run overwrites. It serves the scores of whole vocabularies,
// which nothing is differentiated through.
type matProduct struct {
	set *kernel.Set[float64]
	out *tensor.Dense
}

func (o *matProduct) Do(in ...G.Value) (G.Value, error) {
	a, err := dense(in[0])
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	c, err := dense(in[1])
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	B, R, V := in[0].Shape()[0], in[1].Shape()[0], in[1].Shape()[1]
	if len(a) != B*R {
		return nil, fmt.Errorf("product: [%v] times [%v]", in[0].Shape(), in[1].Shape())
	}
	if o.out == nil || !o.out.Shape().Eq(tensor.Shape{B, V}) {
		o.out = tensor.New(tensor.WithShape(B, V), tensor.WithBacking(make([]float64, B*V)))
	}
	out, err := dense(o.out)
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	o.set.Gemm(B, V, R, a, R, 1, c, V, out, V, false)
	return o.out, nil
}

func (o *matProduct) Arity() int { return 2 }

func (o *matProduct) Type() hm.Type {
	m := matrixType()
	return hm.NewFnType(m, m, m)
}

func (o *matProduct) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	a, okA := in[0].(tensor.Shape)
	c, okC := in[1].(tensor.Shape)
	if !okA || !okC || len(a) != 2 || len(c) != 2 || a[1] != c[0] {
		return nil, errors.New("product: the shapes do not fit")
	}
	return tensor.Shape{a[0], c[1]}, nil
}

func (o *matProduct) ReturnsPtr() bool      { return true }
func (o *matProduct) CallsExtern() bool     { return false }
func (o *matProduct) OverwritesInput() int  { return -1 }
func (o *matProduct) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }
func (o *matProduct) Hashcode() uint32      { return hashOf(o) }
func (o *matProduct) String() string        { return "product" }

var _ G.Op = (*matProduct)(nil)
