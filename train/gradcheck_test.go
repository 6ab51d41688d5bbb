package train

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGradCheck runs over every model: the gates, predict in 2 × 2 forms with the
// plain graph and the fused one, recall in 3 objectives × 2 forms with both.
func TestGradCheck(t *testing.T) {
	e := count(t, predict(func(c *Config) { c.Corpus = "coat" }), "")
	results, err := GradCheck(context.Background(), e)
	must(t, err)
	if len(results) != 1+8+12 || results[0].Model != "gates at zero" || results[0].Entries != 49 {
		t.Fatalf("%+v", results)
	}
	var models []string
	for _, r := range results {
		if !r.Pass || r.Error > r.Bound || r.Entries == 0 {
			t.Errorf("%+v", r)
		}
		models = append(models, r.Model)
	}
	slices.Sort(models)
	if len(slices.Compact(models)) != 21 {
		t.Errorf("models %q", models)
	}
	again, err := GradCheck(context.Background(), e)
	must(t, err)
	if !slices.Equal(results, again) {
		t.Error("two checks of one seed differ")
	}
}

// TestGradCheckWithoutMasks leaves the objective logistic out where no word ever
// comes before a current word.
func TestGradCheckWithoutMasks(t *testing.T) {
	results, err := GradCheck(context.Background(), count(t, predict(), "a b\na c\n"))
	must(t, err)
	if len(results) != 1+8+8 {
		t.Errorf("%d models", len(results))
	}
	for _, r := range results {
		if !r.Pass {
			t.Errorf("%+v", r)
		}
	}
}

func TestGradCheckInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := GradCheck(ctx, count(t, predict(), "")); !errors.Is(err, ErrInterrupted) {
		t.Errorf("error %v", err)
	}
}

// TestDerivative estimates ∂/∂K of the penalty λK² alone, on a text in which
// nothing can be learned: it is 2λK.
func TestDerivative(t *testing.T) {
	l := loop(t, count(t, predict(ranked(1), func(c *Config) { c.L2 = 0.5 }), "a b\n"))
	k := l.Model.Params()[1]
	k.Data[0] = 3
	d, err := derivative(l.Model, k, 0)
	must(t, err)
	wantNear(t, "derivative", d, 3, 1e-9)
	if k.Data[0] != 3 {
		t.Errorf("the entry is %g afterwards", k.Data[0])
	}
}

// TestProbes: all entries of a small matrix, 200 different ones of a large one.
func TestProbes(t *testing.T) {
	for n, want := range map[int]int{1: 1, 200: 200, 5000: 200} {
		p := probes(rand.New(rand.NewPCG(1, 2)), n)
		slices.Sort(p)
		if len(slices.Compact(p)) != want || p[0] < 0 || p[len(p)-1] >= n {
			t.Errorf("of %d: %v", n, p)
		}
	}
}
