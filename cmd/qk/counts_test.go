package main

import (
	"cmp"
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// triple is an earlier word, or "", a current word and a next word.
type triple struct{ earlier, word, next string }

// countPlainly counts a text in the most obvious way: words are between white
// space, and every earlier word of the sentence counts once.
func countPlainly(text string) (counts map[triple]uint64, positions uint64) {
	counts = map[triple]uint64{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for i := 0; i+1 < len(words); i++ {
			positions++
			counts[triple{"", words[i], words[i+1]}]++
			earlier := map[string]bool{}
			for _, u := range words[:i] {
				earlier[u] = true
			}
			for u := range earlier {
				counts[triple{u, words[i], words[i+1]}]++
			}
		}
	}
	return counts, positions
}

// corpusText reads the text of a built-in corpus.
func corpusText(t *testing.T, name string) string {
	return string(read(t, "..", "..", "data", "text", "corpora", name+".txt"))
}

// TestCounts holds the CSV and the JSON of every built-in corpus against the
// plain count; no sentence is longer than the context.
func TestCounts(t *testing.T) {
	for _, name := range []string{"coat", "candle", "diary"} {
		want, positions := countPlainly(corpusText(t, name))
		if got := countsOfCSV(t, qk(t, "count", "--corpus", name, "--csv")); !maps.Equal(got, want) {
			t.Errorf("%s: CSV holds %v, want %v", name, got, want)
		}
		var r countResult
		decode(t, qk(t, "count", "--corpus", name, "--json"), &r)
		got := map[triple]uint64{}
		var sum uint64
		following := map[string]float64{}
		for _, x := range r.Transitions {
			got[triple{"", x.Word, x.Next}] = x.N
			sum += x.N
			following[x.Word] += x.P
		}
		for _, x := range r.Pairs {
			got[triple{x.Earlier, x.Word, x.Next}] = x.N
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: JSON holds %v, want %v", name, got, want)
		}
		if sum != positions || r.Data.Positions != positions {
			t.Errorf("%s: the transitions sum to %d and data says %d, want %d", name, sum, r.Data.Positions, positions)
		}
		for word, p := range following {
			wantNear(t, "Σ P(next|"+word+")", p, 1, 1e-12)
		}
		if len(r.Transitions)+len(r.Pairs) != len(want) || r.Data.Transitions != len(r.Transitions) || r.Data.Pairs != len(r.Pairs) {
			t.Errorf("%s: %d transitions and %d pairs, data says %+v", name, len(r.Transitions), len(r.Pairs), r.Data)
		}
		if !slices.IsSorted(r.Vocabulary) || len(r.Vocabulary) != r.Data.Vocabulary {
			t.Errorf("%s: vocabulary %q", name, r.Vocabulary)
		}
	}
}

func countsOfCSV(t *testing.T, text string) map[triple]uint64 {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !slices.Equal(rows[0], []string{"earlier", "word", "next", "n"}) {
		t.Fatalf("%v, header %q", err, rows[0])
	}
	counts := map[triple]uint64{}
	for _, row := range rows[1:] {
		n, err := strconv.ParseUint(row[3], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		counts[triple{row[0], row[1], row[2]}] += n
	}
	return counts
}

// TestCountedMasks has the two words that tell what follows went, and none else.
func TestCountedMasks(t *testing.T) {
	var r countResult
	decode(t, qk(t, "count", "--json"), &r)
	var informs []string
	for _, m := range r.Masks {
		if m.Informs {
			informs = append(informs, m.Earlier+" before "+m.Word)
		}
		if m.Informs != (m.Nats > 0) || m.N == 0 || m.Chance < 0 || m.Chance > 1 {
			t.Errorf("%+v", m)
		}
	}
	slices.SortFunc(informs, cmp.Compare[string])
	if !slices.Equal(informs, []string{"candle before went", "train before went"}) {
		t.Errorf("informing: %q", informs)
	}
}

// TestCountOfAwkwardWords has words that CSV and JSON must quote.
func TestCountOfAwkwardWords(t *testing.T) {
	t.Chdir(t.TempDir())
	text := "say \"a,b\" <&> it's; =1+1 ünï 日本 \\n \u2028x\n"
	if err := os.WriteFile("awkward.txt", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	want, positions := countPlainly(text)
	args := []string{"count", "--corpus", "awkward.txt", "--tokens", "fields", "--keep-case"}
	if got := countsOfCSV(t, qk(t, append(args, "--csv")...)); !maps.Equal(got, want) {
		t.Errorf("CSV holds %v, want %v", got, want)
	}
	var r countResult
	decode(t, qk(t, append(args, "--json")...), &r)
	if r.Data.Positions != positions || !slices.Contains(r.Vocabulary, "<&>") || !slices.Contains(r.Vocabulary, "\"a,b\"") {
		t.Errorf("%+v, %q", r.Data, r.Vocabulary)
	}
}
