package graph

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"pgregory.net/rapid"
)

// central is the central difference over four points, of an error that falls
// with the fourth power of the step:
//
//	f′(x) = (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h)) / 12h + O(h⁴)
var central = fd.Formula{
	Stencil: []fd.Point{
		{Loc: -2, Coeff: 1.0 / 12}, {Loc: -1, Coeff: -8.0 / 12},
		{Loc: 1, Coeff: 8.0 / 12}, {Loc: 2, Coeff: -1.0 / 12},
	},
	Derivative: 1,
	Step:       1e-3,
}

// differences returns the gradients of all parameters by finite differences.
func differences(t tb, m *Model, step float64) []float64 {
	t.Helper()
	var all []float64
	for _, p := range m.Params() {
		f := func(x []float64) float64 {
			kept := append([]float64(nil), p.Data...)
			copy(p.Data, x)
			loss := run(t, m).Total()
			copy(p.Data, kept)
			return loss
		}
		x := append([]float64(nil), p.Data...)
		all = append(all, fd.Gradient(nil, f, x, &fd.Settings{Formula: central, Step: step})...)
	}
	return all
}

// TestGradientDifferences holds every gradient of every graph against finite
// differences, at random weights. The error of the formula at step 1e-3 is
// h⁴·f⁗′/30, a few 1e-13 for weights about 1, and the rounding of f leaves some
// 1e-16/h = 1e-13.
func TestGradientDifferences(t *testing.T) {
	everyModel(t, 0.7, func(t *testing.T, c corpus, s Spec, m *Model) {
		if s.L2 > 0 && (raceDetector || s.Scaled && c.text != shapes["three words a line"]) {
			return // for speed: one shape is enough for both at once
		}
		run(t, m)
		got := gradients(m)
		want := differences(t, m, 1e-3)
		wantNear(t, describe(s), got, want, largest(want...), 1e-10)
	})
}

// TestGradientDifferencesLarge does so at scores of several hundreds, where
// every softmax is nearly a choice of one word. The step is smaller, as the
// scores move by the step times the weights; the losses are some hundreds, and
// their rounding leaves 1e-13/h = 1e-9 of a gradient of some tens.
func TestGradientDifferencesLarge(t *testing.T) {
	c := newCorpus(t, shapes["three words a line"], 16)
	for _, s := range losses() {
		for _, form := range []Spec{{OneHot: true}, {Rank: 2}} {
			s.OneHot, s.Rank = form.OneHot, form.Rank
			m := newModel(t, c, s)
			randomise(m, 3, 20)
			run(t, m)
			got := gradients(m)
			want := differences(t, m, 1e-4)
			wantNear(t, describe(s), got, want, largest(want...), 1e-8)
		}
	}
}

// TestGradientDifferencesGates does so for the gates, away from zero.
func TestGradientDifferencesGates(t *testing.T) {
	for _, text := range shapes {
		m := newGates(t, newCorpus(t, text, 16))
		randomise(m, 5, 1)
		for i, x := range m.Weights.K {
			m.Weights.K[i] = 0.1 + math.Abs(x)
		}
		run(t, m)
		got := gradients(m)
		want := differences(t, m, 1e-3)
		wantNear(t, text, got, want, largest(want...), 1e-9)
	}
}

// TestGradientReference holds loss and gradients against the reference, which
// leaves nothing to the step of a difference.
func TestGradientReference(t *testing.T) {
	everyModel(t, 1.5, checkReference)
}

// TestGradientReferenceRandom does so on random texts.
func TestGradientReferenceRandom(t *testing.T) {
	all := specs()
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCorpus(rt)
		s := rapid.SampledFrom(all).Filter(c.canLearn).Draw(rt, "spec")
		s.BatchRows = rapid.IntRange(0, 5).Draw(rt, "rows in a batch")
		m := newModel(rt, c, s)
		randomise(m, rapid.Uint64().Draw(rt, "seed"), rapid.Float64Range(0.1, 5).Draw(rt, "scale"))
		checkReference(rt, c, s, m)
	})
}

func checkReference[T tb](t T, c corpus, s Spec, m *Model) {
	t.Helper()
	scores := plainScores(m.Weights)
	want := referenceOf(s, c.tally, scores)
	loss := run(t, m)
	size := largest(append(scores, want.loss)...)
	wantNear(t, describe(s)+": loss", []float64{loss.Data}, []float64{want.loss}, size, 1e-13)

	var squares float64
	for _, p := range m.Params() {
		for _, x := range p.Data {
			squares += x * x
		}
	}
	wantNear(t, describe(s)+": penalty", []float64{loss.Penalty}, []float64{s.L2 * squares}, largest(squares), 1e-14)
	if loss.Total() != loss.Data+loss.Penalty {
		t.Errorf("total is %v, want %v + %v", loss.Total(), loss.Data, loss.Penalty)
	}
	grad := want.chain(m.Weights, s.L2)
	wantNear(t, describe(s)+": gradients", gradients(m), grad, size*largest(grad...), 1e-13)
}
