package main

import (
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"

	"qk/cmd/qk-bench/internal/wire"
)

// losses are the formulations, given Q, K and the inputs of a batch.
var losses = map[string]func(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node{
	"gather": func(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node { // the scores at the cells of T
		s := scores(p, q, k, in)
		return graph.Sub(graph.ReduceAllSum(graph.Mul(in[1], normaliser(s))), graph.ReduceAllSum(graph.Mul(in[2], graph.Gather(s, in[3]))))
	},
	"dense": func(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node { // T [B,V]
		s := scores(p, q, k, in)
		return graph.Sub(graph.ReduceAllSum(graph.Mul(in[1], normaliser(s))), graph.ReduceAllSum(graph.Mul(in[2], s)))
	},
	"plain": func(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node { // a product for each position
		return mixture(graph.Einsum("br,blr->bl", graph.Gather(q, in[0]), graph.Gather(k, in[1])), in)
	},
	"sum": func(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node { // elementwise
		return mixture(graph.ReduceSum(graph.Mul(graph.InsertAxes(graph.Gather(q, in[0]), 1), graph.Gather(k, in[1])), -1), in)
	},
}

func scores(p *wire.Problem, q, k *graph.Node, in []*graph.Node) *graph.Node {
	if !p.Full {
		q = graph.Gather(q, in[0], true)
	}
	return graph.Einsum("br,vr->bv", q, k)
}

// normaliser is log Σ e^s of each row.
func normaliser(s *graph.Node) *graph.Node {
	top := graph.StopGradient(graph.ReduceAndKeep(s, graph.ReduceMax, -1))
	return graph.Add(graph.Log(graph.ReduceSum(graph.Exp(graph.Sub(s, top)), -1)), graph.Reshape(top, s.Shape().Dimensions[0]))
}

func mixture(s *graph.Node, in []*graph.Node) *graph.Node {
	e := graph.Mul(graph.Exp(s), in[2])
	over := graph.Add(in[4], graph.ReduceSum(graph.Mul(e, in[3]), -1))
	return graph.ReduceAllMean(graph.Sub(graph.Log1P(graph.ReduceSum(e, -1)), graph.Log(over)))
}

// inputs returns what a variant's loss takes of a batch.
func inputs(p *wire.Problem, variant string, b int) []*tensors.Tensor {
	if p.Task == "predict" {
		return []*tensors.Tensor{
			ints(p, "current", b, p.B, 1), ints(p, "earlier", b, p.B, p.L, 1),
			floats(p, "mask", b, p.B, p.L), floats(p, "vote", b, p.B, p.L), floats(p, "base", b, p.B),
		}
	}
	n := p.Shape("target")[1]
	in := []*tensors.Tensor{ints(p, "rows", b, p.B, 1), floats(p, "weight", b, p.B)}
	row, col := p.Ints("row")[b*n:(b+1)*n], p.Ints("col")[b*n:(b+1)*n]
	if variant == "dense" {
		dense := make([]float32, p.B*p.V)
		for i, t := range p.Floats("target")[b*n : (b+1)*n] {
			dense[int(row[i])*p.V+int(col[i])] += t
		}
		return append(in, tensors.FromFlatDataAndDimensions(dense, p.B, p.V))
	}
	cells := make([]int32, 0, 2*n)
	for i := range n {
		cells = append(cells, row[i], col[i])
	}
	return append(in, floats(p, "target", b, n), tensors.FromFlatDataAndDimensions(cells, n, 2))
}

func ints(p *wire.Problem, name string, b int, shape ...int) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(cut(p.Ints(name), p.Batches, b), shape...)
}

func floats(p *wire.Problem, name string, b int, shape ...int) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(cut(p.Floats(name), p.Batches, b), shape...)
}

func cut[T any](x []T, batches, b int) []T {
	n := len(x) / batches
	return x[b*n : (b+1)*n]
}
