package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// extremeText has rows of one, two and three earlier words, and next words that
// hang on them.
const extremeText = "a b c d\nb a c a\na b c d\nc c a b\nd a b b\nb d c c\na c"

// TestExtremeScores gives the one-hot form scores of ±10⁴ up to ±10³⁰⁰ and holds
// losses and gradients against the reference.
func TestExtremeScores(t *testing.T) {
	c := newCorpus(t, extremeText, 16)
	for _, s := range losses() {
		s.OneHot, s.BatchRows = true, 3
		for _, size := range []float64{1e4, 1e8, 1e150, 1e300} {
			if s.Objective == Squared && size > 1e150 {
				continue // its square is not a number that a float64 holds
			}
			m := newModel(t, c, s)
			rng := rand.New(rand.NewPCG(uint64(math.Log10(size)), 2))
			for range 20 {
				extremes(rng, m.Weights.K, size, size <= 1e8 || s.Task == Recall)
				checkExtreme(t, fmt.Sprintf("%s, scores of %g", describe(s), size), c, s, m, size)
			}
		}
	}
}

// TestExtremeWeights makes such scores as products Q·K of rank 1, so that they
// are rounded once.
func TestExtremeWeights(t *testing.T) {
	c := newCorpus(t, extremeText, 16)
	for _, s := range losses() {
		for _, size := range []float64{100, 1e4, 1e75, 1e149} {
			if s.Objective == Squared && size > 1e75 {
				continue
			}
			s.Rank = 1
			m := newModel(t, c, s)
			rng := rand.New(rand.NewPCG(uint64(math.Log10(size)), 3))
			for range 20 {
				for _, p := range m.Params() {
					extremes(rng, p.Data, size, size <= 1e4 || s.Task == Recall)
				}
				checkExtreme(t, fmt.Sprintf("%s, weights of %g", describe(s), size), c, s, m, size*size)
			}
		}
	}
}

// extremes draws numbers of the given size, zeros and ties among them if
// wanted. At 10¹⁶ and above, the logarithm of a vote beside a score is lost in
// rounding, and words of equal score would be taken to vote alike; so there the
// scores must differ.
func extremes(rng *rand.Rand, x []float64, size float64, ties bool) {
	for i := range x {
		x[i] = size * rng.NormFloat64()
		if ties && rng.IntN(2) == 0 {
			x[i] = size * float64(rng.IntN(3)-1)
		}
	}
}

// checkExtreme compares the last run with the reference. The loss is a
// difference of two figures of the size of the scores, so it is good to a few
// units in the last place of the largest. So are the logarithms of attention
// and its posterior, of which the gradient consists.
func checkExtreme(t *testing.T, what string, c corpus, s Spec, m *Model, size float64) {
	t.Helper()
	loss := run(t, m)
	got := gradients(m)
	for i, x := range append([]float64{loss.Data}, got...) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("%s: number %d of loss and gradients is %v", what, i, x)
		}
	}
	scores := plainScores(m.Weights)
	want := referenceOf(s, c.tally, scores)
	wantNear(t, what+": loss", []float64{loss.Data}, []float64{want.loss}, largest(append(scores, want.loss)...), 1e-15)
	grad := want.chain(m.Weights, 0)
	tolerance := 1e-13 // without ties one word has all attention
	if size <= 1e8 {
		tolerance = 1e-15 * size
	}
	wantNear(t, what+": gradients", got, grad, largest(grad...), tolerance)
}

// TestExtremeByHand has figures that need no program: of the positions of a b c,
// b b d and b b d, the current word b has the earlier words {a}, {b} and {b}.
func TestExtremeByHand(t *testing.T) {
	c := newCorpus(t, "a b c\nb b d\nb b d", 16)
	V, a, b := c.tally.V(), c.tally.id("a"), c.tally.id("b")
	// Places: a→b; b→c after a; b→b and b→d twice each, b→d after b. P(c|b) = 1/5,
	// P(b|b) = 2/5, P(d|b) = 2/5, P(c|a,b) = P(d|b,b) = 1, P(b|a) = 1, N = 6.
	base := 2 * math.Log(5.0/2) // the two places b→b, which have no earlier word
	for _, x := range []struct {
		atA, atB float64
		want     float64 // 6 times the loss
	}{
		// The null slot alone: ln 5 for c, ln 5/2 twice for d.
		{-1e300, -1e300, base + math.Log(5) + 2*math.Log(5.0/2)},
		{-1e4, -1e4, base + math.Log(5) + 2*math.Log(5.0/2)},
		// Attention that is right is certain.
		{1e4, 1e4, base},
		{1e300, 1e300, base},
		// a alone.
		{1e4, -1e4, base + 2*math.Log(5.0/2)},
		{1e300, -1e300, base + 2*math.Log(5.0/2)},
	} {
		m := newModel(t, c, Spec{Null: true, OneHot: true})
		m.Weights.K[a*V+b], m.Weights.K[b*V+b] = x.atA, x.atB
		wantNear(t, fmt.Sprintf("S[b,a] = %g, S[b,b] = %g", x.atA, x.atB), []float64{run(t, m).Data * 6}, []float64{x.want}, 1, 1e-11)
		wantNear(t, "gradient", gradients(m), make([]float64, V*V), 1, 0)
	}
}
