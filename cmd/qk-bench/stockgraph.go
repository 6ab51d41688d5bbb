package main

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/cmd/qk-bench/internal/wire"
)

// recall is Σ_i weight_i·CE_i. Gorgonia has no sparse operations, so T [B,V] is
// dense; it is filled before a step from the cells, those of the last batch taken
// out, which costs little beside the rest.
func (t *stockTrainer) recall(g *G.ExprGraph, variant string) *G.Node {
	p := t.p
	q, k := t.params[0], t.params[1]
	if !p.Full {
		q = G.Must(G.ByIndices(q, t.indices(g, "rows", p.Ints("rows"), p.B), 0))
	}
	target := t.matrix(g, "T", p.B, p.V, targets(p))
	s := G.Must(G.Mul(q, G.Must(G.Transpose(k))))
	if variant == "log-softmax" {
		lp := G.Must(G.LogSoftMax(s, 1))
		return G.Must(G.Neg(total(G.Must(G.HadamardProd(target, lp)))))
	}
	weight := t.vector(g, "weight", p.Floats("weight"), p.B)
	normaliser := G.Must(G.Log(G.Must(G.Sum(G.Must(G.Exp(s)), 1))))
	expected := total(G.Must(G.HadamardProd(target, s)))
	return G.Must(G.Sub(G.Must(G.Sum(G.Must(G.HadamardProd(weight, normaliser)))), expected))
}

// total adds up row by row first: over millions of numbers at once a float32 sum
// is off in the fourth digit.
func total(x *G.Node) *G.Node { return G.Must(G.Sum(G.Must(G.Sum(x, 1)))) }

// predict is the mean −ln((base + Σ e^S vote)/(1 + Σ e^S)) over B positions, with a
// row of Q and of K for each of the B·L places.
func (t *stockTrainer) predict(g *G.ExprGraph) *G.Node {
	p := t.p
	n := p.B * p.L
	current := make([]int32, 0, n*p.Batches)
	for _, w := range p.Ints("current") {
		for range p.L {
			current = append(current, w)
		}
	}
	q := G.Must(G.ByIndices(t.params[0], t.indices(g, "current", current, n), 0))
	k := G.Must(G.ByIndices(t.params[1], t.indices(g, "earlier", p.Ints("earlier"), n), 0))
	s := G.Must(G.Reshape(G.Must(G.Sum(G.Must(G.HadamardProd(q, k)), 1)), tensor.Shape{p.B, p.L}))
	e := G.Must(G.HadamardProd(G.Must(G.Exp(s)), t.matrix(g, "mask", p.B, p.L, batch(p.Floats("mask"), p.B, p.L))))
	votes := G.Must(G.HadamardProd(e, t.matrix(g, "vote", p.B, p.L, batch(p.Floats("vote"), p.B, p.L))))
	over := G.Must(G.Add(t.vector(g, "base", p.Floats("base"), p.B), G.Must(G.Sum(votes, 1))))
	under := G.Must(G.Log1p(G.Must(G.Sum(e, 1))))
	return G.Must(G.Mean(G.Must(G.Sub(under, G.Must(G.Log(over))))))
}

func (t *stockTrainer) matrix(g *G.ExprGraph, name string, rows, cols int, load func(int) *tensor.Dense) *G.Node {
	n := G.NewMatrix(g, G.Float32, G.WithName(name), G.WithShape(rows, cols))
	t.inputs = append(t.inputs, input{n, load})
	return n
}

func (t *stockTrainer) vector(g *G.ExprGraph, name string, x []float32, n int) *G.Node {
	node := G.NewVector(g, G.Float32, G.WithName(name), G.WithShape(n))
	t.inputs = append(t.inputs, input{node, batch(x, n)})
	return node
}

// indices adds the rows that ByIndices takes, n a batch.
func (t *stockTrainer) indices(g *G.ExprGraph, name string, x []int32, n int) *G.Node {
	node := G.NewVector(g, tensor.Int, G.WithName(name), G.WithShape(n))
	whole := make([]int, len(x))
	for i, w := range x {
		whole[i] = int(w)
	}
	t.inputs = append(t.inputs, input{node, batch(whole, n)})
	return node
}

// batch cuts the batches of the given shape out of x, once.
func batch[T any](x []T, shape ...int) func(int) *tensor.Dense {
	size := tensor.Shape(shape).TotalSize()
	var parts []*tensor.Dense
	for ; len(x) >= size; x = x[size:] {
		parts = append(parts, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x[:size:size])))
	}
	return func(b int) *tensor.Dense { return parts[b] }
}

// targets fills one dense T for the batch that is asked for.
func targets(p *wire.Problem) func(int) *tensor.Dense {
	x := make([]float32, p.B*p.V)
	dense := tensor.New(tensor.WithShape(p.B, p.V), tensor.WithBacking(x))
	row, col, target := p.Ints("row"), p.Ints("col"), p.Floats("target")
	n := p.Shape("target")[1]
	last := -1
	return func(b int) *tensor.Dense {
		if last >= 0 {
			for i := last * n; i < (last+1)*n; i++ {
				x[int(row[i])*p.V+int(col[i])] = 0
			}
		}
		for i := b * n; i < (b+1)*n; i++ {
			x[int(row[i])*p.V+int(col[i])] += target[i]
		}
		last = b
		return dense
	}
}
