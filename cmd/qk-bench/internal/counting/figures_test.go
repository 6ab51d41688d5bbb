package counting

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/table"
)

// TestFigures computes the hashes of the rows by hand: 2·1000003+3 = 2000009, and
// (2000009·1000003+5) mod 2147483647 = 707724675.
func TestFigures(t *testing.T) {
	var f figures
	f.add(7, 2, 3)
	f.add(1, 2, 3, 5)
	if want := (figures{Rows: 2, Total: 8, Sum: 7*2000009 + (2000009*1000003+5)%2147483647}); f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
	if !f.equal(figures{Total: f.Total, Sum: f.Sum}) || f.equal(figures{Rows: 3, Total: f.Total, Sum: f.Sum}) || f.equal(figures{Rows: 2, Total: 8}) {
		t.Error("equal compares wrongly")
	}
}

// TestReferenceByHand lists what the sentence 0 1 0 2 and its context of 2 hold.
func TestReferenceByHand(t *testing.T) {
	got := reference([]uint32{0, 1, 0, 2, endOfSentence, 3, endOfSentence}, 2)
	want := map[table.Name][][]uint32{
		table.Transitions:   {{0, 1}, {1, 0}, {0, 2}},
		table.Cooccurrences: {{1, 0}, {0, 1}, {0, 0}},
		table.Pairs:         {{1, 0, 0}, {0, 2, 1}, {0, 2, 0}},
		windowed:            {{1, 0}, {0, 1}, {0, 0}, {2, 0}, {2, 1}},
	}
	for name, keys := range want {
		var f figures
		for _, k := range keys {
			f.occur(1, k...)
		}
		if got[name] != f {
			t.Errorf("%s: %v, want %v", name, got[name], f)
		}
	}
}

// TestReferenceAgainstMaps compares with counts that are grouped by maps of words.
func TestReferenceAgainstMaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := []string{"a", "b", "c", "d"}
		sentences := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(letters), 1, 12), 1, 5).Draw(t, "sentences")
		context := rapid.IntRange(1, 5).Draw(t, "context")
		var flat []uint32
		for _, s := range sentences {
			for _, w := range s {
				flat = append(flat, uint32(w[0]-'a'))
			}
			flat = append(flat, endOfSentence)
		}
		got := reference(flat, context)
		for _, name := range []table.Name{table.Transitions, table.Cooccurrences, table.Pairs, windowed} {
			var want figures
			for key, n := range rowsOf(sentences, name, context) {
				var keys []uint32
				for _, w := range strings.Split(key, " ") {
					keys = append(keys, uint32(w[0]-'a'))
				}
				if name == windowed {
					keys[0], keys[1] = keys[1], keys[0]
				}
				want.occur(n, keys...)
			}
			if got[name] != want {
				t.Fatalf("%s: %v, want %v", name, got[name], want)
			}
		}
	})
}

func TestPrepare(t *testing.T) {
	dir := t.TempDir()
	raw, path := filepath.Join(dir, "raw.txt"), filepath.Join(dir, "text.txt")
	if err := os.WriteFile(raw, []byte("The cat, the CAT!\n\n…\nOne cat\r\nÉtienne\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := prepare(raw, path, 2, 8)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if want := "the cat the cat\nUNKNOWN cat\nUNKNOWN\n"; err != nil || string(text) != want {
		t.Errorf("%v, %q, want %q", err, text, want)
	}
	words := []table.Word{{Text: "<unk>", N: 2}, {Text: "cat", N: 3}, {Text: "the", N: 2}}
	if len(p.Words) != 3 || p.Words[0] != words[0] || p.Words[1] != words[1] || p.Words[2] != words[2] {
		t.Errorf("words %v, want %v", p.Words, words)
	}
	if p.Sentences != 3 || p.Tokens != 7 || p.Ends != 4 || p.Want[table.Transitions].Total != 4 {
		t.Errorf("%+v", p)
	}
}

// TestMakeText holds the made text against what it is meant to be like.
func TestMakeText(t *testing.T) {
	o := madeText(3)
	o.Bytes = 12_000_000 // enough for phrases to come back
	var a, b, other bytes.Buffer
	seeds := []uint64{3, 3, 4}
	for i, out := range []*bytes.Buffer{&a, &b, &other} {
		o.Seed = seeds[i]
		if i == 2 {
			o.Bytes = 1000
		}
		if err := makeText(out, o); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || bytes.HasPrefix(a.Bytes(), other.Bytes()) {
		t.Error("the text does not hang on the seed, or not on it alone")
	}
	if a.Len() < 12_000_000 || a.Len() > 12_001_000 {
		t.Errorf("%d bytes", a.Len())
	}
	n, sentences, tokens := map[string]int{}, 0, 0
	for line := range strings.Lines(a.String()) {
		sentences++
		for _, w := range strings.Fields(strings.ToLower(strings.NewReplacer(",", "", ".", "").Replace(line))) {
			tokens++
			n[w]++
		}
	}
	if mean := float64(tokens) / float64(sentences); mean < 19 || mean > 21 {
		t.Errorf("%.2f words a sentence", mean)
	}
	most := 0
	for _, c := range n {
		most = max(most, c)
	}
	if len(n) < 80_000 || most < tokens/40 || most > tokens/10 {
		t.Errorf("%d different words; the most frequent one makes up 1/%d", len(n), tokens/most)
	}
}

func TestSpell(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range spell(200_000) {
		if seen[w] || w == "" {
			t.Fatalf("%q twice or empty", w)
		}
		seen[w] = true
	}
}
