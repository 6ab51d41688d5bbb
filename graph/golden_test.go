package graph

import (
	"math"
	"testing"
)

// descend takes plain steps of gradient descent with rate 1.
func descend(t tb, m *Model, steps int) {
	t.Helper()
	for range steps {
		run(t, m)
		for _, p := range m.Params() {
			for i, g := range p.Gradient {
				p.Data[i] -= g
			}
		}
	}
}

// twoScores is the same descent of diary by hand. Only the row went moves, and
// by symmetry its scores are a for candle and train and b for the eight words
// that both sentences have. With the train sentence's votes 1 for again from
// train and 1/2 from the eight, and the candle sentence's alike,
//
//	loss = 2/21·(ln(e^a + 8e^b) − ln(e^a + 4e^b)) + 2 ln 2/21
//
// of which the last term is the choice after the, which nothing decides. Each of
// candle and train has half of ∂loss/∂a, each of the eight an eighth of ∂loss/∂b.
func twoScores(steps int) (a, b, loss float64) {
	for range steps {
		attention, posterior := math.Exp(a)+8*math.Exp(b), math.Exp(a)+4*math.Exp(b)
		da := 1.0 / 21 * (math.Exp(a)/attention - math.Exp(a)/posterior)
		db := 2.0 / 21 * (math.Exp(b)/attention - math.Exp(b)/2/posterior)
		a, b = a-da, b-db
	}
	loss = 2.0/21*math.Log((math.Exp(a)+8*math.Exp(b))/(math.Exp(a)+4*math.Exp(b))) + 2*math.Ln2/21
	return a, b, loss
}

// TestDiaryDescent follows the descent of the one-hot form from S = 0, without
// null slot.
func TestDiaryDescent(t *testing.T) {
	// a and b after one step are exact: (1/21)(1/5 − 1/9) = 4/945 and (2/21)(1/10
	// − 1/9) = −1/945; the loss falls by the square of the gradient, 40/945², from
	// 0.121994. The others are given to five and six decimals; the descent by hand
	// above finds them without any matrix.
	golden := []struct {
		steps      int
		a, b, loss float64
		within     float64 // of a and b
	}{
		{1, 4.0 / 945, -1.0 / 945, 0.121949, 4e-18},
		{1000, 3.99525, -0.99881, 0.068495, 5e-6},
		{10000, 6.17771, -1.54443, 0.066182, 5e-6},
	}
	c := builtInCorpus(t, "diary")
	m := newModel(t, c, Spec{OneHot: true})
	done := 0
	for _, g := range golden {
		if g.steps > 1000 && (testing.Short() || raceDetector) {
			t.Logf("%d steps left out: they take a second or two, and ten with the race detector", g.steps)
			return
		}
		descend(t, m, g.steps-done)
		done = g.steps
		a, b, loss := twoScores(g.steps)
		wantNear(t, "by hand", []float64{a, b}, []float64{g.a, g.b}, 1, g.within)
		wantNear(t, "loss by hand", []float64{loss}, []float64{g.loss}, 1, 5e-7)
		wantNear(t, "loss", []float64{run(t, m).Data}, []float64{loss}, 1, 1e-13)
		checkWent(t, c, m, a, b, 1e-12)
		if g.steps == 1 {
			checkWent(t, c, m, g.a, g.b, g.within)
		}
	}
}

// checkWent checks the scores of diary: a for candle and train before went, b for
// the eight words before both, and 0 everywhere else.
func checkWent(t *testing.T, c corpus, m *Model, a, b, within float64) {
	t.Helper()
	V, went := c.tally.V(), c.tally.id("went")
	scores, err := m.Weights.Scores()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[float64]int{}
	for i, got := range scores {
		want, u := 0.0, c.tally.words[i%V]
		if i/V == went && c.tally.before[[2]int{i % V, went}] > 0 {
			want = b
			if u == "candle" || u == "train" {
				want = a
			}
		}
		counts[want]++
		if !(math.Abs(got-want) <= within) {
			t.Errorf("S[%s,%s] is %v, want %v", c.tally.words[i/V], u, got, want)
		}
	}
	if counts[a] != 2 || counts[b] != 8 {
		t.Errorf("%d scores are a and %d are b, want 2 and 8", counts[a], counts[b])
	}
}

// TestDiaryLosses checks the loss of diary at the first weights: nothing but
// P(y|w) with all attention on the null slot, where went and the leave one bit
// each to two of 21 places, and the uniform vote: of nine voters, one knows the
// word after went and eight have it at 1/2, so p = 5/9; after the, p = 1/2.
func TestDiaryLosses(t *testing.T) {
	c := builtInCorpus(t, "diary")
	null := newModel(t, c, Spec{OneHot: true, Null: true})
	for i := range null.Weights.K {
		null.Weights.K[i] = -800 // e^−800 is 0
	}
	first, all := 4*math.Ln2/21, 2.0/21*(math.Log(9.0/5)+math.Ln2)
	wantNear(t, "by hand", []float64{first, all}, []float64{0.132028, 0.121994}, 1, 5e-7)
	wantNear(t, "all on the null slot", []float64{run(t, null).Data}, []float64{first}, 1, 1e-12)
	wantNear(t, "all votes", []float64{run(t, newModel(t, c, Spec{OneHot: true})).Data}, []float64{all}, 1, 1e-15)
}
