package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/text"
)

// smoothedPlaces returns the positions of w among sentences, which may be the
// counted ones, with votes by the formulas of [data.Smoothing] as they stand: the
// counts are made anew from all training sentences but the copies of the position's
// own, where it is one of them.
func smoothedPlaces(sentences func(*data.Corpus) []data.Sentence, counted bool) func(*Experiment, data.Word) []place {
	return func(e *Experiment, w data.Word) (places []place) {
		kappa, V := e.Smoothing.Kappa, float64(e.Counts.V())
		for which, own := range sentences(e.Corpus) {
			for i := range len(own.Words) - 1 {
				if own.Words[i] != w {
					continue
				}
				y := own.Words[i+1]
				earlier, _, _ := e.Counts.Earlier(own.Words[:i+1])
				var all, ofNext, ofWord, ofBoth float64
				pair, pairNext := make([]float64, len(earlier)), make([]float64, len(earlier))
				for at, s := range e.Corpus.Sentences {
					n := float64(s.N)
					for k := range len(s.Words) - 1 {
						if counted && at == which && k == i {
							continue
						}
						is := func(same bool) float64 {
							if same {
								return n
							}
							return 0
						}
						all += n
						ofNext += is(s.Words[k+1] == y)
						ofWord += is(s.Words[k] == w)
						ofBoth += is(s.Words[k] == w && s.Words[k+1] == y)
						before, _, _ := e.Counts.Earlier(s.Words[:k+1])
						for j, u := range earlier {
							pair[j] += is(s.Words[k] == w && slices.Contains(before, u))
							pairNext[j] += is(s.Words[k] == w && slices.Contains(before, u) && s.Words[k+1] == y)
						}
					}
				}
				first := (ofNext + kappa.Uniform/V) / (all + kappa.Uniform)
				p := place{
					Position: data.Position{Current: w, Next: y, Earlier: earlier, N: own.N},
					base:     (ofBoth + kappa.Next*first) / (ofWord + kappa.Next),
				}
				for j := range earlier {
					p.votes = append(p.votes, (pairNext[j]+kappa.Pair*p.base)/(pair[j]+kappa.Pair))
				}
				places = append(places, p)
			}
		}
		return places
	}
}

// drawHeldOut draws a text, of which sentences are held out, and scores for it.
func drawHeldOut(rt *rapid.T, t *testing.T) (*Experiment, []float64) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 21))
	var b strings.Builder
	for range rapid.IntRange(20, 40).Draw(rt, "lines") {
		for range 2 + rng.IntN(5) {
			fmt.Fprintf(&b, "w%d ", int(9*rng.Float64()*rng.Float64()))
		}
		b.WriteByte('\n')
	}
	c := predict(holding(0.4))
	c.MaxVocab = 5
	c.Null = rapid.Bool().Draw(rt, "null")
	c.Context = rapid.SampledFrom([]int{1, 3, 100}).Draw(rt, "context")
	must(t, c.Validate())
	e, err := NewExperiment(c, text.FromText("drawn", b.String()))
	if err != nil {
		rt.Skip("no sentence for a part")
	}
	s, scale := make([]float64, e.Counts.V()*e.Counts.V()), rapid.SampledFrom([]float64{0.3, 1, 8}).Draw(rt, "scale")
	for i := range s {
		s[i] = scale * rng.NormFloat64()
	}
	return e, s
}

// TestRulesHeldOutByBruteForce: with sentences held out, what rules save is what the
// loss computed anew says, with counts made anew for every position.
func TestRulesHeldOutByBruteForce(t *testing.T) {
	training, heldOut, unseen := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		e, s := drawHeldOut(rt, t)
		b := rulesOf(t, e, s, allRules())
		if b.HeldOut == nil {
			rt.Fatal("nothing is said of what was held out")
		}
		training += wantWorth(rt, e, s, b, smoothedPlaces(func(c *data.Corpus) []data.Sentence { return c.Sentences }, true), b.BookWorth,
			func(r RowRules) *RowWorth { return &r.RowWorth }, func(r Rule) *RuleWorth { return &r.RuleWorth })
		heldOut += wantWorth(rt, e, s, b, smoothedPlaces(func(c *data.Corpus) []data.Sentence { return c.HeldOut }, false), *b.HeldOut,
			func(r RowRules) *RowWorth { return r.HeldOut }, func(r Rule) *RuleWorth { return r.HeldOut })
		unseen += b.HeldOut.Unseen
		for _, row := range b.Rows {
			for _, r := range row.Rules {
				if r.N != r.Seen.N {
					rt.Errorf("a rule has %d places, counted are %d", r.N, r.Seen.N)
				}
			}
		}
	})
	if training == 0 || heldOut == 0 || unseen == 0 {
		t.Errorf("of all texts, %d rules have a place in what is learned from, %d in what is held out, %d have none there", training, heldOut, unseen)
	}
}

// TestRulesHeldOutLosses: the losses of the rules are those of the run, which the
// graph computes, of its training part and of what was held out; so are those of
// first order.
func TestRulesHeldOutLosses(t *testing.T) {
	for name, change := range map[string]func(*Config){"null slot": func(*Config) {}, "no null slot": withoutNull} {
		r := learn(t, predict(holding(0.2), change), planted(1, 800))
		w, _ := r.loop.Result()
		b, err := Rules(r.e, w, allRules())
		must(t, err)
		training, err := r.e.Loss(w)
		must(t, err)
		wantNear(t, name+": loss", b.Loss, training.Data, 1e-12)
		wantNear(t, name+": held-out loss", b.HeldOut.Loss, r.HeldOut.Loss, 1e-12)
		ladder, err := r.e.Ladder()
		must(t, err)
		wantNear(t, name+": first order", b.FirstOrder, *ladder.FirstOrder, 1e-12)
		wantNear(t, name+": held-out first order", b.HeldOut.FirstOrder, *r.HeldOut.Ladder.FirstOrder, 1e-12)
		if b.Found == 0 || b.HeldOut.Positions != r.HeldOut.Positions || b.Positions != r.e.Counts.Total {
			t.Errorf("%s: %+v, held out %+v", name, b.BookWorth, b.HeldOut)
		}
		// What is planted holds of sentences that were not seen: the four first words
		// are raised, and each saves some of the loss there.
		helpful := 0
		for _, row := range b.Rows {
			for _, rule := range row.Rules {
				if r.e.Corpus.Vocab.Text(row.Word) == "cue" && r.e.Corpus.Vocab.Text(rule.Earlier)[0] == 'k' && rule.Kind == Raised && rule.HeldOut.Saves > 1 {
					helpful++
				}
			}
		}
		if helpful != 4 {
			t.Errorf("%s: %d first words save what was held out, want 4", name, helpful)
		}
		if math.IsNaN(b.HeldOut.Alone) || b.HeldOut.Alone > b.HeldOut.FirstOrder {
			t.Errorf("%s: by rules alone the held-out loss is %g, first order %g", name, b.HeldOut.Alone, b.HeldOut.FirstOrder)
		}
	}
}
