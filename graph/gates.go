package graph

import (
	G "gorgonia.org/gorgonia"

	"qk/data"
)

// gatesTask puts a gate g[w,u] on every earlier word in place of e^{S[w,u]}:
//
//	p = (P(y|w) + Σ_u g_u P(y|u,w)) / (1 + Σ_u g_u)
//
// At g = 0 attention is all on the null slot, and the derivative of the mean of
// −ln p is
//
//	∂/∂g[w,u] = −(1/N) Σ_{positions with w, u∈U} (P(y|u,w)/P(y|w) − 1)
//	          = −c2(u,w)/N · (Σ_y P(y|u,w)²/P(y|w) − 1)
//	          = −P(u,w) · χ²(P(·|u,w) ‖ P(·|w))      with P(u,w) = c2(u,w)/N
//
// as Σ_y p²/q − 1 = Σ_y (p−q)²/q. The first gradient is the counted mask: zero
// where u tells nothing, and the steeper the more it tells.
type gatesTask struct {
	counts    *data.Counts
	positions []data.Position

	x            []float64 // X [B,V], one-hot rows
	votes        []float64 // P(y|u,w) for u ∈ U, else 0 [B,V]
	present      []float64 // 1 for u ∈ U, else 0 [B,V]
	base         []float64 // P(y|w) [B,1]
	multiplicity []float64 // n/N [B,1]
}

// NewGates builds the model of the gates, at g = 0. Its one parameter is g
// [V,V], and [Model.Weights] holds it as K: run it once and compare the gradient
// with [CountedGateGradient].
func NewGates(counts *data.Counts) (*Model, error) {
	V := counts.V()
	t := &gatesTask{counts: counts, positions: counts.Positions()}
	w := NewWeights(V, V, true, false)
	m, err := modelOf(w)
	if err != nil {
		return nil, err
	}
	m.task, m.batch, m.loaded = t, Spec{}.batchRows(t.rows(), V), -1
	m.params = []*Parameter{newParameter("g", V, V, w.K)}
	scores := func(b *builder, x, _, g *G.Node) *G.Node { return b.mul(x, g) }
	if err := m.build(m.elementary(scores)); err != nil {
		return nil, err
	}
	return m, nil
}

// CountedGateGradient returns −P(u,w)·χ²(P(·|u,w) ‖ P(·|w)) [V,V], row-major, rows
// w: what the gradient of [NewGates] at g = 0 must be, from the counts alone. It
// is 0 where u was never seen before w.
func CountedGateGradient(c *data.Counts) []float64 {
	V := c.V()
	g := make([]float64, V*V)
	for w, pairs := range c.Pairs {
		for _, p := range pairs {
			share := float64(p.Next.Total) / float64(c.Total)
			g[w*V+int(p.Earlier)] = -share * data.ChiSquared(p.Next, c.Transitions[w])
		}
	}
	return g
}

func (t *gatesTask) rows() int        { return len(t.positions) }
func (t *gatesTask) query() []float64 { return t.x }

func (t *gatesTask) allocate(B int) {
	V := t.counts.V()
	t.x, t.votes, t.present = make([]float64, B*V), make([]float64, B*V), make([]float64, B*V)
	t.base, t.multiplicity = make([]float64, B), make([]float64, B)
}

func (t *gatesTask) load(first, n int) {
	V := t.counts.V()
	clear(t.x)
	clear(t.votes)
	clear(t.present)
	clear(t.multiplicity)
	for i := range t.base {
		t.base[i] = 1
	}
	for i, p := range t.positions[first : first+n] {
		t.x[i*V+int(p.Current)] = 1
		t.multiplicity[i] = float64(p.N) / float64(t.counts.Total)
		t.base[i] = t.counts.Transitions[p.Current].P(p.Next)
		for _, u := range p.Earlier {
			pair, _ := t.counts.Pair(p.Current, u)
			t.votes[i*V+int(u)] = pair.P(p.Next)
			t.present[i*V+int(u)] = 1
		}
	}
}

func (t *gatesTask) loss(b *builder, B int, gates *G.Node) *G.Node {
	V := t.counts.V()
	r := b.rows(V)
	ones := b.filled("1", B, 1, 1)
	votes := b.mul(b.times(gates, b.matrix("P(y|u,w)", B, V, t.votes)), r.sum)
	present := b.mul(b.times(gates, b.matrix("present", B, V, t.present)), r.sum)
	numerator := b.log(b.add(b.matrix("P(y|w)", B, 1, t.base), votes))
	denominator := b.log(b.add(ones, present))
	n := b.matrix("n/N", B, 1, t.multiplicity)
	return b.total(b.times(n, b.sub(denominator, numerator)))
}
