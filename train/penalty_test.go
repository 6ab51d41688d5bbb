package train

import (
	"fmt"
	"math"
	"testing"
)

// TestPenalty holds the optimum under an L2 penalty against figures computed
// independently with numpy, float64. As λ(‖Q‖² + ‖K‖²) is least at 2λ‖S‖_* (the
// nuclear norm) for a given S, and all rows but went have scores of 0 at the
// optimum, S has rank 1 and is described by two numbers: a, the score of candle
// and train in row went, and b, that of the 8 words that both sentences hold.
// They minimise, by Newton's method,
//
//	−2/21 · ln p + 2λ√(2a² + 8b²)   with   p = (n/2 + e^a + 4e^b) / (n + e^a + 8e^b)
//
// where n is 1 with the null slot and 0 without. The rank does not matter.
func TestPenalty(t *testing.T) {
	for _, test := range []struct {
		l2   float64
		null bool
		loss float64 // data loss alone, with the ln2/10.5 of the row the
		a, b float64
	}{
		{1e-3, false, 0.06865321286777, 3.94384879, -0.98596220},
		{1e-3, true, 0.06877002565379, 4.30270022, -0.83507202},
		{1e-4, false, 0.06626801521976, 5.84727622, -1.46181906},
		{1e-4, true, 0.06628142045470, 6.43804630, -1.15298350},
	} {
		for _, rank := range []int{1, 4, 13} {
			t.Run(fmt.Sprintf("%g/null %v/rank %d", test.l2, test.null, rank), func(t *testing.T) {
				t.Parallel()
				r := learn(t, predict(ranked(rank), steps(1500), func(c *Config) { c.L2, c.Null = test.l2, test.null }), "")
				wantNear(t, "data loss", r.Loss, test.loss, 5e-7)
				wantNear(t, "penalty", r.loop.Loss.Penalty, 2*test.l2*math.Sqrt(2*test.a*test.a+8*test.b*test.b), 1e-5)
				s, V := scores(t, r.loop), r.e.Counts.V()
				went := rowOf(t, r.e, r.Outcome, "went").Word
				for u, word := range r.e.Corpus.Vocab.All() {
					want := test.b
					switch word {
					case "candle", "train":
						want = test.a
					case "again", "out", "went": // never before went
						continue
					}
					wantNear(t, "score of "+word, s[int(went)*V+u], want, 0.01)
				}
				wantVerdict(t, r.Outcome)
				wantRow(t, r.e, r.Outcome, "went", Exact, "candle train")
				wantOthersEmpty(t, r.e, r.Outcome, "went")
			})
		}
	}
}

// TestNoPenalty leaves the penalty out: K is shared by all rows, so that rows of
// which the text says nothing light up. The check must fail and name them, while
// the row went is right all the same.
func TestNoPenalty(t *testing.T) {
	for _, seed := range seeds(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := learn(t, predict(seeded(seed), func(c *Config) { c.L2 = 0 }), "")
			wantVerdict(t, r.Outcome, "rows with spurious words")
			wantRow(t, r.e, r.Outcome, "went", Exact, "candle train")

			spurious, named := 0, item(t, r.Outcome, "rows with spurious words")
			for _, row := range r.Rows {
				word := r.e.Corpus.Vocab.Text(row.Word)
				if row.Status != Spurious {
					continue
				}
				if spurious++; spurious <= maxListed {
					wantText(t, "the note", named.Note, word+" → {"+r.e.Corpus.Vocab.Text(row.Spurious[0]))
				}
			}
			if spurious == 0 || named.Figure != float64(spurious) {
				t.Errorf("%d rows are spurious, the figure is %g", spurious, named.Figure)
			}
			wantText(t, "the note", named.Note, "K is shared by all rows", "--l2 1e-6")
		})
	}
}

// TestPlainDescent follows plain gradient descent in the one-hot form without
// the null slot, from S = 0 at rate 1. By symmetry the row went has two numbers:
// a for candle and train, b for the other 8 words, and no other row moves. With
// p̄ = (a's share) · 1 + (b's shares) · ½ the first gradient is, by hand,
//
//	p̄ = 5/9:  −∂/∂a = 1/21 · (1/(5/9) − 1)/9 = 4/945
//	          −∂/∂b = 2/21 · (½/(5/9) − 1)/9 = −1/945
//
// The later figures were computed independently with numpy, float64, from the
// same two-number recursion.
func TestPlainDescent(t *testing.T) {
	for _, test := range []struct {
		steps      int
		a, b, loss float64
		tolerance  float64
	}{
		{1, 4.0 / 945, -1.0 / 945, math.NaN(), 1e-15},
		{1000, 3.99525, -0.99881, 0.068495, 6e-6},
	} {
		r := learn(t, predict(withoutNull, steps(test.steps), func(c *Config) {
			c.OneHot, c.L2, c.Solver, c.Schedule, c.LR = true, 0, "sgd", Constant, 1
			c.GradTol, c.Patience = 0, 0
		}), "")
		s, V, vocab := scores(t, r.loop), r.e.Counts.V(), r.e.Corpus.Vocab
		for w, current := range vocab.All() {
			for u, earlier := range vocab.All() {
				want := 0.0
				if current == "went" {
					switch earlier {
					case "candle", "train":
						want = test.a
					case "again", "out", "went":
					default:
						want = test.b
					}
				}
				wantNear(t, "S["+current+","+earlier+"]", s[w*V+u], want, test.tolerance)
			}
		}
		if !math.IsNaN(test.loss) {
			wantNear(t, "loss", r.Loss, test.loss, 1e-6)
		}
	}
}
