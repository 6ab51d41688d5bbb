package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNearest has edit distances that are counted by hand: one for a letter
// changed, put in or left out, so two for letters that changed places.
func TestNearest(t *testing.T) {
	words := []string{"again", "candle", "diary", "out", "the", "train"}
	for _, c := range []struct {
		text  string
		words []string
		n     int
		want  string
	}{
		{"dairy", words, 3, "diary"},
		{"cadle", words, 3, "candle"},
		{"trian", words, 3, "train"},
		{"Train", words, 3, "train again"},                                     // none and 2
		{"TRAIN", []string{"train", "Train", "brain"}, 3, "Train train brain"}, // case is no change; equals in byte order
		{"grain", words, 3, "train again"},                                     // 1 letter and 2
		{"grain", words, 1, "train"},
		{"grain", words, 0, ""},
		{"zebra", words, 3, ""},
		{"", words, 3, ""},
		{"out", nil, 3, ""},
		{"ab", []string{"ac", "ad", "ae", "af"}, 3, "ac ad ae"},
		{"ab", []string{"af", "ae", "ad", "ac"}, 3, "ac ad ae"},
		{"abcd", []string{"abxy", "axyz"}, 3, "abxy"}, // half of four letters, but no more
		{"über", []string{"uber", "aber"}, 3, "aber uber"},
		{"世界", []string{"世間", "人間"}, 3, "世間"}, // letters are counted, not bytes
	} {
		got := Nearest(c.text, c.words, c.n)
		if strings.Join(got, " ") != c.want {
			t.Errorf("the %d nearest to %q of %q are %q, want %q", c.n, c.text, c.words, got, c.want)
		}
	}
}

// distance is the edit distance by its recursive definition.
func distance(a, b []rune) int {
	switch {
	case len(a) == 0:
		return len(b)
	case len(b) == 0:
		return len(a)
	}
	cost := 1
	if a[0] == b[0] {
		cost = 0
	}
	return min(distance(a[1:], b[1:])+cost, distance(a[1:], b)+1, distance(a, b[1:])+1)
}

func TestNearestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 1, 5, -1)
		text := word.Draw(t, "text")
		words := rapid.SliceOfNDistinct(word, 1, 6, rapid.ID).Draw(t, "words")
		n := rapid.IntRange(0, 4).Draw(t, "n")
		given := slices.Clone(words)

		length := func(s string) int { return len([]rune(s)) }
		far := func(w string) int { return distance([]rune(text), []rune(w)) }
		var want []string
		for _, w := range words {
			if 2*far(w) <= max(length(text), length(w)) {
				want = append(want, w)
			}
		}
		slices.Sort(want)
		slices.SortStableFunc(want, func(a, b string) int { return far(a) - far(b) })
		want = want[:min(n, len(want))]
		if got := Nearest(text, words, n); !slices.Equal(got, want) {
			t.Fatalf("the %d nearest to %q of %q are %q, want %q", n, text, words, got, want)
		}
		if !slices.Equal(words, given) {
			t.Fatalf("the words %q have become %q", given, words)
		}
	})
}
