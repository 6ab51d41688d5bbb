package data

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// place is one place of a text at which a next word is to be predicted, in
// words rather than numbers. No two places are merged.
type place struct {
	current, next string
	earlier       []string // distinct, in no order that matters
}

// tally counts a text once more, in the plainest way: line by line, place by
// place, in maps of words. It shares no code with the package.
type tally struct {
	places []place
	c1     map[[2]string]int // w, y
	row    map[string]int    // w
	c2     map[[3]string]int // u, w, y
	pair   map[[2]string]int // u, w
}

// newTally tallies the lines of a text whose words are between white space.
func newTally(text string, context int) *tally {
	t := &tally{c1: map[[2]string]int{}, row: map[string]int{}, c2: map[[3]string]int{}, pair: map[[2]string]int{}}
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		for i := 0; i < len(words)-1; i++ {
			p := place{current: words[i], next: words[i+1]}
			for back := 1; back <= context && i-back >= 0; back++ {
				if u := words[i-back]; !slices.Contains(p.earlier, u) {
					p.earlier = append(p.earlier, u)
				}
			}
			t.places = append(t.places, p)
			t.c1[[2]string{p.current, p.next}]++
			t.row[p.current]++
			for _, u := range p.earlier {
				t.c2[[3]string{u, p.current, p.next}]++
				t.pair[[2]string{u, p.current}]++
			}
		}
	}
	return t
}

// p1 returns P(y|w) and p2 P(y|u,w).
func (t *tally) p1(w, y string) float64 {
	return float64(t.c1[[2]string{w, y}]) / float64(t.row[w])
}

func (t *tally) p2(u, w, y string) float64 {
	return float64(t.c2[[3]string{u, w, y}]) / float64(t.pair[[2]string{u, w}])
}

// predict returns the probability of the next word of a place with the weights
// given to the earlier words and to P(y|w), which stands in when all are zero.
func (t *tally) predict(p place, weight func(w, u string) float64, null float64) float64 {
	sum, total := null*t.p1(p.current, p.next), null
	for _, u := range p.earlier {
		g := weight(p.current, u)
		sum += g * t.p2(u, p.current, p.next)
		total += g
	}
	if total == 0 {
		return t.p1(p.current, p.next)
	}
	return sum / total
}

// loss returns the mean of −ln p over all places.
func (t *tally) loss(weight func(w, u string) float64, null float64) float64 {
	var sum float64
	for _, p := range t.places {
		sum -= math.Log(t.predict(p, weight, null))
	}
	return sum / float64(len(t.places))
}

// words returns the words that were seen before w, in byte order.
func (t *tally) earlierOf(w string) []string {
	var words []string
	for key := range t.pair {
		if key[1] == w {
			words = append(words, key[0])
		}
	}
	slices.Sort(words)
	return words
}

// placesOf returns the places whose current word is w.
func (t *tally) placesOf(w string) []place {
	var places []place
	for _, p := range t.places {
		if p.current == w {
			places = append(places, p)
		}
	}
	return places
}

// TestTally checks the tally itself on a text that can be counted by eye.
func TestTally(t *testing.T) {
	got := newTally("a b a c\na b\nc\n", 2)
	// Places: a→b (nothing before), b→a (a before), a→c (a, b before), a→b.
	if len(got.places) != 4 || got.c1[[2]string{"a", "b"}] != 2 || got.row["a"] != 3 || got.pair[[2]string{"a", "a"}] != 1 ||
		got.c2[[3]string{"b", "a", "c"}] != 1 || len(got.c2) != 3 {
		t.Errorf("tally is %+v", got)
	}
	if got := newTally("a b a c", 1).earlierOf("a"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("with a context of 1, %q come before a; want b", got)
	}
}
