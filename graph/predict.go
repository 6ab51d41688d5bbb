package graph

import (
	"math"

	G "gorgonia.org/gorgonia"

	"qk/data"
)

// predictTask learns from next words alone. Row i of a batch is a position of
// the text: current word w, earlier words U, next word y, multiplicity n. With
// s_u = S[w,u], attention over the counted votes gives
//
//	p(y|U,w) = (P(y|w) + Σ_{u∈U} e^{s_u} P(y|u,w)) / (1 + Σ_{u∈U} e^{s_u})
//
// which is softmax(QKᵀ)·V with the values V frozen to the counts, and a null
// slot of score 0 that votes P(y|w). Without the null slot, P(y|w) and the 1
// take part only where U is empty. The loss is the mean of −ln p:
//
//	−ln p = ln(e^{d₀} + Σ_u e^{s_u + d_u}) − ln(e^{c₀} + Σ_u e^{s_u + c_u})
//
//	c_u = ln P(y|u,w) and d_u = 0  for u ∈ U, both −∞ for every other u
//	c₀ = ln P(y|w)    and d₀ = 0   where the null slot takes part, else −∞
//
// Both terms are logarithms of sums of exponentials, so that scores of ±10⁴ are
// safe: p itself may be as small as e^−10⁴, its logarithm is exact.
type predictTask struct {
	V         int
	positions *positions[float64]
	null      bool

	x            []float64 // X [B,V], one-hot rows
	votes        []float64 // c_u [B,V]
	present      []float64 // d_u [B,V]
	voteNull     []float64 // c₀ [B,1]
	presentNull  []float64 // d₀ [B,1]
	multiplicity []float64 // n/N [B,1]
}

func newPredictTask(v *data.Voters, null bool) *predictTask {
	return &predictTask{V: v.V(), positions: newPositions[float64](v), null: null}
}

func (t *predictTask) rows() int        { return len(t.positions.current) }
func (t *predictTask) query() []float64 { return t.x }

func (t *predictTask) allocate(B int) {
	V := t.V
	t.x, t.votes, t.present = make([]float64, B*V), make([]float64, B*V), make([]float64, B*V)
	t.voteNull, t.presentNull, t.multiplicity = make([]float64, B), make([]float64, B), make([]float64, B)
}

func (t *predictTask) load(first, n int) {
	V, p := t.V, t.positions
	clear(t.x)
	clear(t.multiplicity)
	clear(t.voteNull)
	clear(t.presentNull)
	for i := range t.votes {
		t.votes[i], t.present[i] = negInf, negInf
	}
	for i := range n {
		at := first + i
		t.x[i*V+int(p.current[at])] = 1
		t.multiplicity[i] = p.weights[at]
		for e := p.entryStart[at]; e < p.entryStart[at+1]; e++ {
			u := int(p.entryWord[e])
			t.votes[i*V+u] = math.Log(p.entryVote[e])
			t.present[i*V+u] = 0
		}
		if t.null || p.entryStart[at] == p.entryStart[at+1] {
			t.voteNull[i] = math.Log(p.base[at])
		} else {
			t.voteNull[i], t.presentNull[i] = negInf, negInf
		}
	}
}

func (t *predictTask) loss(b *builder, B int, scores *G.Node) *G.Node {
	V := t.V
	r := b.rows(V)
	votes := b.add(scores, b.matrix("ln votes", B, V, t.votes))
	present := b.add(scores, b.matrix("present", B, V, t.present))
	numerator := b.logSumExp(r, votes, b.matrix("ln vote of the null slot", B, 1, t.voteNull))
	denominator := b.logSumExp(r, present, b.matrix("null slot", B, 1, t.presentNull))
	n := b.matrix("n/N", B, 1, t.multiplicity)
	return b.total(b.times(n, b.sub(denominator, numerator)))
}
