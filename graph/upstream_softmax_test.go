package graph_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestUpstreamSoftMaxRowMaximum guards the maximum that SoftMax and LogSoftMax
// subtract along the last axis. Each row starts its maximum at the first
// element of the whole matrix rather than of the row, so that a large logit in
// row 0 makes every exponential of another row underflow: 0/0 in SoftMax,
// -log 0 in LogSoftMax. A word with confident logits would turn the attention
// of all other words into NaN; in float32 a logit of 110 is enough. Until this
// fails, compute the softmax with an op of our own; then the stock one will do.
func TestUpstreamSoftMaxRowMaximum(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	t.Run("SoftMax", func(t *testing.T) {
		b := newUpstream(t)
		p := b.node(G.SoftMax(b.matrix("S", 2, 2, 1000, 0, 0, 0), 1))
		b.run()
		b.want("softmax [[1000 0] [0 0]]", p.Value(), 1, 0, nan, nan)
	})
	t.Run("LogSoftMax", func(t *testing.T) {
		b := newUpstream(t)
		p := b.node(G.LogSoftMax(b.matrix("S", 2, 2, 1000, 0, 0, 0), 1))
		b.run()
		b.want("log softmax [[1000 0] [0 0]]", p.Value(), 0, -1000, inf, inf)
	})
	t.Run("float32", func(t *testing.T) {
		b := newUpstream(t)
		logits := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{110, 0, 0, 0}))
		s := G.NewMatrix(b.g, G.Float32, G.WithName("S"), G.WithShape(2, 2), G.WithValue(logits))
		p := b.node(G.SoftMax(s, 1))
		b.run()
		if got := p.Value().Data().([]float32); got[2] == got[2] {
			t.Errorf("softmax [[110 0] [0 0]] is %v, want NaN in row 1", got)
		}
	})
}

// TestUpstreamSoftMaxSharesNode guards the hash of the softmax op, which omits
// whether a logarithm is wanted. Nodes with equal hashes are one node, so
// LogSoftMax(x) after SoftMax(x) returns the probabilities, and the other way
// round. A graph that needs the attention weights and their logarithm gets one
// of them twice. Until this fails, take at most one of the two of any node.
func TestUpstreamSoftMaxSharesNode(t *testing.T) {
	b := newUpstream(t)
	x := b.matrix("x", 1, 2, 0, 0)
	p := b.node(G.SoftMax(x))
	logp := b.node(G.LogSoftMax(x))
	b.run()
	if p != logp {
		t.Error("SoftMax(x) and LogSoftMax(x) are two nodes, want one")
	}
	b.want("LogSoftMax [0 0]", logp.Value(), 0.5, 0.5)
}

// TestUpstreamLogRewritesSoftMax guards the rewriting of Log(SoftMax(x)) to
// LogSoftMax(x): it changes the existing softmax node in place, so every other
// user of the probabilities gets their logarithms. A mixture Σ p·v beside a
// cross-entropy log p would be computed from log p. Until this fails, never
// take Log of a stock softmax.
func TestUpstreamLogRewritesSoftMax(t *testing.T) {
	b := newUpstream(t)
	p := b.node(G.SoftMax(b.matrix("x", 1, 2, 0, 0)))
	logp := b.node(G.Log(p))
	b.run()
	if p != logp {
		t.Error("p and Log(p) are two nodes, want one")
	}
	b.want("SoftMax [0 0] after Log", p.Value(), -math.Ln2, -math.Ln2)
}

// TestUpstreamSoftMaxColumn guards the default axis of SoftMax on an (N,1)
// matrix. Rows of one candidate must each give 1; the default normalises down
// the column instead, and its gradient is that of neither axis, because the
// backward pass does use the last axis. A vocabulary or a context of one word
// would train on nonsense. Until this fails, always name the axis.
func TestUpstreamSoftMaxColumn(t *testing.T) {
	run := func(t *testing.T, axis ...int) (probabilities, gradient G.Value) {
		b := newUpstream(t)
		x := b.matrix("x", 3, 1, 0, 0, 0)
		p := b.node(G.SoftMax(x, axis...))
		// Σ p·w is a loss whose gradient is p(w-Σ p·w) down the column, 0 along rows.
		gradients := b.grad(b.node(G.Sum(b.node(G.HadamardProd(p, b.matrix("w", 3, 1, 1, 2, 6))))), x)
		b.run()
		return p.Value(), gradients[0].Value()
	}
	third := 1.0 / 3
	p, gradient := run(t)
	if !upstreamNear(p, []float64{third, third, third}) {
		t.Errorf("SoftMax of a column is %v by default, want thirds", p)
	}
	if upstreamNear(gradient, []float64{-2 * third, -third, 1}) || upstreamNear(gradient, []float64{0, 0, 0}) {
		t.Errorf("gradient of a column's SoftMax is %v by default, want a wrong one", gradient)
	}
	p, gradient = run(t, 1)
	if !upstreamNear(p, []float64{1, 1, 1}) || !upstreamNear(gradient, []float64{0, 0, 0}) {
		t.Errorf("SoftMax along axis 1 is %v with gradient %v, want ones and zeros", p, gradient)
	}
}
