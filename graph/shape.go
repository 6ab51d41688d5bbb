package graph

import (
	"fmt"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/graph/kernel"
)

// shape is the form of the scores S = scale · Q·Kᵀ.
type shape struct {
	V, R   int
	scale  float64 // 1/√R or 1
	oneHot bool    // Q is the identity
}

func shapeOf(w *Weights) shape { return shape{w.V, w.R, w.scale(), w.OneHot} }

// matrixTypeOf is the type of a matrix of F.
func matrixTypeOf[F kernel.Float]() G.TensorType {
	return G.TensorType{Dims: 2, Of: dtypeOf[F]()}
}

func dtypeOf[F kernel.Float]() tensor.Dtype {
	if kernel.Size[F]() == 4 {
		return tensor.Float32
	}
	return tensor.Float64
}

// denseOf returns the numbers of a dense, contiguous tensor of F, row-major.
func denseOf[F kernel.Float](v G.Value) ([]F, error) {
	t, ok := v.(*tensor.Dense)
	if !ok || t.RequiresIterator() {
		return nil, fmt.Errorf("%T is not a contiguous tensor", v)
	}
	if t.Dtype() != dtypeOf[F]() {
		return nil, fmt.Errorf("%v is not %v", t.Dtype(), dtypeOf[F]())
	}
	if kernel.Size[F]() == 4 {
		x := t.Float32s()
		return unsafe.Slice((*F)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), nil
	}
	x := t.Float64s()
	return unsafe.Slice((*F)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), nil
}
