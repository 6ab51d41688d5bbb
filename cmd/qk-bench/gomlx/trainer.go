package main

import (
	"github.com/gomlx/gomlx/backends"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"

	"qk/cmd/qk-bench/internal/wire"
)

// trainer runs one compiled graph a step: loss, gradients and Adam. The state
// goes through it, its buffers donated.
type trainer struct {
	p       *wire.Problem
	backend backends.Backend
	exec    *graph.Exec
	state   []*tensors.Tensor   // Q, K, and first and second moments of each, and β₁ᵗ, β₂ᵗ
	batches [][]*tensors.Tensor // the inputs of each batch
	steps   int
}

func newTrainer(backend backends.Backend, p *wire.Problem, variant string) (wire.Trainer, error) {
	t := &trainer{p: p, backend: backend}
	for _, x := range [][]float32{p.Floats("Q"), p.Floats("K"), nil, nil, nil, nil} {
		full := make([]float32, p.V*p.R)
		copy(full, x)
		t.state = append(t.state, tensors.FromFlatDataAndDimensions(full, p.V, p.R))
	}
	t.state = append(t.state, tensors.FromScalar(float32(1)), tensors.FromScalar(float32(1)))
	for b := range p.Batches {
		t.batches = append(t.batches, inputs(p, variant, b))
	}
	loss := losses[variant]
	var err error
	t.exec, err = graph.NewExec(backend, func(in []*graph.Node) []*graph.Node {
		l := loss(p, in[0], in[1], in[8:])
		g := graph.Gradient(l, in[0], in[1])
		return append(adam(p, in[:8], g), l)
	})
	return t, err
}

// adam returns the state after a step.
func adam(p *wire.Problem, s, g []*graph.Node) []*graph.Node {
	a := p.Adam
	power1, power2 := graph.MulScalar(s[6], a.Beta1), graph.MulScalar(s[7], a.Beta2)
	out := make([]*graph.Node, 8)
	for i := range 2 {
		m := graph.Add(graph.MulScalar(s[2+i], a.Beta1), graph.MulScalar(g[i], 1-a.Beta1))
		v := graph.Add(graph.MulScalar(s[4+i], a.Beta2), graph.MulScalar(graph.Square(g[i]), 1-a.Beta2))
		rate := graph.MulScalar(graph.Reciprocal(graph.OneMinus(power1)), a.Rate)
		root := graph.Sqrt(graph.Mul(v, graph.Reciprocal(graph.OneMinus(power2))))
		out[i] = graph.Sub(s[i], graph.Div(graph.Mul(m, rate), graph.AddScalar(root, a.Epsilon)))
		out[2+i], out[4+i] = m, v
	}
	out[6], out[7] = power1, power2
	return out
}

// Step implements [wire.Trainer].
func (t *trainer) Step() (float64, error) {
	var args []any
	for _, s := range t.state {
		if t.steps == 0 { // the first ones live in Go's memory
			args = append(args, s)
			continue
		}
		d, err := graph.DonateTensorBuffer(s, t.backend, 0)
		if err != nil {
			return 0, err
		}
		args = append(args, d)
	}
	for _, x := range t.batches[t.steps%t.p.Batches] {
		args = append(args, x)
	}
	t.steps++
	out, err := t.exec.Exec(args...)
	if err != nil {
		return 0, err
	}
	t.state = out[:8]
	loss := float64(tensors.ToScalar[float32](out[8]))
	return loss, out[8].FinalizeAll()
}

// Close implements [wire.Trainer].
func (t *trainer) Close() {
	t.exec.Finalize()
	for _, s := range t.state {
		_ = s.FinalizeAll()
	}
}
