package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"qk/data"
	"qk/data/text"
)

// smoothed is a text in parts with votes that are smoothed: at the training
// positions, each without its own sentence, and at those held out.
func smoothed(t tb) (training, heldOut *data.Voters) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 8))
	var b strings.Builder
	for range 60 {
		words := make([]string, 2+rng.IntN(5))
		for i := range words {
			words[i] = string(rune('a' + rng.IntN(6)*rng.IntN(2)))
		}
		b.WriteString(strings.Repeat(strings.Join(words, " ")+"\n", 1+rng.IntN(2)))
	}
	c, err := data.Load(text.FromText("test", b.String()), data.Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, HoldOut: 0.2})
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	counts, err := data.Count(c, 4)
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	places, err := counts.PlacesOf(c.HeldOut, data.HeldOut)
	if err != nil {
		t.Fatalf("held out: %v", err)
	}
	s := data.FitSmoothing(counts)
	return s.LeaveOneOut(), s.Unseen(places)
}

// smoothedModels calls f for every form of predict over smoothed votes of either
// kind, plain and fused, with equal weights.
func smoothedModels(t *testing.T, f func(t *testing.T, s Spec, v *data.Voters, plain, fused *Model)) {
	t.Helper()
	training, heldOut := smoothed(t)
	for part, v := range map[string]*data.Voters{"training": training, "held out": heldOut} {
		for _, null := range []bool{true, false} {
			for _, oneHot := range []bool{true, false} {
				s := Spec{Task: Predict, Objective: CrossEntropy, Null: null, OneHot: oneHot, Rank: 3, Scaled: true, L2: 1e-3}
				if oneHot {
					s.Rank = v.V()
				}
				t.Run(fmt.Sprintf("%s, null %v, one-hot %v", part, null, oneHot), func(t *testing.T) {
					build := func(fused bool) *Model {
						s.Fused = fused
						m, err := NewPredict(s, v)
						if err != nil {
							t.Fatal(err)
						}
						randomise(m, 5, 0.8)
						return m
					}
					f(t, s, v, build(false), build(true))
				})
			}
		}
	}
}

// TestSmoothedGraphsAgree: plain and fused give the same loss and gradients.
func TestSmoothedGraphsAgree(t *testing.T) {
	smoothedModels(t, func(t *testing.T, s Spec, _ *data.Voters, plain, fused *Model) {
		a, b := run(t, plain), run(t, fused)
		wantNear(t, "loss", []float64{b.Data, b.Penalty}, []float64{a.Data, a.Penalty}, 1, 1e-12)
		want := gradients(plain)
		wantNear(t, "gradient", gradients(fused), want, largest(want...), 1e-12)
	})
}

// TestSmoothedDifferences: the gradients are those of finite differences.
func TestSmoothedDifferences(t *testing.T) {
	smoothedModels(t, func(t *testing.T, s Spec, _ *data.Voters, plain, fused *Model) {
		for _, m := range []*Model{plain, fused} {
			run(t, m)
			got := gradients(m)
			want := differences(t, m, 1e-3)
			wantNear(t, describe(s), got, want, largest(want...), 1e-10)
		}
	})
}

// TestSmoothedSingle: float32 gives the same to some six digits.
func TestSmoothedSingle(t *testing.T) {
	smoothedModels(t, func(t *testing.T, s Spec, v *data.Voters, _, fused *Model) {
		s.Fused, s.Float32 = true, true
		single, err := NewPredict(s, v)
		if err != nil {
			t.Fatal(err)
		}
		copy(single.Weights.Q, fused.Weights.Q)
		copy(single.Weights.K, fused.Weights.K)
		single.Push()
		a, b := run(t, fused), run(t, single)
		wantNear(t, "loss", []float64{b.Data}, []float64{a.Data}, 1, 1e-5)
		var got []float64
		for _, p := range single.Params() {
			got = p.AppendGradientTo(got)
		}
		want := gradients(fused)
		wantNear(t, "gradient", got, want, largest(want...), 1e-5)
	})
}

// TestLosses holds the loss of every position against the formula, from the votes
// and the scores.
func TestLosses(t *testing.T) {
	smoothedModels(t, func(t *testing.T, s Spec, v *data.Voters, plain, fused *Model) {
		got, err := fused.Losses()
		if err != nil {
			t.Fatal(err)
		}
		scores, err := fused.Weights.Scores()
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		r := v.Reader()
		for w := range data.Word(v.V()) {
			row := r.Row(w)
			votes := row.Votes
			for i, p := range row.Positions {
				num, den := row.Base[i], 1.0
				if !s.Null && len(p.Earlier) > 0 {
					num, den = 0, 0
				}
				for j, u := range p.Earlier {
					e := math.Exp(scores[int(w)*v.V()+int(u)])
					num += e * votes[j]
					den += e
				}
				votes = votes[len(p.Earlier):]
				want = append(want, math.Log(den/num))
			}
		}
		wantNear(t, "losses", got, want, 1, 1e-12)
		wantNear(t, "mean", []float64{v.Mean(got)}, []float64{run(t, fused).Data}, 1, 1e-12)
		if _, err := plain.Losses(); err == nil {
			t.Error("a plain model has losses of positions")
		}
	})
	c := builtInCorpus(t, "diary")
	m := newModel(t, c, Spec{Task: Recall, Rank: 2, Fused: true})
	if _, err := m.Losses(); err == nil || !strings.Contains(err.Error(), "only the task predict") {
		t.Errorf("losses of recall: %v", err)
	}
	if _, err := NewPredict(Spec{Task: Recall, Objective: CrossEntropy, Rank: 2}, data.NewVoters(c.counts)); err == nil {
		t.Error("recall learns from votes")
	}
}

// TestStart: all scores begin at the given one where nothing is drawn, in every
// form.
func TestStart(t *testing.T) {
	for _, start := range []float64{-3, -0.5, 2} {
		for _, scaled := range []bool{true, false} {
			for _, oneHot := range []bool{true, false} {
				R := 3
				if oneHot {
					R = 5
				}
				w := NewWeights(5, R, oneHot, scaled)
				w.Start(start)
				s, err := w.Scores()
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range s {
					wantNear(t, fmt.Sprintf("start %g, scaled %v, one-hot %v", start, scaled, oneHot), []float64{x}, []float64{start}, 1, 1e-12)
				}
			}
		}
	}
}
