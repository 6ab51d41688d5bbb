package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Parameter is a matrix that is learned, of float64 or of float32. It implements
// gorgonia.ValueGrad, so that any gorgonia.Solver can step it.
type Parameter struct {
	Name string
	Rows int // rows of the matrix and its gradient
	Cols int // columns of both

	Data     []float64 // [Rows,Cols], row-major; the solver changes it in place
	Gradient []float64 // [Rows,Cols] of the last run, of data loss plus penalty

	Data32     []float32 // in place of Data in a model of float32
	Gradient32 []float32 // in place of Gradient

	value, gradient *tensor.Dense // over the numbers and the gradient
	grad            *G.Node       // of one batch
}

var _ G.ValueGrad = (*Parameter)(nil)

func newParameter(name string, r, c int, x []float64) *Parameter {
	p := &Parameter{Name: name, Rows: r, Cols: c, Data: x, Gradient: make([]float64, len(x))}
	p.value = tensor.New(tensor.WithShape(r, c), tensor.WithBacking(p.Data))
	p.gradient = tensor.New(tensor.WithShape(r, c), tensor.WithBacking(p.Gradient))
	return p
}

func newParameter32(name string, r, c int) *Parameter {
	p := &Parameter{Name: name, Rows: r, Cols: c, Data32: make([]float32, r*c), Gradient32: make([]float32, r*c)}
	p.value = tensor.New(tensor.WithShape(r, c), tensor.WithBacking(p.Data32))
	p.gradient = tensor.New(tensor.WithShape(r, c), tensor.WithBacking(p.Gradient32))
	return p
}

// Value returns the matrix as a tensor that shares its memory.
func (p *Parameter) Value() G.Value { return p.value }

// Grad returns the gradient as a tensor that shares its memory.
func (p *Parameter) Grad() (G.Value, error) { return p.gradient, nil }

// Len returns the number of entries.
func (p *Parameter) Len() int { return p.Rows * p.Cols }

// Set sets the matrix to x [Rows,Cols], rounded where it is of float32.
func (p *Parameter) Set(x []float64) {
	copy(p.Data, x)
	for i := range p.Data32 {
		p.Data32[i] = float32(x[i])
	}
}

// AppendTo appends the matrix to dst, exactly.
func (p *Parameter) AppendTo(dst []float64) []float64 {
	dst = append(dst, p.Data...)
	for _, x := range p.Data32 {
		dst = append(dst, float64(x))
	}
	return dst
}

// AppendGradientTo appends the gradient to dst, exactly.
func (p *Parameter) AppendGradientTo(dst []float64) []float64 {
	dst = append(dst, p.Gradient...)
	for _, x := range p.Gradient32 {
		dst = append(dst, float64(x))
	}
	return dst
}
