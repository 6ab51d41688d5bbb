package graph

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// literalPredict is the mean of −ln p by the formula as it stands:
//
//	p = (P(y|w) + Σ e^{S[w,u]} P(y|u,w)) / (1 + Σ e^{S[w,u]})
//
// and without the null slot the same without P(y|w) and 1, unless there is no
// earlier word.
func literalPredict(t *tally, scores []float64, null bool) float64 {
	var sum float64
	for _, p := range t.places {
		var votes, attention float64
		if null || len(p.earlier) == 0 {
			votes, attention = float(t.first(p.w, p.y)), 1
		}
		for _, u := range p.earlier {
			e := math.Exp(scores[p.w*t.V()+u])
			votes += e * float(t.second(u, p.w, p.y))
			attention += e
		}
		sum -= math.Log(votes / attention)
	}
	return sum / t.n()
}

func TestPredictLiteral(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCorpus(rt)
		s := Spec{
			Null: rapid.Bool().Draw(rt, "null"), OneHot: rapid.Bool().Draw(rt, "one-hot"),
			Rank: rapid.IntRange(1, 4).Draw(rt, "rank"), Scaled: rapid.Bool().Draw(rt, "scaled"),
		}
		m := newModel(rt, c, s)
		randomise(m, rapid.Uint64().Draw(rt, "seed"), 2)
		want := literalPredict(c.tally, plainScores(m.Weights), s.Null)
		wantNear(rt, describe(s), []float64{run(rt, m).Data}, []float64{want}, largest(want), 1e-13)
	})
}

// TestPredictSeesNoMask checks that predict takes nothing from the masks: the
// same graph is built without them.
func TestPredictSeesNoMask(t *testing.T) {
	c := builtInCorpus(t, "diary")
	with := newModel(t, c, Spec{Rank: 2, Null: true})
	c.masks = nil
	without := newModel(t, c, Spec{Rank: 2, Null: true})
	randomise(with, 1, 1)
	randomise(without, 1, 1)
	if run(t, with) != run(t, without) || !sameBits(gradients(with), gradients(without)) {
		t.Error("the masks change the loss or the gradients")
	}
}

// TestRecallFloors checks the least losses of recall in the one-hot form, at the
// scores that reach them. The cross-entropy has the conditional entropy of the
// next word where S is ln P: in diary 4 of 21 places are a choice of two, of 1
// bit each. The squared loss is 0 where S is P. The logistic loss goes to 0 as
// the scores go to +∞ in the mask and to −∞ elsewhere.
func TestRecallFloors(t *testing.T) {
	c := builtInCorpus(t, "diary")
	V := c.tally.V()
	for _, s := range []struct {
		objective Objective
		floor     float64
		score     func(w, u int) float64
	}{
		{CrossEntropy, 4 * math.Ln2 / 21, func(w, u int) float64 {
			if c.tally.next[[2]int{w, u}] == 0 {
				return -1e4
			}
			return math.Log(float(c.tally.first(w, u)))
		}},
		{Squared, 0, func(w, u int) float64 {
			if c.tally.after[w] == 0 {
				return 0
			}
			return float(c.tally.first(w, u))
		}},
		{Logistic, 0, func(w, u int) float64 {
			word := c.tally.words[u]
			if c.tally.words[w] == "went" && (word == "candle" || word == "train") {
				return 1e4
			}
			return -1e4
		}},
	} {
		m := newModel(t, c, Spec{Task: Recall, Objective: s.objective, OneHot: true})
		for w := range V {
			for u := range V {
				m.Weights.K[u*V+w] = s.score(w, u)
			}
		}
		wantNear(t, string(s.objective)+": loss", []float64{run(t, m).Data}, []float64{s.floor}, 1, 1e-13)
		wantNear(t, string(s.objective)+": gradient", gradients(m), make([]float64, V*V), 1, 1e-15)
	}
}
