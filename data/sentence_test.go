package data

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSentence(t *testing.T) {
	for _, c := range []struct {
		name, text       string
		boundary         bool
		context          int
		current, earlier string
		next, want       string
	}{
		{"the first word", "a b c", false, unbounded, "a", "", "b", "a"},
		{"the whole line but its last word", "a b c", false, unbounded, "b", "a", "c", "a b"},
		{"of several, the first of the text", "b a w x\na b w x", false, unbounded, "w", "a b", "x", "b a w"},
		{"the next word counts", "a w x\nb a w y\na w y", false, unbounded, "w", "a", "y", "a w"},
		{"a repeated word", "a b a b c", false, unbounded, "b", "a b", "c", "a b a b"},
		{"words before the window are shown as well", "a b c d e", false, 1, "d", "c", "e", "a b c d"},
		{"the boundary is left out", "a b c", true, unbounded, "b", "a", "c", "a b"},
		{"the last word before the boundary", "a b", true, unbounded, "b", "a", "<s>", "a b"},
		{"the boundary itself", "a b", true, unbounded, "<s>", "", "a", ""},
	} {
		counts, err := Count(loadText(t, c.text, Options{Boundary: c.boundary}), c.context)
		if err != nil {
			t.Fatal(err)
		}
		p := Position{Current: wordOf(t, counts, c.current), Earlier: wordsOfText(t, counts, c.earlier), Next: wordOf(t, counts, c.next)}
		slices.Sort(p.Earlier)
		if got, ok := counts.Sentence(p); !ok || textOf(counts, got) != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, textOf(counts, got), ok, c.want)
		}
	}
	c := countText(t, "a b c\na b d", unbounded)
	a, b, d := wordOf(t, c, "a"), wordOf(t, c, "b"), wordOf(t, c, "d")
	for _, p := range []Position{
		{Current: a, Next: d}, {Current: b, Next: d}, {Current: b, Earlier: []Word{b}, Next: d},
		{Current: b, Earlier: []Word{a, b}, Next: d}, {Current: d, Earlier: []Word{a, b}, Next: a},
	} {
		if got, ok := c.Sentence(p); ok || got != nil {
			t.Errorf("%+v is in %q", p, textOf(c, got))
		}
	}
}

// TestSentenceProperty: every position has a sentence, which stands at the
// beginning of a line, before the position's next word, and whose last word has
// the position's earlier words.
func TestSentenceProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		c := countText(t, text, rapid.SampledFrom([]int{1, 2, unbounded}).Draw(t, "context"))
		for _, p := range c.Positions() {
			words, ok := c.Sentence(p)
			earlier, current, _ := c.Earlier(words)
			begins := textOf(c, append(slices.Clone(words), p.Next)) + " "
			found := slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line+" ", begins) })
			if !ok || current != p.Current || !slices.Equal(earlier, p.Earlier) || !found {
				t.Fatalf("position %+v is found after %q, %v", p, textOf(c, words), ok)
			}
		}
	})
}
