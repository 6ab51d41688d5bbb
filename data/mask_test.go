package data

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestMaskRow has the row of candle that matters. Counted by hand: went comes
// ten times, four times after candle (then out) and six times after train (then
// yet). The divergence of candle is ln(1/0.4), that of train ln(1/0.6); with
// one degree of freedom, p = erfc √(G/2), where G = 20 times the entropy of
// (0.4, 0.6).
func TestMaskRow(t *testing.T) {
	c := countBuiltIn(t, "candle")
	went := wordOf(t, c, "went")
	row := NewMasks(c).Rows[went]
	if row.Word != went || row.N != 10 || len(row.Candidates) != 5 || len(row.Classes) != 3 {
		t.Fatalf("row %+v", row)
	}
	half := 4*math.Log(2.5) + 6*math.Log(5./3) // G/2
	for _, want := range []struct {
		text       string
		n          uint64
		class      int
		informs    bool
		divergence float64
		p          float64
	}{
		{"candle", 4, 0, true, math.Log(2.5), math.Erfc(math.Sqrt(half))},
		{"see", 10, 1, false, 0, 1},
		{"the", 10, 1, false, 0, 1},
		{"train", 6, 2, true, math.Log(5. / 3), math.Erfc(math.Sqrt(half))},
		{"whether", 10, 1, false, 0, 1},
	} {
		got, ok := row.Candidate(wordOf(t, c, want.text))
		if !ok || got.Word != wordOf(t, c, want.text) || got.N != want.n || got.Class != want.class || got.Informs != want.informs {
			t.Errorf("%s: %+v, %v; want %+v", want.text, got, ok, want)
		}
		isNear(t, "the divergence of "+want.text, got.Divergence, want.divergence, 1e-14)
		g := 2 * half
		if !want.informs {
			g = 0
		}
		isNear(t, "G of "+want.text, got.G, g, 1e-13)
		if got.Degrees != 1 || math.Abs(got.P-want.p) > 1e-10*want.p {
			t.Errorf("p of %s is %g with %d degrees of freedom, want %g with 1", want.text, got.P, got.Degrees, want.p)
		}
	}
	for _, text := range []string{"went", "out", "yet"} {
		if got, ok := row.Candidate(wordOf(t, c, text)); ok || got != (Candidate{}) {
			t.Errorf("%s is a candidate: %+v", text, got)
		}
	}
	if got := textOf(c, row.Support()); got != "candle train" {
		t.Errorf("the support is %q", got)
	}
}

// TestSignificant: at every level the words are those of the support whose p is
// at most that.
func TestSignificant(t *testing.T) {
	c := countText(t, times(9, trainEngineLine)+trainLine+"\n"+candleEngineLine+"\n"+times(9, candleLine), unbounded)
	row := NewMasks(c).Rows[wordOf(t, c, "went")]
	// With G as in the tests of GTest: candle and train part 10 and 10, so
	// p = erfc √(20 ln 2), 1.4e-7; engine parts 9+1 and 1+9, and p is 1.2e-4.
	for _, want := range []struct {
		level float64
		words string
	}{
		{1, "candle engine train"}, {0.05, "candle engine train"}, {1.3e-4, "candle engine train"}, {1.2e-4, "candle train"},
		{1e-6, "candle train"}, {1e-7, ""}, {0, ""},
	} {
		if got := textOf(c, row.Significant(want.level)); got != want.words {
			t.Errorf("at %g significant are %q, want %q", want.level, got, want.words)
		}
	}
	engine, _ := row.Candidate(wordOf(t, c, "engine"))
	isNear(t, "p of engine", engine.P, 0.00012454651922203343, 1e-12)
	train, _ := row.Candidate(wordOf(t, c, "train"))
	isNear(t, "p of train, in units of 1e-7", 1e7*train.P, 1e7*math.Erfc(math.Sqrt(20*math.Ln2)), 1e-9)
}

func TestClassSet(t *testing.T) {
	c := countText(t, trainEngineLine+"\n"+candleLine, unbounded)
	row := NewMasks(c).Rows[wordOf(t, c, "went")] // classes: what is always there, candle, engine and train
	for _, want := range []struct{ words, set string }{
		{"", "[]"}, {"train", "[2]"}, {"engine", "[2]"}, {"train engine", "[2]"}, {"train candle", "[1 2]"}, {"engine the look", "[0 2]"},
		{"candle when train and", "[0 1 2]"}, {"went again", "[]"}, {"again candle", "[1]"},
	} {
		if got := fmt.Sprint(row.ClassSet(wordsOfText(t, c, want.words))); got != want.set {
			t.Errorf("%q: classes %s, want %s", want.words, got, want.set)
		}
	}
}

// TestMasksProperties: the candidates are the pairs, with the figures of the
// functions that are tested on their own, and the classes divide them up.
func TestMasksProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		masks := NewMasks(c)
		if len(masks.Rows) != c.V() {
			t.Fatalf("%d rows for %d words", len(masks.Rows), c.V())
		}
		var sum float64
		for w, row := range masks.Rows {
			current := c.Corpus.Vocab.Text(Word(w))
			if row.Word != Word(w) || row.N != uint64(want.row[current]) {
				t.Fatalf("row %s is that of %d, with N = %d", current, row.Word, row.N)
			}
			var words []string
			for i, cand := range row.Candidates {
				text := c.Corpus.Vocab.Text(cand.Word)
				words = append(words, text)
				pair, all := c.Pairs[w][i].Next, c.Transitions[w]
				g, degrees, p := GTest(pair, all)
				if cand.N != uint64(want.pair[[2]string{text, current}]) || cand.Informs != Informs(pair, all) || cand.Divergence != Divergence(pair, all) || cand.G != g || cand.Degrees != degrees || cand.P != p {
					t.Fatalf("row %s has %s as %+v", current, text, cand)
				}
				if !slices.Contains(row.Classes[cand.Class], cand.Word) || cand.Informs != slices.Contains(row.Support(), cand.Word) {
					t.Fatalf("row %s has %s as %+v, the classes %v, the support %v", current, text, cand, row.Classes, row.Support())
				}
			}
			if !slices.Equal(words, want.earlierOf(current)) {
				t.Fatalf("row %s has the candidates %q, want %q", current, words, want.earlierOf(current))
			}
			members := slices.Concat(row.Classes...)
			if slices.Sort(members); len(members) != len(words) || len(slices.Compact(members)) != len(words) {
				t.Fatalf("row %s has %d candidates and the classes %v", current, len(words), row.Classes)
			}
			// Words of a class have everything in common but their number.
			for _, class := range row.Classes {
				first, _ := row.Candidate(class[0])
				for _, u := range class {
					twin, ok := row.Candidate(u)
					if twin.Word = first.Word; !ok || twin != first {
						t.Fatalf("row %s: %+v and %+v are of one class", current, first, twin)
					}
				}
			}
			sum += row.Best.Loss
		}
		got, ok := masks.BestLoss(c)
		isNear(t, "the loss of the best masks", got, sum/float64(c.Total), 1e-14)
		if !ok || got > FirstOrder(c)+1e-12 {
			t.Fatalf("the best masks have %g, first order has %g", got, FirstOrder(c))
		}
		if again := NewMasks(c); !reflect.DeepEqual(again, masks) {
			t.Fatal("the masks differ the second time")
		}
	})
}
