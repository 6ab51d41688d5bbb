package data

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLadderProperties compares the reference losses with the plain tally, and
// with each other.
func TestLadderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		n := float64(len(want.places))
		next := map[string]float64{}
		for _, p := range want.places {
			next[p.next]++
		}
		var unigram float64
		for _, p := range want.places {
			unigram -= math.Log(next[p.next]/n) / n
		}
		none := func(string, string) float64 { return 0 }
		every := func(string, string) float64 { return 1 }
		isNear(t, "unigram", Unigram(c), unigram, 1e-12)
		isNear(t, "first order", FirstOrder(c), want.loss(none, 1), 1e-12)
		isNear(t, "all votes", AllVotes(c), want.loss(every, 0), 1e-12)
		if Unigram(c) < FirstOrder(c)-1e-12 || FirstOrder(c) < 0 {
			t.Fatalf("unigram %g, first order %g", Unigram(c), FirstOrder(c))
		}
	})
}

// TestGradedMaskProperties: the graded mask is the loss at some scale, and no
// worse than at any of those tried here, nor than no mask at all.
func TestGradedMaskProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		text := c.Corpus.Vocab.Text
		divergence := map[[2]string]float64{}
		for w, pairs := range c.Pairs {
			for _, p := range pairs {
				divergence[[2]string{text(Word(w)), text(p.Earlier)}] = Divergence(p.Next, c.Transitions[w])
			}
		}
		at := func(log2 float64) float64 {
			return want.loss(func(w, u string) float64 { return math.Exp2(log2) * divergence[[2]string{w, u}] }, 1)
		}
		got := GradedMask(c, NewMasks(c))
		least, where := math.Inf(1), 0.0
		for x := -22.0; x <= 22; x += 0.25 {
			if l := at(x); l < least {
				least, where = l, x
			}
			if x >= -20 && x <= 20 && math.Mod(x, 2) == 0 && got > at(x)+1e-12 {
				t.Fatalf("the graded mask has %g, and %g at the scale 2^%g", got, at(x), x)
			}
		}
		if where > -22 && where < 22 {
			for x := where - 0.25; x <= where+0.25; x += 0.005 {
				least = min(least, at(x))
			}
		}
		if got > FirstOrder(c)+1e-12 || got < least-1e-6 {
			t.Fatalf("the graded mask has %g, first order %g, the best of many scales %g", got, FirstOrder(c), least)
		}
	})
}

// TestPredictLadder: the ladder has the figures of the functions, and the floor
// is that of the form asked for.
func TestPredictLadder(t *testing.T) {
	c := countText(t, "c a d b\nb a\nd b d a\na b d\nb d b a", unbounded)
	masks := NewMasks(c)
	best, _ := masks.BestLoss(c)
	for _, null := range []bool{true, false} {
		l := PredictLadder(c, masks, null)
		for what, pair := range map[string][2]float64{
			"unigram": {*l.Unigram, Unigram(c)}, "first order": {*l.FirstOrder, FirstOrder(c)}, "all votes": {*l.AllVotes, AllVotes(c)},
			"graded mask": {*l.GradedMask, GradedMask(c, masks)}, "best mask": {*l.BestMask, best}, "floor": {*l.Floor, AttentionFloor(c, null)},
		} {
			if pair[0] != pair[1] {
				t.Errorf("null slot %v: %s is %g, want %g", null, what, pair[0], pair[1])
			}
		}
	}
	if AttentionFloor(c, true) == AttentionFloor(c, false) {
		t.Error("the floor is the same with the null slot and without, so that this test tells nothing")
	}
}

// TestRecallLadder: recall is bounded by the conditional entropy, and the lines
// of the other task are not defined.
func TestRecallLadder(t *testing.T) {
	c := countBuiltIn(t, "diary")
	l := RecallLadder(c)
	isNear(t, "the floor", *l.Floor, 2*math.Ln2/10.5, 1e-15)
	if *l.FirstOrder != *l.Floor || *l.Unigram != Unigram(c) || l.AllVotes != nil || l.GradedMask != nil || l.BestMask != nil {
		t.Errorf("%+v", l)
	}
	text, err := json.Marshal(l)
	if err != nil || !strings.Contains(string(text), `"all_votes":null,"graded_mask":null,"best_mask":null,"floor":0.13`) || !strings.HasPrefix(string(text), `{"unigram":2.45`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestGoldenSection finds the minimum of a parabola, and of functions that have
// it at an end.
func TestGoldenSection(t *testing.T) {
	for _, c := range []struct {
		name     string
		f        func(x float64) float64
		steps    int
		x, least float64
		within   float64 // of x; the least value is 1e-11 near
	}{
		{"a parabola", func(x float64) float64 { return (x-0.3)*(x-0.3) + 5 }, 40, 0.3, 5, 1e-7},
		{"a rising line", func(x float64) float64 { return x }, 60, -1, -1, 1e-11},
		{"a falling line", func(x float64) float64 { return -x }, 60, 2, -2, 1e-11},
		{"a constant", func(float64) float64 { return 3 }, 3, 0.5, 3, 1.5},
	} {
		x, least := GoldenSection(c.f, -1, 2, c.steps)
		isNear(t, c.name, least, c.least, 1e-11)
		isNear(t, c.name+", where", x, c.x, c.within)
	}
}
