package train

import (
	"math"

	"qk/data"
)

// mass is attention and the votes that it brings, Σ e^S and Σ e^S·P(y|u,w), both
// divided by e^top so that no size of scores overflows. The zero value is that of
// no voter.
type mass struct{ top, weight, votes float64 }

// plus adds up the attention of two groups of voters.
func (m mass) plus(o mass) mass {
	switch {
	case m.weight == 0:
		return o
	case o.weight == 0:
		return m
	case o.top > m.top:
		m, o = o, m
	}
	share := math.Exp(o.top - m.top)
	return mass{m.top, m.weight + share*o.weight, m.votes + share*o.votes}
}

// weigher computes the loss of one position after the other, as learned and with
// the attention of some of its words changed.
//
// With a₀ = 1 for the null slot, or 0 without it, the next word y has
//
//	p = (a₀ P(y|w) + Σ e^S[w,u] P(y|u,w)) / (a₀ + Σ e^S[w,u])
//
// and P(y|w) where nobody has any attention. Let α be the share of the attention
// that goes to u. Without u, the others share all of it, so that
//
//	p′ = (p − α P(y|u,w)) / (1 − α)
//
// and the loss, −ln p, rises by
//
//	ln p − ln p′ = ln(1 − α) − ln(1 − α P(y|u,w)/p)
//
// which is above zero where u gives y more than the whole vote does. As the
// differences would lose every digit where u has nearly all attention, p′ is summed
// up from the other words: from those before u and those after it.
type weigher struct {
	s       []float64 // [V] the scores
	null    bool
	neutral float64

	base   float64 // P(y|w)
	p      float64 // as learned
	voters []mass  // each of them alone
	before []mass  // the null slot and the words before each; at the end, all
	after  []mass  // the words from each on; at the end, none
}

// look takes up a position: its earlier words, P(y|w), and P(y|u,w) of each.
func (g *weigher) look(earlier []data.Word, base float64, votes []float64) {
	g.base = base
	g.voters, g.before = g.voters[:0], append(g.before[:0], g.nobody())
	for i, u := range earlier {
		g.voters = append(g.voters, mass{g.s[u], 1, votes[i]})
		g.before = append(g.before, g.before[i].plus(g.voters[i]))
	}
	g.after = append(g.after[:0], make([]mass, len(g.voters)+1)...)
	for i := len(g.voters) - 1; i >= 0; i-- {
		g.after[i] = g.voters[i].plus(g.after[i+1])
	}
	g.p = g.share(g.before[len(g.voters)])
}

// nobody is the mass of a position in which no word has attention.
func (g *weigher) nobody() mass {
	if g.null {
		return mass{0, 1, g.base}
	}
	return mass{}
}

// share is the probability that some voters give the next word.
func (g *weigher) share(m mass) float64 {
	if m.weight == 0 {
		return g.base
	}
	return m.votes / m.weight
}

// loss is −ln p as learned.
func (g *weigher) loss() float64 { return -math.Log(g.p) }

// lossOf is −ln p when only those earlier words have attention that are kept.
func (g *weigher) lossOf(keep func(i int) bool) float64 {
	m := g.nobody()
	for i := range g.voters {
		if keep(i) {
			m = m.plus(g.voters[i])
		}
	}
	return -math.Log(g.share(m))
}

// takenAway is by how much the loss rises when the i-th earlier word has no
// attention.
func (g *weigher) takenAway(i int) float64 {
	return math.Log(g.p / g.share(g.before[i].plus(g.after[i+1])))
}

// madeNeutral is by how much the loss rises when the i-th earlier word has the
// neutral score.
func (g *weigher) madeNeutral(i int) float64 {
	voter := g.voters[i]
	voter.top = g.neutral
	return math.Log(g.p / g.share(g.before[i].plus(voter).plus(g.after[i+1])))
}
