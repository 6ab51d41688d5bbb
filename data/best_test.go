package data

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rowLoss returns Σ −ln p over the places of w with a binary mask, by the plain
// tally: p is the mean of P(y|u,w) over the masked earlier words, and P(y|w)
// where none is there.
func rowLoss(t *tally, w string, mask []string) float64 {
	var loss float64
	for _, p := range t.placesOf(w) {
		loss -= math.Log(t.predict(p, func(_, u string) float64 {
			if slices.Contains(mask, u) {
				return 1
			}
			return 0
		}, 0))
	}
	return loss
}

// bruteForce tries all 2^n masks of the n words before w. It returns the least
// loss, and every set of classes that a mask of that loss takes words from, as
// bit masks in ascending order.
func bruteForce(t *tally, w string) (least float64, ties []uint32) {
	words, groups := t.earlierOf(w), classesOf(t, w)
	losses := make([]float64, 1<<len(words))
	sets := make([]uint32, 1<<len(words))
	least = math.Inf(1)
	for m := range losses {
		var mask []string
		for i, u := range words {
			if m&(1<<i) != 0 {
				mask = append(mask, u)
				sets[m] |= 1 << slices.IndexFunc(groups, func(g string) bool { return slices.Contains(strings.Fields(g), u) })
			}
		}
		losses[m] = rowLoss(t, w, mask)
		least = min(least, losses[m])
	}
	for m, loss := range losses {
		if loss <= least+1e-11 {
			ties = append(ties, sets[m])
		}
	}
	slices.Sort(ties)
	return least, slices.Compact(ties)
}

// preferred returns the set with the fewest classes; of several, the one whose
// list of classes comes first.
func preferred(ties []uint32) uint32 {
	list := func(set uint32) []int {
		var classes []int
		for i := range 32 {
			if set&(1<<i) != 0 {
				classes = append(classes, i)
			}
		}
		return classes
	}
	return slices.MinFunc(ties, func(a, b uint32) int {
		if d := bits.OnesCount32(a) - bits.OnesCount32(b); d != 0 {
			return d
		}
		return slices.Compare(list(a), list(b))
	})
}

// checkBest compares the best mask of every row with the brute force.
func checkBest(t tb, c *Counts, want *tally) {
	t.Helper()
	for w, row := range NewMasks(c).Rows {
		current := c.Corpus.Vocab.Text(Word(w))
		if row.Best == nil {
			t.Fatalf("row %s has no best mask, with %d words", current, len(row.Candidates))
		}
		least, ties := bruteForce(want, current)
		isNear(t, "the loss of row "+current, row.Best.Loss, least, 1e-11)
		if !slices.Equal(row.Best.Ties, ties) {
			t.Fatalf("row %s has the ties %b, want %b", current, row.Best.Ties, ties)
		}
		var mask []string
		for i, group := range classesOf(want, current) {
			if preferred(ties)&(1<<i) != 0 {
				mask = append(mask, strings.Fields(group)...)
			}
		}
		slices.Sort(mask)
		if got := textOf(c, row.Best.Mask); got != strings.Join(mask, " ") {
			t.Fatalf("row %s has the mask %q, want %q", current, got, mask)
		}
	}
}

func TestBestMaskProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		checkBest(t, c, want)
	})
}

// TestBestMaskTwins: words that always occur together, often in a row, with
// other words beside them.
func TestBestMaskTwins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		groups := []string{"a b", "c", "d e", "f"}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			some := rapid.SliceOfDistinct(rapid.SampledFrom(groups), rapid.ID).Draw(t, "earlier")
			next := rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "next")
			text.WriteString(times(rapid.IntRange(1, 3).Draw(t, "times"), strings.Join(append(some, "w", next), " ")))
		}
		checkBest(t, countText(t, text.String(), unbounded), newTally(text.String(), unbounded))
	})
}

// TestBestMaskTies has rows whose ties can be told by eye.
func TestBestMaskTies(t *testing.T) {
	for _, c := range []struct {
		name, text string
		loss       float64
		mask       string
		ties       []uint32
	}{
		{"nothing helps: every mask, the empty one first", "a b w x\nb a w y", 2 * math.Ln2, "", []uint32{0, 1}},
		{"a sure word and a doubtful one", "a b w x\nb c w x\nc w y", math.Log(8. / 3), "b c", []uint32{6, 7}}, // p = 1, ¾, ½
		{"either of two marks", "a w x\nb w y", 0, "a b", []uint32{3}},
		{"certain without any", "a w x\nb w x", 0, "", []uint32{0, 1, 2, 3}},
		{"no earlier word", "w x\nw x\nw y", 3*math.Log(3) - 2*math.Ln2, "", []uint32{0}},
		{"a twin counts as its class", "a b w x\nc w y", 0, "a b c", []uint32{3}},
	} {
		counts := countText(t, c.text, unbounded)
		best := NewMasks(counts).Rows[wordOf(t, counts, "w")].Best
		isNear(t, c.name, best.Loss, c.loss, 1e-15)
		if got := textOf(counts, best.Mask); got != c.mask || !slices.Equal(best.Ties, c.ties) {
			t.Errorf("%s: mask %q, ties %b; want %q, %b", c.name, got, best.Ties, c.mask, c.ties)
		}
		checkBest(t, counts, newTally(c.text, unbounded))
	}
}

// TestBestMaskOrderOfTies: of masks with equally many classes, the one with the
// first classes is chosen. In the lines that go on with x, any two of a, b and c
// reach every line, and one alone leaves a line to P(x|w) = ¾; d is for y. So
// three masks of three words are right everywhere.
func TestBestMaskOrderOfTies(t *testing.T) {
	counts := countText(t, "a b w x\na c w x\nb c w x\nd w y", unbounded)
	row := NewMasks(counts).Rows[wordOf(t, counts, "w")]
	if got := textOf(counts, row.Best.Mask); got != "a b d" || !slices.Equal(row.Best.Ties, []uint32{0b1011, 0b1101, 0b1110, 0b1111}) {
		t.Errorf("mask %q, ties %b", got, row.Best.Ties)
	}
}

// TestBestMaskLimit: sixteen words are searched, seventeen are not.
func TestBestMaskLimit(t *testing.T) {
	for n := MaxExhaustive - 1; n <= MaxExhaustive+1; n++ {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "u%02d w %c\n", i, "xy"[i%2])
		}
		c := countText(t, text.String(), unbounded)
		masks := NewMasks(c)
		row := masks.Rows[wordOf(t, c, "w")]
		loss, ok := masks.BestLoss(c)
		if n > MaxExhaustive {
			if row.Best != nil || ok || !math.IsNaN(loss) {
				t.Errorf("with %d words there is a best mask, %+v; loss %g, %v", n, row.Best, loss, ok)
			}
			if l := PredictLadder(c, masks, true); l.BestMask != nil || l.Floor == nil {
				t.Errorf("with %d words the ladder is %+v", n, l)
			}
			continue
		}
		// Every word tells the next one for certain, so all are wanted.
		if row.Best == nil || len(row.Best.Mask) != n || row.Best.Loss != 0 || len(row.Best.Ties) != 1 || !ok {
			t.Fatalf("with %d words the best mask is %+v", n, row.Best)
		}
		isNear(t, "the loss, of the first words only", loss, 0, 1e-15)
	}
}
