package graph

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// exactUniformGradient is ∂loss/∂S at S = 0. With k voters, the earlier words
// and perhaps the null slot, and p̄ their mean vote,
//
//	−∂loss/∂S[w,u] = (1/N) Σ_{places with w, u∈U} (P(y|u,w)/p̄ − 1)/k
func exactUniformGradient(t *tally, null bool) table {
	g := t.newTable()
	for _, p := range t.places {
		voters, sum := int64(len(p.earlier)), new(big.Rat)
		if null {
			voters, sum = voters+1, t.first(p.w, p.y)
		}
		for _, u := range p.earlier {
			sum = add(sum, t.second(u, p.w, p.y))
		}
		if voters == 0 {
			continue
		}
		mean := quo(sum, big.NewRat(voters, 1))
		for _, u := range p.earlier {
			d := sub(one, quo(t.second(u, p.w, p.y), mean))
			cell := g[p.w*t.V()+u]
			cell.Add(cell, quo(d, big.NewRat(voters*t.total(), 1)))
		}
	}
	return g
}

// uniformLoss is the mean of −ln p̄, with P(y|w) where nobody votes.
func uniformLoss(t *tally, null bool) float64 {
	var sum float64
	for _, p := range t.places {
		votes, voters := new(big.Rat), int64(len(p.earlier))
		for _, u := range p.earlier {
			votes = add(votes, t.second(u, p.w, p.y))
		}
		if null || voters == 0 {
			votes, voters = add(votes, t.first(p.w, p.y)), voters+1
		}
		sum -= math.Log(float(quo(votes, big.NewRat(voters, 1))))
	}
	return sum / t.n()
}

func checkUniform(t tb, c corpus) {
	t.Helper()
	V := c.tally.V()
	for _, null := range []bool{false, true} {
		exact := exactUniformGradient(c.tally, null).floats()

		oneHot := newModel(t, c, Spec{Null: null, OneHot: true})
		loss := run(t, oneHot)
		wantNear(t, "loss at S = 0", []float64{loss.Data}, []float64{uniformLoss(c.tally, null)}, 1, 1e-13)
		k := oneHot.Params()[0]
		wantNear(t, "∂loss/∂S at S = 0, as ∂loss/∂Kᵀ", transposed(k.Gradient, V, V), exact, 1, 1e-12)

		// K = 0 is S = 0 too, whatever Q is: then ∂loss/∂Q = 0 and
		// ∂loss/∂K[u,r] = Σ_w ∂loss/∂S[w,u]·Q[w,r].
		const R = 2
		m := newModel(t, c, Spec{Null: null, Rank: R})
		randomise(m, 1, 1)
		clear(m.Weights.K)
		wantNear(t, "loss at K = 0", []float64{run(t, m).Data}, []float64{loss.Data}, 1, 1e-15)
		wantNear(t, "∂loss/∂Q at K = 0", m.Params()[0].Gradient, make([]float64, V*R), 1, 0)
		wantNear(t, "∂loss/∂K at K = 0", m.Params()[1].Gradient, product(transposed(exact, V, V), m.Weights.Q, V, V, R), 1, 1e-12)
	}
}

func TestUniformBuiltIn(t *testing.T) {
	for name, c := range builtIn(t) {
		t.Run(name, func(t *testing.T) { checkUniform(t, c) })
	}
}

func TestUniformRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { checkUniform(rt, drawCorpus(rt)) })
}

// TestRecallFromZero holds the first gradient of every objective of recall, at S
// = 0, against its exact value:
//
//	cross-entropy: c1(w)/N·(1/V − P(y|w)), the loss being ln V
//	squared:       −2 P(y|w), the loss being Σ P(y|w)²
//	logistic:      (1/2 − M)/cells where observed, the loss being ln 2
func TestRecallFromZero(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCorpus(rt)
		V, cells, squares := c.tally.V(), int64(len(c.tally.before)), 0.0
		entropy, squared, logistic := c.tally.newTable(), c.tally.newTable(), c.tally.newTable()
		for w := range V {
			for y := range V {
				if c.tally.after[w] == 0 {
					continue
				}
				p := c.tally.first(w, y)
				squares += float(mul(p, p))
				squared[w*V+y] = mul(big.NewRat(-2, 1), p)
				entropy[w*V+y] = mul(big.NewRat(c.tally.after[w], c.tally.total()), sub(big.NewRat(1, int64(V)), p))
			}
		}
		c.tally.pairs(func(w, u int) {
			logistic[w*V+u] = big.NewRat(1, 2*cells)
			if c.tally.informs(u, w) {
				logistic[w*V+u] = big.NewRat(-1, 2*cells)
			}
		})
		check := func(o Objective, loss float64, exact table) {
			m := newModel(rt, c, Spec{Task: Recall, Objective: o, OneHot: true})
			wantNear(rt, string(o)+": loss", []float64{run(rt, m).Data}, []float64{loss}, largest(loss), 1e-14)
			wantNear(rt, string(o)+": gradient", transposed(m.Params()[0].Gradient, V, V), exact.floats(), 1, 1e-15)
		}
		check(CrossEntropy, math.Log(float64(V)), entropy)
		check(Squared, squares, squared)
		if cells > 0 {
			check(Logistic, math.Ln2, logistic)
		}
	})
}
