package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDetermined(t *testing.T) {
	for _, c := range []struct {
		name, text, word string
		null, without    string
	}{
		{"one voter that says what the null slot says", "a w x\na w y", "w", "", ""},
		{"one voter each time, against the null slot only", "a w x\nb w y", "w", "a b", ""},
		{"two voters that differ", "a b w x\nb w y", "w", "a b", "a b"},
		{"two voters that always agree", "a b w x\na b w y", "w", "", ""},
		{"what is always there, where others differ", "c a w x\nc b w y", "w", "a b c", "a b c"},
		{"voters that agree among themselves", "a b w x\na c w x\nd e w y\nd e w x", "w", "a b c d e", ""},
		{"everything certain", "a b c d e", "d", "", ""},
		{"no earlier word", "w x\nw y", "w", "", ""},
		{"no place", "w x", "x", "", ""},
		{"even chances by parity", "red dog then even\nred cat then odd\nblue dog then odd\nblue cat then even", "then", "", ""},
	} {
		counts := countText(t, c.text, unbounded)
		w := wordOf(t, counts, c.word)
		if got := textOf(counts, counts.Determined(w, true)); got != c.null {
			t.Errorf("%s: with the null slot %q, want %q", c.name, got, c.null)
		}
		if got := textOf(counts, counts.Determined(w, false)); got != c.without {
			t.Errorf("%s: without the null slot %q, want %q", c.name, got, c.without)
		}
	}
}

// TestDeterminedOfBuiltIn: in diary, went is the one row with something to
// learn. With the null slot every score of it matters, as candle and train
// differ from all others wherever they are.
func TestDeterminedOfBuiltIn(t *testing.T) {
	for name, want := range map[string]string{
		"coat": "", "candle": "candle see the train whether", "diary": "and candle diary it look open the train up when",
	} {
		c := countBuiltIn(t, name)
		for w := range c.V() {
			wanted := ""
			if c.Corpus.Vocab.Text(Word(w)) == "went" {
				wanted = want
			}
			for _, null := range []bool{true, false} {
				if got := textOf(c, c.Determined(Word(w), null)); got != wanted {
					t.Errorf("%s: row %s, null slot %v: %q, want %q", name, c.Corpus.Vocab.Text(Word(w)), null, got, wanted)
				}
			}
		}
	}
}

// TestDeterminedProperty changes the attention of one earlier word of one row
// after another, from several starts. No probability at any place changes for
// one that is not determined; for one that is, some does.
func TestDeterminedProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, want := drawCounts(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for w, pairs := range c.Pairs {
			current := c.Corpus.Vocab.Text(Word(w))
			places := want.placesOf(current)
			for _, null := range []bool{true, false} {
				rest := 0.0
				if null {
					rest = 1
				}
				determined := c.Determined(Word(w), null)
				for _, pair := range pairs {
					moved := c.Corpus.Vocab.Text(pair.Earlier)
					var change float64
					for range 3 {
						attention := map[string]float64{}
						for _, p := range pairs {
							attention[c.Corpus.Vocab.Text(p.Earlier)] = math.Exp(random.NormFloat64())
						}
						of := func(_, u string) float64 { return attention[u] }
						before := make([]float64, len(places))
						for i, p := range places {
							before[i] = want.predict(p, of, rest)
						}
						attention[moved] *= 1.5 + random.Float64()
						for i, p := range places {
							change = max(change, math.Abs(want.predict(p, of, rest)-before[i]))
						}
					}
					if is := slices.Contains(determined, pair.Earlier); is != (change > 1e-9) {
						t.Fatalf("row %s, null slot %v: %s is determined: %v, but changes a probability by %g", current, null, moved, is, change)
					}
				}
			}
		}
	})
}
