package data

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// showClasses writes out the classes of the row of a word.
func showClasses(c *Counts, w Word) string {
	var all []string
	for _, class := range classes(c.PositionsOf(w), c.Pairs[w]) {
		all = append(all, textOf(c, class))
	}
	return strings.Join(all, " | ")
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		name, text string
		context    int
		word, want string
	}{
		{"every word by itself", "a w x\nb w x", unbounded, "w", "a | b"},
		{"words that are always there", "a b w x\na b w y", unbounded, "w", "a b"},
		{"a word that comes alone once", "a b w x\na b w y\na w x", unbounded, "w", "a | b"},
		{"the order within the line does not matter", "a b w x\nb a w y", unbounded, "w", "a b"},
		{"two classes of two", "c a w x\nd b w y", unbounded, "w", "a c | b d"},
		{"the class of the first word comes first", "d a w x\nb c w y\nb c e w x", unbounded, "w", "a d | b c | e"},
		{"the window parts twins", "a b w x\nb w x", 1, "w", "b"},
		{"equal shares alone do not make twins", "a w x\na w y\nb w x\nb w y", unbounded, "w", "a | b"},
		{"the word itself", "w a w x", unbounded, "w", "a w"},
		{"a row without earlier words", "w x", unbounded, "w", ""},
		{"a row without a place", "w x", unbounded, "x", ""},
	} {
		counts := countText(t, c.text, c.context)
		if got := showClasses(counts, wordOf(t, counts, c.word)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestClassesProperty groups the words by the places of the text, line by line,
// before which they occur.
func TestClassesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		for w := range c.V() {
			current := c.Corpus.Vocab.Text(Word(w))
			if got, want := showClasses(c, Word(w)), strings.Join(classesOf(want, current), " | "); got != want {
				t.Fatalf("row %s has the classes %q, want %q", current, got, want)
			}
		}
	})
}

// classesOf returns the classes of a row by the plain tally, each as words with
// a space between them.
func classesOf(t *tally, w string) []string {
	places := t.placesOf(w)
	index := map[string]int{}
	var groups []string
	for _, u := range t.earlierOf(w) { // in byte order
		var signature strings.Builder
		for _, p := range places {
			fmt.Fprint(&signature, slices.Contains(p.earlier, u))
		}
		if i, ok := index[signature.String()]; ok {
			groups[i] += " " + u
			continue
		}
		index[signature.String()] = len(groups)
		groups = append(groups, u)
	}
	return groups
}
