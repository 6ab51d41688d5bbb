package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// one gives every word the same vote.
func one(Word) float64 { return 1 }

// among gives a vote to some words only.
func among(words []Word) func(Word) float64 {
	return func(u Word) float64 {
		if slices.Contains(words, u) {
			return 1
		}
		return 0
	}
}

// showVotes writes out votes as "word sum (share)".
func showVotes(c *Counts, votes []Vote) string {
	var all []string
	for _, v := range votes {
		all = append(all, fmt.Sprintf("%s %.9g (%.6g)", c.Corpus.Vocab.Text(v.Word), v.Sum, v.Share))
	}
	return strings.Join(all, ", ")
}

// TestVotesOfDiary has the votes for the word after "… it went". All the words
// but candle and train came before both sentences' went, and have half a vote
// for either, or one in the shares 40 to 60; the figures 4 to 5, and 4.2 to 4.8,
// were computed independently with numpy, float64, and can be had by hand:
// train has 8 other words beside it (open, the, diary, and, look, up, when, it),
// so 8/2 for out, and 8/2 + 1 for again.
func TestVotesOfDiary(t *testing.T) {
	const train, candle = "open the train diary and look up when it went", "open the candle diary and look up when it went"
	even, uneven := countBuiltIn(t, "diary"), countText(t, diary4060(), unbounded)
	for _, want := range []struct {
		name   string
		c      *Counts
		text   string
		masked bool
		null   float64
		votes  string
	}{
		{"train", even, train, false, 0, "again 5 (0.555556), out 4 (0.444444)"},
		{"candle", even, candle, false, 0, "out 5 (0.555556), again 4 (0.444444)"},
		{"train, masked", even, train, true, 0, "again 1 (1)"},
		{"candle, masked", even, candle, true, 0, "out 1 (1)"},
		{"train, with the null slot", even, train, false, 1, "again 5.5 (0.55), out 4.5 (0.45)"},
		{"train, masked, with the null slot", even, train, true, 1, "again 1.5 (0.75), out 0.5 (0.25)"},
		{"train, masked, with half a null slot", even, train, true, 0.5, "again 1.25 (0.833333), out 0.25 (0.166667)"},
		{"train, 40/60", uneven, train, false, 0, "again 5.8 (0.644444), out 3.2 (0.355556)"},
		{"candle, 40/60: the wrong word", uneven, candle, false, 0, "again 4.8 (0.533333), out 4.2 (0.466667)"},
		{"train, 40/60, masked", uneven, train, true, 0, "again 1 (1)"},
		{"candle, 40/60, masked", uneven, candle, true, 0, "out 1 (1)"},
	} {
		earlier, w, ok := want.c.Earlier(wordsOfText(t, want.c, want.text))
		if !ok || want.c.Corpus.Vocab.Text(w) != "went" || len(earlier) != 9 {
			t.Fatalf("before %v of %q come %q, %v", w, want.text, textOf(want.c, earlier), ok)
		}
		weight := one
		if want.masked {
			weight = among(NewMasks(want.c).Rows[w].Support())
		}
		votes, silent := want.c.Votes(w, earlier, weight, want.null)
		if got := showVotes(want.c, votes); got != want.votes || len(silent) != 0 {
			t.Errorf("%s: %s, silent %q; want %s", want.name, got, textOf(want.c, silent), want.votes)
		}
	}
}

func TestVotes(t *testing.T) {
	c := countText(t, "a w x\nb w y\nb w y\nc v", unbounded)
	weights := map[string]float64{"a": 3, "b": 0.5}
	weight := func(u Word) float64 { return weights[c.Corpus.Vocab.Text(u)] }
	for _, want := range []struct {
		name, w, earlier string
		weight           func(Word) float64
		null             float64
		votes, silent    string
	}{
		{"nobody", "w", "", one, 0, "y 0.666666667 (0.666667), x 0.333333333 (0.333333)", ""},
		{"nobody but the null slot", "w", "", one, 3, "y 2 (0.666667), x 1 (0.333333)", ""},
		{"an empty mask", "w", "a b", func(Word) float64 { return 0 }, 0, "y 0.666666667 (0.666667), x 0.333333333 (0.333333)", ""},
		{"equal shares in the order of the words", "w", "b a", one, 0, "x 1 (0.5), y 1 (0.5)", ""},
		{"weights", "w", "a b", weight, 0, "x 3 (0.857143), y 0.5 (0.142857)", ""},
		{"weights and the null slot", "w", "a b", weight, 1.5, "x 3.5 (0.7), y 1.5 (0.3)", ""},
		{"a silent word", "w", "a c", one, 0, "x 1 (1)", "c"},
		{"silent words only", "w", "c v", one, 0, "y 0.666666667 (0.666667), x 0.333333333 (0.333333)", "c v"},
		{"the word itself, that never came before itself", "w", "w", one, 0, "y 0.666666667 (0.666667), x 0.333333333 (0.333333)", "w"},
		{"a silent word with a weight does not count", "w", "a c", one, 1, "x 1.33333333 (0.666667), y 0.666666667 (0.333333)", "c"},
		{"nothing ever follows", "x", "a w", one, 0, "", "a w"},
		{"nothing ever follows, with the null slot", "x", "", one, 1, "", ""},
	} {
		votes, silent := c.Votes(wordOf(t, c, want.w), wordsOfText(t, c, want.earlier), want.weight, want.null)
		if got := showVotes(c, votes); got != want.votes || textOf(c, silent) != want.silent {
			t.Errorf("%s: %q, silent %q;\nwant %q, %q", want.name, got, textOf(c, silent), want.votes, want.silent)
		}
	}
}

// TestVotesProperties: for every place of the text, the share of every word is
// the probability by the plain tally, and the shares add up to one.
func TestVotesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		null := rapid.SampledFrom([]float64{0, 1, 2.5}).Draw(t, "null")
		weights := make([]float64, c.V())
		for u := range weights {
			weights[u] = rapid.SampledFrom([]float64{0, 1, 0.25, 4}).Draw(t, "weight")
		}
		weight := func(_, u string) float64 {
			w, _ := c.Corpus.Vocab.Lookup(u)
			return weights[w]
		}
		for _, p := range c.Positions() {
			votes, silent := c.Votes(p.Current, p.Earlier, func(u Word) float64 { return weights[u] }, null)
			if len(silent) != 0 {
				t.Fatalf("%v are silent where they were seen", silent)
			}
			var shares float64
			for i, v := range votes {
				shares += v.Share
				at := place{c.Corpus.Vocab.Text(p.Current), c.Corpus.Vocab.Text(v.Word), c.Corpus.Vocab.Texts(p.Earlier)}
				isNear(t, "a share", v.Share, want.predict(at, weight, null), 1e-13)
				if v.Sum <= 0 || i > 0 && (votes[i-1].Share < v.Share || votes[i-1].Share == v.Share && votes[i-1].Word >= v.Word) {
					t.Fatalf("votes %+v", votes)
				}
			}
			if math.Abs(shares-1) > 1e-13 {
				t.Fatalf("the shares add up to %g", shares)
			}
		}
	})
}

func TestEarlier(t *testing.T) {
	text := "b a b a c d"
	for _, want := range []struct {
		context          int
		text             string
		earlier, current string
	}{
		{unbounded, "b a b a c d", "a b c", "d"},
		{unbounded, "b a b a", "a b", "a"},
		{1, "b a b a c d", "c", "d"},
		{2, "b a b a c d", "a c", "d"},
		{4, "b a b a c d", "a b c", "d"},
		{math.MaxInt, "b", "", "b"},
		{1, "d d", "d", "d"}, // a text that the corpus does not have
	} {
		c := countText(t, text, want.context)
		earlier, current, ok := c.Earlier(wordsOfText(t, c, want.text))
		if !ok || textOf(c, earlier) != want.earlier || c.Corpus.Vocab.Text(current) != want.current {
			t.Errorf("context %d: before %v of %q come %q, %v", want.context, current, want.text, textOf(c, earlier), ok)
		}
	}
	c := countText(t, text, 3)
	if earlier, _, ok := c.Earlier(nil); ok || earlier != nil {
		t.Errorf("an empty text gives %v, %v", earlier, ok)
	}
	// The boundary may be the last word, and is never an earlier one.
	c, err := Count(loadText(t, text, Options{Boundary: true}), unbounded)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"<s>": " > <s>", "<s> a": " > a", "<s> b a <s>": "a b > <s>"} {
		earlier, current, ok := c.Earlier(wordsOfText(t, c, text))
		if got := textOf(c, earlier) + " > " + c.Corpus.Vocab.Text(current); got != want || !ok {
			t.Errorf("%q gives %q, %v; want %q", text, got, ok, want)
		}
	}
}
