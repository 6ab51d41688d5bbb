package train

import (
	"fmt"
	"math"
	"testing"

	"qk/graph"
)

// seeds returns the seeds 1 … n, fewer under the race detector.
func seeds(n int) []uint64 {
	if raceDetector {
		n = (n + 4) / 5
	}
	s := make([]uint64, n)
	for i := range s {
		s[i] = uint64(i + 1)
	}
	return s
}

// The corpora and what the best masks leave, in closed form: N is the number of
// positions, H(p) the entropy of one choice.
//
//	diary   2 sentences, N = 10 + 11: after "the" one of two, 2·ln2/21
//	coat    10 sentences, N = 40: after "my" 2, 3 or 5 in 10; no mask helps
//	candle  10 sentences, N = 4·6 + 6·5: after "the" 4 or 6 in 10
var golden = []struct {
	corpus string
	best   float64
	went   string // the mask of the row went, "" where all rows are empty
	row    string
}{
	{"diary", math.Ln2 / 10.5, "candle train", "went"},
	{"coat", -(2*math.Log(0.2) + 3*math.Log(0.3) + 5*math.Log(0.5)) / 40, "", ""},
	{"candle", -(4*math.Log(0.4) + 6*math.Log(0.6)) / 54, "candle train", "went"},
}

// TestGolden trains the built-in corpora from many first weights in every form
// of the model. Each time the counted masks must come out, in every row.
func TestGolden(t *testing.T) {
	forms := []struct {
		name   string
		seeds  int // on diary; the other corpora take fewer
		change func(*Config)
	}{
		{"default", 20, func(*Config) {}},
		{"rank 1", 20, ranked(1)},
		{"rank 4", 20, ranked(4)},
		{"rank 13", 20, ranked(13)},
		{"no null slot", 20, withoutNull},
		{"no null slot, rank 1", 20, func(c *Config) { c.Null, c.Rank = false, 1 }},
		{"one-hot", 1, func(c *Config) { c.OneHot = true }}, // draws nothing
		{"one-hot, no null slot", 1, func(c *Config) { c.OneHot, c.Null = true, false }},
		{"fused", 5, func(c *Config) { c.Graph = Fused }},
		{"fused, no null slot", 5, func(c *Config) { c.Graph, c.Null = Fused, false }},
		{"fused, one-hot", 1, func(c *Config) { c.Graph, c.OneHot = Fused, true }},
		{"scaled", 5, func(c *Config) { c.Scaled = true }},
	}
	for _, g := range golden {
		for _, form := range forms {
			n := form.seeds
			if g.corpus != "diary" {
				n = min(n, 5)
			}
			for _, seed := range seeds(n) {
				t.Run(fmt.Sprintf("%s/%s/%d", g.corpus, form.name, seed), func(t *testing.T) {
					t.Parallel()
					r := learn(t, predict(form.change, seeded(seed), func(c *Config) { c.Corpus = NameCorpus(g.corpus) }), "")
					wantVerdict(t, r.Outcome)
					if g.row != "" {
						wantRow(t, r.e, r.Outcome, g.row, Exact, g.went)
					}
					wantOthersEmpty(t, r.e, r.Outcome, g.row)
					wantNear(t, "loss", r.Loss, g.best, 0.0005)
					wantNear(t, "line of the best mask", *r.Ladder.BestMask, g.best, 1e-12)
				})
			}
		}
	}
}

// TestGoldenReferences holds the reference losses of diary against closed forms.
// First order: after "the" and after "went" one of two. All votes: nothing helps
// after "the", whose one earlier word is always there; after "went" the words
// that both sentences share vote ½ each, 8 of 9 of them, and the ninth votes 1.
func TestGoldenReferences(t *testing.T) {
	for _, null := range []bool{true, false} {
		e := count(t, predict(func(c *Config) { c.Null = null }), "")
		l, err := e.Ladder()
		must(t, err)
		wantNear(t, "first order", *l.FirstOrder, 2*math.Ln2/10.5, 1e-12)
		wantNear(t, "all votes", *l.AllVotes, (math.Ln2-math.Log(5.0/9))/10.5, 1e-12)
		wantNear(t, "best mask", *l.BestMask, diaryBest, 1e-12)
		wantNear(t, "floor", *l.Floor, diaryBest, 1e-8)
	}
}

// TestGoldenSummary counts diary by hand: 11 + 12 words, of which the last of
// each sentence has no next word.
func TestGoldenSummary(t *testing.T) {
	s := count(t, predict(), "").Summary()
	if s.Vocabulary != 13 || s.Sentences != 2 || s.Tokens != 23 || s.Unknown != 0 || s.Positions != 21 || s.Transitions != 14 || s.Pairs != 73 {
		t.Errorf("summary %+v", s)
	}
	// printf '…\n…\n' | sha256sum of the two sentences
	if want := sumOf([]byte(trainLine + "\n" + candleLine + "\n")); s.SHA256 != want {
		t.Errorf("SHA-256 %s, want %s", s.SHA256, want)
	}
}

// TestSameSeedSameBits runs an experiment twice: the same seed gives the same
// bits, another seed does not.
func TestSameSeedSameBits(t *testing.T) {
	for _, c := range []Config{predict(steps(50)), predict(steps(50), func(c *Config) { c.Graph = Fused }), recall(graph.CrossEntropy, steps(50))} {
		a, b := learn(t, c, ""), learn(t, c, "")
		other := learn(t, func() Config { c.Seed = 2; return c }(), "")
		if !sameBits(scores(t, a.loop), scores(t, b.loop)) || a.Loss != b.Loss {
			t.Errorf("%s: two runs of one seed differ", c.Task)
		}
		if sameBits(scores(t, a.loop), scores(t, other.loop)) {
			t.Errorf("%s: two seeds give the same scores", c.Task)
		}
	}
}

func sameBits(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}
