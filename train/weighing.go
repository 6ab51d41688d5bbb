package train

import (
	"math"
	"slices"

	"qk/data"
)

// Weighing weighs the earlier words of a context in one way, and P(y|w) by Null.
type Weighing struct {
	Weight func(u data.Word) float64
	Null   float64
}

// Weighings are the three ways to weigh the earlier words of a context.
type Weighings struct {
	All     Weighing // all words alike
	Counted Weighing // the counted mask
	Learned Weighing // the learned attention
}

// WeighingsOf returns the three ways to weigh the earlier words of a context whose
// current word is that of row, given the scores S[w,·] [V] of that word.
func (e *Experiment) WeighingsOf(row RowAgreement, scores []float64, earlier []data.Word) Weighings {
	v := Weighings{Learned: e.LearnedWeighing(row.Word, scores, earlier)}
	v.All.Weight = func(data.Word) float64 { return 1 }
	v.Counted.Weight = func(u data.Word) float64 {
		if slices.Contains(row.Counted, u) {
			return 1
		}
		return 0
	}
	return v
}

// LearnedWeighing weighs earlier words by e^S, and with a null slot P(y|w) by 1, all of
// it divided by the largest, so that no score is too large: divided by their sum these
// are softmax(S) over the words that have a vote, see [Experiment.HasVote], and the
// null slot. Others may have any weight.
func (e *Experiment) LearnedWeighing(w data.Word, scores []float64, earlier []data.Word) Weighing {
	top := math.Inf(-1)
	if e.Config.Null {
		top = 0
	}
	for _, u := range earlier {
		if e.HasVote(w, u) {
			top = max(top, scores[u])
		}
	}
	v := Weighing{Weight: func(u data.Word) float64 { return math.Exp(scores[u] - top) }}
	if e.Config.Null {
		v.Null = math.Exp(-top)
	}
	return v
}

// HasVote tells whether an earlier word u votes for the word after w: it has come
// before w in the text, or votes are smoothed.
func (e *Experiment) HasVote(w, u data.Word) bool {
	if e.Smoothing != nil {
		return true
	}
	_, ok := e.Counts.Pair(w, u)
	return ok
}

// Attention is what the last of some words attends to.
type Attention struct {
	Words  []data.Word // distinct earlier words that have a vote, in ascending order
	Places []int       // where each of Words came last before the last word
	Shares []float64   // of the attention, by Words
	Null   float64     // what the null slot gets; 0 without one, NaN where nobody has a vote
}

// Attend returns the attention of the last of some words to the earlier ones, and to
// nothing: softmax of the scores S[w,·] [V] of that word and, with a null slot, its 0.
func (e *Experiment) Attend(words []data.Word, scores []float64) Attention {
	earlier, current, ok := e.Counts.Earlier(words)
	if !ok {
		return Attention{Null: math.NaN()}
	}
	v := e.LearnedWeighing(current, scores, earlier)
	a, sum := Attention{}, v.Null
	for _, u := range earlier {
		if !e.HasVote(current, u) {
			continue
		}
		place := len(words) - 2
		for words[place] != u {
			place--
		}
		a.Words, a.Places, a.Shares = append(a.Words, u), append(a.Places, place), append(a.Shares, v.Weight(u))
		sum += v.Weight(u)
	}
	if len(a.Words) == 0 {
		return Attention{Null: math.NaN()}
	}
	for i := range a.Shares {
		a.Shares[i] /= sum
	}
	a.Null = v.Null / sum
	return a
}

// ShareOf returns the probability that weighed votes give the next word of a position, by
// plain counts.
func (e *Experiment) ShareOf(p data.Position, v Weighing) float64 {
	base := e.Counts.Transitions[p.Current].P(p.Next)
	num, den := v.Null*base, v.Null
	for _, u := range p.Earlier {
		pair, _ := e.Counts.Pair(p.Current, u)
		g := v.Weight(u)
		num += g * pair.P(p.Next)
		den += g
	}
	if den == 0 {
		return base
	}
	return num / den
}
