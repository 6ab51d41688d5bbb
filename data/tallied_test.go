package data

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"qk/data/text"
)

// TestTallied holds counts without a text against those of the text.
func TestTallied(t *testing.T) {
	src := text.FromText("test", "a b a b c\nc b a\na b\n")
	corpus, err := Load(src, Options{Tokenizer: text.Tokenizer{Tokens: text.Words}, Boundary: true})
	if err != nil {
		t.Fatal(err)
	}
	want, err := CountTransitions(corpus, 3)
	if err != nil {
		t.Fatal(err)
	}
	tallied := Tallied{
		Name: "test", SHA256: corpus.SHA256, Words: corpus.Vocab.All(), Boundary: true, Sentences: corpus.Lines(), Tokens: corpus.Tokens,
		Context: 3, Transitions: want.Transitions, PairCells: want.PairCells,
	}
	got, err := tallied.Counts()
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != want.Total || got.V() != want.V() || !reflect.DeepEqual(got.Transitions, want.Transitions) || got.Corpus.Boundary != corpus.Boundary ||
		got.Corpus.Lines() != 3 || got.PairCells != want.PairCells || got.Context != 3 || got.Pairs != nil {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestTalliedRefuses has what no text can have.
func TestTalliedRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Tallied)
		want   string
	}{
		{"a word twice", func(t *Tallied) { t.Words[1] = "a" }, "2 rows for 2 words, of which 1 are different"},
		{"words out of order", func(t *Tallied) { t.Words[0] = "c" }, `word 0, "c", is not in the order of bytes`},
		{"too few rows", func(t *Tallied) { t.Transitions = t.Transitions[:1] }, "1 rows for 2 words"},
		{"cells out of order", func(t *Tallied) { t.Transitions[0].Cells[1].Word = 0 }, `the row of "a" is not in ascending order`},
		{"an unknown word", func(t *Tallied) { t.Transitions[0].Cells[1].Word = 2 }, `the row of "a" is not in ascending order`},
		{"a count of zero", func(t *Tallied) { t.Transitions[0].Cells[1].N = 0 }, `the row of "a" has a count that cannot be`},
		{"a sum above 64 bits", func(t *Tallied) { t.Transitions[0].Cells[1].N = math.MaxUint64 }, `the row of "a" has a count that cannot be`},
		{"a wrong sum", func(t *Tallied) { t.Transitions[0].Total++ }, `the row of "a" has a sum that cannot be`},
		{"nothing", func(t *Tallied) { t.Transitions[0] = Row{} }, ErrNoTransitions.Error()},
	} {
		tallied := Tallied{Name: "test", Words: []string{"a", "b"}, Context: 1, Transitions: []Row{{Total: 3, Cells: []Cell{{0, 1}, {1, 2}}}, {}}}
		if _, err := tallied.Counts(); err != nil {
			t.Fatal(err)
		}
		test.change(&tallied)
		_, err := tallied.Counts()
		if err == nil || !strings.Contains(err.Error(), "counts test: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
		if test.name == "nothing" && !errors.Is(err, ErrNoTransitions) {
			t.Errorf("the error is not ErrNoTransitions: %v", err)
		}
	}
}
