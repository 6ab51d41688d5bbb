package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/text"
)

// sides tells for every sentence of a text, as its words, which part it is in.
func sides(c *Corpus) map[string]Part {
	m := map[string]Part{}
	for p, list := range [][]Sentence{c.Sentences, c.Tuning, c.HeldOut} {
		for _, s := range list {
			m[strings.Join(c.Vocab.Texts(s.Words), " ")] = Part(p)
		}
	}
	return m
}

// numbered is a text of so many different sentences from a vocabulary of its own
// size, so that every word is in the training part.
func numbered(sentences int) string {
	var b strings.Builder
	for i := range sentences {
		fmt.Fprintf(&b, "a%d b%d c%d\n", i%7, i/7%7, i/49)
	}
	return b.String()
}

// TestPartsAreStable: a sentence stays on its side when the text grows, changes
// its order, or repeats lines; what a share holds out a larger one does too.
func TestPartsAreStable(t *testing.T) {
	all := strings.Split(strings.TrimSpace(numbered(400)), "\n")
	small := sides(loadText(t, strings.Join(all[:200], "\n"), Options{HoldOut: 0.2}))
	slices.Reverse(all)
	large := sides(loadText(t, strings.Join(append(all, all...), "\n"), Options{HoldOut: 0.2}))
	larger := sides(loadText(t, strings.Join(all, "\n"), Options{HoldOut: 0.4}))
	checked := 0
	for s, part := range small {
		if strings.Contains(s, Unknown) {
			continue // a word that is in no training sentence of the small text
		}
		checked++
		if got, ok := large[s]; ok && got != part {
			t.Errorf("%q moves from %s to %s", s, part, got)
		}
		if got, ok := larger[s]; part == HeldOut && ok && got != HeldOut {
			t.Errorf("%q is %s when more is held out", s, got)
		}
	}
	if checked < 150 {
		t.Errorf("%d sentences checked", checked)
	}
}

// TestPartShares holds the sizes of the parts against the shares: of 2,000
// sentences within four standard deviations of a binomial.
func TestPartShares(t *testing.T) {
	for _, share := range []float64{0.01, 0.1, 0.5, 0.9} {
		n := [parts]int{}
		for i := range 2000 {
			n[partOf(fmt.Appendf(nil, "word%d\x00", i), share)]++
		}
		want := [parts]float64{HeldOut: share, Tuning: share * (1 - share) / 2}
		want[Training] = 1 - want[HeldOut] - want[Tuning]
		for p, x := range want {
			if d := math.Abs(float64(n[p]) - 2000*x); d > 4*math.Sqrt(2000*x*(1-x)) {
				t.Errorf("share %g: %d %s sentences of 2000, want about %.0f", share, n[p], Part(p), 2000*x)
			}
		}
	}
	if partOf([]byte("x"), 0) != Training {
		t.Error("a sentence is set aside without a share")
	}
}

// TestPartsWholeText: every line is in one part, equal lines in the same, and the
// vocabulary is that of the training part and <unk>.
func TestPartsWholeText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(30, 60).Draw(t, "lines") {
			lines = append(lines, strings.Join(rapid.SliceOfN(rapid.SampledFrom(strings.Split("abcdefghij", "")), 2, 5).Draw(t, "words"), " "))
		}
		src := text.FromText("test", strings.Join(lines, "\n"))
		c, err := Load(src, Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, HoldOut: 0.3})
		if err != nil {
			t.Skip(err) // a part is empty
		}
		if n := c.LinesIn(Training) + c.LinesIn(Tuning) + c.LinesIn(HeldOut); n != uint64(len(lines)) {
			t.Errorf("%d lines in the parts, %d in the text", n, len(lines))
		}
		seen := map[string]bool{Unknown: true}
		var tokens, longest uint64
		for _, s := range c.Sentences {
			for _, w := range s.Words {
				seen[c.Vocab.Text(w)] = true
			}
			tokens += s.N * uint64(len(s.Words))
			longest = max(longest, s.N)
		}
		if len(seen) != c.Vocab.Len() || tokens != c.Tokens {
			t.Errorf("%d words and %d tokens of training, the corpus says %d and %d", len(seen), tokens, c.Vocab.Len(), c.Tokens)
		}
	})
}

// TestEmptyParts: a text too short to be parted is an error that says which part is
// empty and what to do.
func TestEmptyParts(t *testing.T) {
	for _, c := range []struct {
		text  string
		share float64
		says  string
	}{
		{"a b\na b\na b", 0.1, "the text has only 1 different one:"},
		{"a a a a\na a a a", 0.5, "no "},
		{numbered(3), 0.001, "or a larger share"},
		{numbered(40), 0.999, "or a smaller share"},
		{"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np", 0.4, "sentence with two words"},
	} {
		_, err := Load(text.FromText("test", c.text), Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, HoldOut: c.share})
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "--holdout") || !strings.Contains(err.Error(), "corpus test") {
			t.Errorf("%q at %g: %v, want %q", c.text, c.share, err, c.says)
		}
	}
}
