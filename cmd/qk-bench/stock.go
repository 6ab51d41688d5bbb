package main

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"qk/cmd/qk-bench/internal/wire"
)

// stock is the contestant Gorgonia: a graph of its elementary operations, its
// TapeMachine and its Adam, as the documentation has them. Recall knows the
// variants "log-softmax", −Σ T·log softmax(S), and "exp", the same with the
// normaliser out of exp, sum and log; predict knows "gather". See stockgraph.go.
func stock(p *wire.Problem, _ string) wire.Contestant {
	variants := []string{"log-softmax", "exp"}
	if p.Task == "predict" {
		variants = []string{"gather"}
	}
	return wire.Contestant{
		Name: "Gorgonia", Version: "0.9.18", Variants: variants,
		Start: func(variant string) (wire.Trainer, error) { return newStock(p, variant) },
	}
}

// stockTrainer runs the graph.
type stockTrainer struct {
	p      *wire.Problem
	inputs []input
	params G.Nodes
	loss   G.Value
	vm     G.VM
	solver G.Solver
	steps  int
}

// input is a node whose value changes with the batch.
type input struct {
	node *G.Node
	load func(batch int) *tensor.Dense
}

func newStock(p *wire.Problem, variant string) (*stockTrainer, error) {
	t := &stockTrainer{p: p, solver: G.NewAdamSolver(
		G.WithLearnRate(p.Adam.Rate), G.WithBeta1(p.Adam.Beta1), G.WithBeta2(p.Adam.Beta2), G.WithEps(p.Adam.Epsilon))}
	g := G.NewGraph()
	for _, name := range []string{"Q", "K"} {
		x := tensor.New(tensor.WithShape(p.V, p.R), tensor.WithBacking(slices.Clone(p.Floats(name))))
		t.params = append(t.params, G.NewMatrix(g, G.Float32, G.WithName(name), G.WithShape(p.V, p.R), G.WithValue(x)))
	}
	loss, err := t.lay(g, variant)
	if err != nil {
		return nil, err
	}
	G.Read(loss, &t.loss)
	if _, err := G.Grad(loss, t.params...); err != nil {
		return nil, err
	}
	t.vm = G.NewTapeMachine(g, G.BindDualValues(t.params...))
	return t, nil
}

// lay builds the loss. Operations that fail panic in G.Must; here that becomes an
// error.
func (t *stockTrainer) lay(g *G.ExprGraph, variant string) (loss *G.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the graph %s cannot be built: %v", variant, r)
		}
	}()
	if t.p.Task == "predict" {
		return t.predict(g), nil
	}
	return t.recall(g, variant), nil
}

// Step implements [wire.Trainer].
func (t *stockTrainer) Step() (float64, error) {
	for _, in := range t.inputs {
		if t.p.Batches == 1 && t.steps > 0 {
			break
		}
		if err := G.Let(in.node, in.load(t.steps%t.p.Batches)); err != nil {
			return 0, err
		}
	}
	t.steps++
	if err := t.vm.RunAll(); err != nil {
		return 0, err
	}
	loss, ok := t.loss.Data().(float32)
	if !ok {
		return 0, fmt.Errorf("the loss is a %T", t.loss.Data())
	}
	if err := t.solver.Step(G.NodesToValueGrads(t.params)); err != nil {
		return 0, err
	}
	t.vm.Reset()
	return float64(loss), nil
}

// Close implements [wire.Trainer].
func (t *stockTrainer) Close() { _ = t.vm.Close() }
