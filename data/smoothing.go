package data

import (
	"fmt"
	"math"
)

// Kappa holds the prior weights κ of a [Smoothing], in observations: how many
// counts the coarser distribution is worth.
type Kappa struct {
	Uniform float64 `json:"uniform"` // κ₀, of 1/V in P(y)
	Next    float64 `json:"next"`    // κ₁, of P(y) in P(y|w)
	Pair    float64 `json:"pair"`    // κ₂, of P(y|w) in P(y|u,w)
	// Alike takes the place of κ₂ in the line all votes. Where every earlier word has
	// the same say, those that tell nothing have to be silenced by the prior, as
	// there is no attention that would do it.
	Alike float64 `json:"alike"`
}

// Smoothing estimates what follows from counts that are too few to be taken at
// their word. Every distribution backs off to a coarser one, as the mean of a
// Dirichlet posterior whose prior it is:
//
//	P̃(y)     = (c(y)      + κ₀ / V)      / (N       + κ₀)
//	P̃(y|w)   = (c1(w,y)   + κ₁ P̃(y))    / (c1(w)   + κ₁)
//	P̃(y|u,w) = (c2(u,w,y) + κ₂ P̃(y|w))  / (c2(u,w) + κ₂)
//
// Source: D. J. C. MacKay and L. C. Bauman Peto, "A hierarchical Dirichlet
// language model", Natural Language Engineering 1(3), 1995.
type Smoothing struct {
	Kappa Kappa

	counts *Counts
	next   []uint64 // [V] c(y)
}

// NewSmoothing smooths counts with given prior weights, which must be above zero.
// The counts must have pairs.
func NewSmoothing(c *Counts, kappa Kappa) (*Smoothing, error) {
	for _, k := range []float64{kappa.Uniform, kappa.Next, kappa.Pair, kappa.Alike} {
		if !(k > 0) || math.IsInf(k, 1) {
			return nil, fmt.Errorf("data: a prior weight of %g: want a finite number above 0", k)
		}
	}
	return newSmoothing(c, kappa), nil
}

func newSmoothing(c *Counts, kappa Kappa) *Smoothing {
	s := &Smoothing{Kappa: kappa, counts: c, next: make([]uint64, c.V())}
	for _, row := range c.Transitions {
		for _, cell := range row.Cells {
			s.next[cell.Word] += cell.N
		}
	}
	return s
}

// Next returns c(y) [V], how often each word comes next. The slice must not be
// changed.
func (s *Smoothing) Next() []uint64 { return s.next }

// dirichlet is the mean of a Dirichlet posterior: n observations of total, and a
// prior of the given weight. Leave is how many of the n are left out.
func dirichlet(n, total, leave uint64, kappa, prior float64) float64 {
	return (float64(n-leave) + kappa*prior) / (float64(total-leave) + kappa)
}

// unigram is P̃(y).
func (s *Smoothing) unigram(y Word, leave uint64) float64 {
	return dirichlet(s.next[y], s.counts.Total, leave, s.Kappa.Uniform, 1/float64(len(s.next)))
}

// first is P̃(y|w), given row w of the transitions.
func (s *Smoothing) first(row Row, y Word, leave uint64) float64 {
	return dirichlet(row.Count(y), row.Total, leave, s.Kappa.Next, s.unigram(y, leave))
}

// firstOrder writes P̃(y|w) of the words that were seen to follow w to q [V].
func (s *Smoothing) firstOrder(q []float64, row Row) {
	for _, cell := range row.Cells {
		q[cell.Word] = dirichlet(cell.N, row.Total, 0, s.Kappa.Next, s.unigram(cell.Word, 0))
	}
}

// second is P̃(y|u,w), given the row of the pair, which is empty if u was never
// seen before w, and P̃(y|w).
func (s *Smoothing) second(pair Row, y Word, leave uint64, first float64) float64 {
	return dirichlet(pair.Count(y), pair.Total, leave, s.Kappa.Pair, first)
}

// divergence is KL(P̃(·|u,w) ‖ P̃(·|w)) in nats over all V words. With
// a_y = c2(u,w,y) + κ q_y, q_y = P̃(y|w) and C = c2(u,w) it is
//
//	F / (C + κ) − ln(C + κ),   F = Σ_y a_y ln(a_y / q_y)
//
// where the words that were not seen, a_y = κ q_y, add κ ln κ times their share of
// q. It takes the words that were seen alone to add F up, and one of them to leave
// some out.
type divergence struct {
	kappa, total, sum float64 // κ, C, F
}

func newDivergence(pair Row, kappa float64, q []float64) divergence {
	d := divergence{kappa: kappa, total: float64(pair.Total)}
	unseen := 1.0
	for _, cell := range pair.Cells {
		p := q[cell.Word]
		d.sum += d.term(float64(cell.N), p)
		unseen -= p
	}
	d.sum += max(0, unseen) * kappa * math.Log(kappa)
	return d
}

// term is a ln(a/q) for n observations.
func (d divergence) term(n, q float64) float64 {
	a := n + d.kappa*q
	return a * math.Log(a/q)
}

// nats is the divergence.
func (d divergence) nats() float64 {
	return max(0, d.sum/(d.total+d.kappa)-math.Log(d.total+d.kappa))
}

// without is the divergence without some of n observations of a word.
func (d divergence) without(n, leave uint64, q float64) float64 {
	d.sum += d.term(float64(n-leave), q) - d.term(float64(n), q)
	d.total -= float64(leave)
	return d.nats()
}
