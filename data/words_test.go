package data

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/text"
)

// countedOver counts the sentences of a text over the words of a list in the plainest
// way: with maps of words, and a word that is not listed only as the next one, unless
// the list has [Unknown].
func countedOver(lines []string, words []string, context int) (transitions, pairs map[string]uint64) {
	transitions, pairs = map[string]uint64{}, map[string]uint64{}
	silent := !slices.Contains(words, Unknown)
	for _, line := range lines {
		sentence := strings.Fields(line)
		for i, w := range sentence {
			if !slices.Contains(words, w) {
				sentence[i] = Unknown
			}
		}
		for i := range len(sentence) - 1 {
			w, y := sentence[i], sentence[i+1]
			if silent && w == Unknown {
				continue
			}
			transitions[w+" "+y]++
			earlier := map[string]bool{}
			for _, u := range sentence[max(0, i-context):i] {
				if !silent || u != Unknown {
					earlier[u] = true
				}
			}
			for u := range earlier {
				pairs[u+" "+w+" "+y]++
			}
		}
	}
	return transitions, pairs
}

// TestCountOverWords compares the counts over the words of a list, of which the text
// may lack some, with the plainest counting.
func TestCountOverWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := []string{"a", "b", "c", "d", "e"}
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters), 1, 6).Draw(t, "line"), " ")
		}), 1, 6).Draw(t, "lines")
		words := rapid.SliceOfNDistinct(rapid.SampledFrom(append(letters, "x", "y", Unknown)), 1, 6, rapid.ID[string]).Draw(t, "words")
		context := rapid.IntRange(1, 4).Draw(t, "context")
		opts := Options{Tokenizer: text.Tokenizer{Tokens: text.Fields, KeepCase: true}, Words: words}
		corpus, err := Load(text.FromBytes("text", []byte(strings.Join(lines, "\n"))), opts)
		transitions, pairs := countedOver(lines, words, context)
		if err != nil {
			for _, line := range lines {
				for _, w := range strings.Fields(line) {
					if slices.Contains(words, w) {
						t.Fatalf("%q is in the text and in the list, but: %v", w, err)
					}
				}
			}
			return
		}
		for _, w := range words {
			if _, ok := corpus.Vocab.Lookup(w); !ok {
				t.Fatalf("the vocabulary is without %q", w)
			}
		}
		counts, err := Count(corpus, context)
		if err != nil {
			if len(transitions) > 0 {
				t.Fatalf("%d transitions, but: %v", len(transitions), err)
			}
			return
		}
		gotT, gotP, total := map[string]uint64{}, map[string]uint64{}, uint64(0)
		name := corpus.Vocab.Text
		for w, row := range counts.Transitions {
			total += row.Total
			for _, c := range row.Cells {
				gotT[name(Word(w))+" "+name(c.Word)] = c.N
			}
			for _, p := range counts.Pairs[w] {
				for _, c := range p.Next.Cells {
					gotP[name(p.Earlier)+" "+name(Word(w))+" "+name(c.Word)] = c.N
				}
			}
		}
		if !maps.Equal(gotT, transitions) || !maps.Equal(gotP, pairs) || total != counts.Total {
			t.Fatalf("transitions %v, want %v; pairs %v, want %v; total %d, want %d", gotT, transitions, gotP, pairs, counts.Total, total)
		}
		alone, err := CountTransitions(corpus, context)
		if err != nil || alone.Total != counts.Total || alone.PairCells != counts.PairCells || !slices.EqualFunc(alone.Transitions, counts.Transitions, func(a, b Row) bool { return a.Total == b.Total && slices.Equal(a.Cells, b.Cells) }) {
			t.Fatalf("CountTransitions differs from Count: %v", err)
		}
	})
}

// TestWordsRefused names what a list lacks.
func TestWordsRefused(t *testing.T) {
	for _, test := range []struct {
		opts Options
		want string
	}{
		{Options{Words: []string{"dog"}}, "no word of the text is in the list of words, which begins with \"dog\""},
		{Options{Words: []string{"a"}, Boundary: true}, "the list of words has no <s>"},
		{Options{Words: []string{"a"}, HoldOut: 0.2}, "the list of words has no <unk>"},
	} {
		test.opts.Tokenizer = text.Tokenizer{Tokens: text.Fields}
		_, err := Load(text.FromBytes("text", []byte("a b c\nb a c\nc a b\na c b\nb c a\n")), test.opts)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.opts, err, test.want)
		}
	}
}

func TestReadVocabularyForms(t *testing.T) {
	want := []string{"up", "a b", "é"}
	for _, content := range []string{"up\na b\né\n", "up\r\na b\r\né\r\n", "\ufeffup\na b\né", "\ufeffup\r\na b\r\né\r\n"} {
		got, err := ReadVocabulary(strings.NewReader(content), "words")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
	got, err := ReadVocabularyJSON(strings.NewReader(`["up", "a b", "é"]`+"\n"), "words")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("JSON: %q, %v", got, err)
	}
	for content, message := range map[string]string{
		``: "give a JSON array of words", `{"a": 1}`: "give a JSON array of words", `["a", 1]`: "give a JSON array of words",
		`["a"] x`: "something follows", `[]`: "the array is empty", `["a", "b", "a"]`: `word 3, "a", is word 1 already`, `["a", ""]`: "word 2 is empty",
	} {
		if got, err := ReadVocabularyJSON(strings.NewReader(content), "words"); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %q, error %v, want %q", content, got, err, message)
		}
	}
}
