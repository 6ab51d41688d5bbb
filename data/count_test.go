package data

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"qk/data/text"
)

// showPlaces writes out the positions as "earlier words, current > next ×N".
func showPlaces(c *Counts) string {
	var places []string
	for _, p := range c.Positions() {
		before := textOf(c, p.Earlier)
		if before != "" {
			before += " "
		}
		places = append(places, fmt.Sprintf("(%s)%s>%s×%d", strings.TrimSpace(before), c.Corpus.Vocab.Text(p.Current), c.Corpus.Vocab.Text(p.Next), p.N))
	}
	return strings.Join(places, " ")
}

// TestCountPositions has texts whose places can be listed by eye.
func TestCountPositions(t *testing.T) {
	for _, c := range []struct {
		name, text string
		boundary   bool
		context    int
		want       string
	}{
		{"a line", "a b c d", false, unbounded, "()a>b×1 (a)b>c×1 (a b)c>d×1"},
		{"context 1", "a b c d", false, 1, "()a>b×1 (a)b>c×1 (b)c>d×1"},
		{"context 2", "a b c d e", false, 2, "()a>b×1 (a)b>c×1 (a b)c>d×1 (b c)d>e×1"},
		{"the largest context there is", "a b c d", false, math.MaxInt, "()a>b×1 (a)b>c×1 (a b)c>d×1"},
		{"earlier words are distinct", "b a b a c d", false, unbounded, "(a b)a>c×1 (b)a>b×1 ()b>a×1 (a b)b>a×1 (a b)c>d×1"},
		{"the current word is an earlier one only if it occurred earlier", "a a a b", false, unbounded, "()a>a×1 (a)a>a×1 (a)a>b×1"},
		{"a window counts places, not different words", "d a a b c", false, 2, "(a d)a>b×1 (d)a>a×1 (a)b>c×1 ()d>a×1"},
		{"equal places of different lines are one", "a b c\nb a c\na b d\na b c", false, unbounded, "()a>b×3 (b)a>c×1 ()b>a×1 (a)b>c×2 (a)b>d×1"},
		{"lines of one word have no place", "a\nb\na b", false, unbounded, "()a>b×1"},
		{"nothing is carried from line to line", "a b\nc d", false, unbounded, "()a>b×1 ()c>d×1"},
		{"the boundary is a current and a next word, never an earlier one", "a b", true, unbounded, "()<s>>a×1 ()a>b×1 (a)b><s>×1"},
		{"a line of one word has two places with the boundary", "a\na", true, unbounded, "()<s>>a×2 ()a><s>×2"},
		{"the boundary has its place in the window", "a b c", true, 2, "()<s>>a×1 ()a>b×1 (a)b>c×1 (a b)c><s>×1"},
	} {
		counts, err := Count(loadText(t, c.text, Options{Boundary: c.boundary}), c.context)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := showPlaces(counts); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		checkCounts(t, counts)
	}
}

// TestCountTable has the counts of candle, which can be had by hand: four lines
// with candle, six with train.
func TestCountTable(t *testing.T) {
	c := countBuiltIn(t, "candle")
	for _, want := range []struct {
		u, w, y string
		n, of   uint64
	}{
		{"", "the", "candle", 4, 10}, {"", "the", "train", 6, 10}, {"", "went", "out", 4, 10}, {"", "went", "yet", 6, 10},
		{"", "out", "yet", 4, 4}, {"", "train", "went", 6, 6}, {"", "see", "whether", 10, 10}, {"", "see", "the", 0, 10}, {"", "yet", "see", 0, 0},
		{"candle", "went", "out", 4, 4}, {"candle", "went", "yet", 0, 4}, {"train", "went", "yet", 6, 6}, {"the", "went", "out", 4, 10},
		{"see", "the", "train", 6, 10}, {"went", "out", "yet", 4, 4},
	} {
		row := c.Transitions[wordOf(t, c, want.w)]
		if want.u != "" {
			var ok bool
			if row, ok = c.Pair(wordOf(t, c, want.w), wordOf(t, c, want.u)); !ok {
				t.Errorf("%s is not seen before %s", want.u, want.w)
			}
		}
		if got := row.Count(wordOf(t, c, want.y)); got != want.n || row.Total != want.of {
			t.Errorf("(%s) %s > %s is counted %d times in %d, want %d in %d", want.u, want.w, want.y, got, row.Total, want.n, want.of)
		}
		share := 0.0
		if want.of > 0 {
			share = float64(want.n) / float64(want.of)
		}
		if got := row.P(wordOf(t, c, want.y)); got != share {
			t.Errorf("P of (%s) %s > %s is %v, want %v", want.u, want.w, want.y, got, share)
		}
	}
	for _, never := range [][2]string{{"the", "candle"}, {"went", "went"}, {"see", "see"}, {"yet", "see"}} {
		if row, ok := c.Pair(wordOf(t, c, never[0]), wordOf(t, c, never[1])); ok || row.Total != 0 || row.Cells != nil {
			t.Errorf("%s before %s is counted as %+v", never[1], never[0], row)
		}
	}
	if got := showPlaces(&Counts{Corpus: c.Corpus, positions: c.PositionsOf(wordOf(t, c, "went"))}); got !=
		"(candle see the whether)went>out×4 (see the train whether)went>yet×6" {
		t.Errorf("the positions of went are %s", got)
	}
	if got := c.PositionsOf(wordOf(t, c, "yet")); len(got) != 0 {
		t.Errorf("the positions of yet are %v", got)
	}
}

func TestCountErrors(t *testing.T) {
	corpus := loadText(t, "a b", Options{})
	for _, context := range []int{0, -1, math.MinInt} {
		_, err := Count(corpus, context)
		if want := fmt.Sprintf("--context %d: an earlier word needs a context of at least 1", context); err == nil || err.Error() != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	const nothing = "no line has two words, so there is no transition to count: give a text with sentences, one a line, or mark the ends of the lines with --boundary"
	for name, called := range map[string]string{"a.txt": "a.txt", "-": "standard input"} {
		corpus, err := Load(text.FromText(name, "a\nb\na\n"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Count(corpus, 1); !errors.Is(err, ErrNoTransitions) || err.Error() != "corpus "+called+": "+nothing {
			t.Errorf("got %v", err)
		}
	}
}

// TestRowOfNothing: an empty row has no share in anything.
func TestRowOfNothing(t *testing.T) {
	if got := (Row{}).P(0); got != 0 {
		t.Errorf("P is %v", got)
	}
	if got := (Row{}).Count(0); got != 0 {
		t.Errorf("the count is %v", got)
	}
}
