package train

import (
	"cmp"
	"math"
	"slices"

	"qk/data"
)

// votes is where the voters of a row get their votes from, and the only place in
// which the rules ask for them.
type votes struct {
	counts  *data.Counts
	current data.Word
	voters  *data.Voters
}

// at returns the place of an earlier word among the row's pairs.
func (v votes) at(u data.Word) int {
	i, _ := slices.BinarySearchFunc(v.counts.Pairs[v.current], u, func(p data.Pair, u data.Word) int { return cmp.Compare(p.Earlier, u) })
	return i
}

// look returns P(y|w) at a position, and what gives P(y|u,w) of the earlier word at
// a place.
func (v votes) look(p data.Position) (null float64, of func(at int) float64) {
	null, vote := v.voters.At(p)
	return null, func(at int) float64 { return vote(v.counts.Pairs[v.current][at].Next) }
}

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
	votes   votes
	s       []float64 // [V] the scores
	null    bool
	neutral float64

	base   float64 // P(y|w)
	p      float64 // as learned
	at     []int   // places of the earlier words, see [votes.at]
	voters []mass  // each of them alone
	before []mass  // the null slot and the words before each; at the end, all
	after  []mass  // the words from each on; at the end, none
}

// look takes up a position.
func (g *weigher) look(p data.Position) {
	base, of := g.votes.look(p)
	g.base = base
	g.at, g.voters, g.before = g.at[:0], g.voters[:0], append(g.before[:0], g.nobody())
	for i, u := range p.Earlier {
		at := g.votes.at(u)
		g.at = append(g.at, at)
		g.voters = append(g.voters, mass{g.s[u], 1, of(at)})
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

// lossOf is −ln p when only those words have attention whose place is kept.
func (g *weigher) lossOf(keep func(at int) bool) float64 {
	m := g.nobody()
	for i, at := range g.at {
		if keep(at) {
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
