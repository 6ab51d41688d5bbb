package graph

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"
)

// building is held while a graph is laid. Gorgonia's constants are nodes that all graphs
// have in common, and it writes their hashes when it first meets them, so that two
// graphs cannot be laid at once. To run them at once is no problem.
var building sync.Mutex

// elementary returns what adds the loss as a graph of elementary operations:
// one-hot queries, scores, and the loss of the task.
func (m *Model) elementary(scores func(b *builder, x, q, k *G.Node) *G.Node) func(*builder, []*G.Node) *G.Node {
	return func(b *builder, params []*G.Node) *G.Node {
		m.task.allocate(m.batch)
		x := b.matrix("X", m.batch, m.Weights.V, m.task.query())
		var q *G.Node
		if len(params) > 1 {
			q = params[0]
		}
		return m.task.loss(b, m.batch, scores(b, x, q, params[len(params)-1]))
	}
}

// build lays the graph: parameters, data loss, penalty and gradients.
func (m *Model) build(loss func(*builder, []*G.Node) *G.Node) error {
	building.Lock()
	defer building.Unlock()
	b := newBuilder()
	nodes := make([]*G.Node, len(m.params))
	for i, p := range m.params {
		nodes[i] = b.matrix(p.Name, p.Rows, p.Cols, p.Data)
	}
	m.data = loss(b, nodes)
	total := m.data
	if m.lambda > 0 {
		m.weight = b.scalar("λ", m.lambda)
		norm := b.total(b.square(nodes[0]))
		for _, n := range nodes[1:] {
			norm = b.add(norm, b.total(b.square(n)))
		}
		m.penalty = b.times(m.weight, norm)
		total = b.add(total, m.penalty)
	}
	if b.err != nil {
		return b.err
	}
	return m.differentiate(b, total, nodes)
}

// buildFused lays the graph of a fused model: the parameters, the loss with its
// penalty, and the gradients.
func (m *Model) buildFused() error {
	building.Lock()
	defer building.Unlock()
	b := newBuilder()
	nodes := make([]*G.Node, len(m.params))
	for i, p := range m.params {
		nodes[i] = b.tensor(p.Name, p.value)
	}
	m.data = b.apply(m.fused, nodes...) // with the penalty
	if b.err != nil {
		return b.err
	}
	return m.differentiate(b, m.data, nodes)
}

// differentiate adds the gradients of a loss and readies the machine.
func (m *Model) differentiate(b *builder, total *G.Node, nodes []*G.Node) error {
	grads, err := G.Grad(total, nodes...)
	if err != nil {
		return fmt.Errorf("graph: differentiate: %w", err)
	}
	for i, p := range m.params {
		p.grad = grads[i]
	}
	m.machine, err = NewMachine(b.g)
	return err
}
