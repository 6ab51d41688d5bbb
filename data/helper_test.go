package data

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/text"
)

// TestMain makes the random texts the same in every run. A run with other ones
// is asked for with -rapid.seed.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed := flag.Lookup("rapid.seed"); seed != nil && seed.Value.String() == "0" {
		if err := seed.Value.Set("1"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// tb is what the helpers need of *testing.T, *testing.B and *rapid.T.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// unbounded is a context longer than any line of the tests.
const unbounded = 1 << 20

// loadText loads a text whose words are between white space.
func loadText(t tb, content string, opts Options) *Corpus {
	t.Helper()
	opts.Tokens = text.Fields
	corpus, err := Load(text.FromText("test", content), opts)
	if err != nil {
		t.Fatalf("load %q: %v", content, err)
	}
	return corpus
}

// countText loads and counts a text whose words are between white space.
func countText(t tb, text string, context int) *Counts {
	t.Helper()
	counts, err := Count(loadText(t, text, Options{}), context)
	if err != nil {
		t.Fatalf("count %q: %v", text, err)
	}
	return counts
}

// countBuiltIn counts a corpus that is part of the program.
func countBuiltIn(t tb, name string) *Counts {
	t.Helper()
	source, err := text.Open(name, nil)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	corpus, err := Load(source, Options{})
	if err != nil {
		t.Fatalf("load %s: %v", name, err)
	}
	counts, err := Count(corpus, unbounded)
	if err != nil {
		t.Fatalf("count %s: %v", name, err)
	}
	return counts
}

// times repeats a line.
func times(n int, line string) string { return strings.Repeat(line+"\n", n) }

// wordOf returns the number of a word that must be there.
func wordOf(t tb, c *Counts, text string) Word {
	t.Helper()
	w, ok := c.Corpus.Vocab.Lookup(text)
	if !ok {
		t.Fatalf("no word %q in %q", text, c.Corpus.Vocab.All())
	}
	return w
}

// wordsOfText returns the numbers of words with white space between them.
func wordsOfText(t tb, c *Counts, text string) []Word {
	t.Helper()
	var words []Word
	for _, field := range strings.Fields(text) {
		words = append(words, wordOf(t, c, field))
	}
	return words
}

// textOf returns words with a space between them.
func textOf(c *Counts, words []Word) string {
	return strings.Join(c.Corpus.Vocab.Texts(words), " ")
}

// isNear fails unless got is want, give or take tolerance·(1 + |want|).
func isNear(t tb, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Errorf("%s is %.17g, want %.17g, off by %.3g", what, got, want, got-want)
	}
}

// drawText draws a few lines of a few words, some of them repeated. At least one
// line has two words. Small alphabets make words recur, within lines as well.
func drawText(t *rapid.T) string {
	letters := strings.Split("a b c d e f", " ")[:rapid.IntRange(2, 6).Draw(t, "letters")]
	line := rapid.SliceOfN(rapid.SampledFrom(letters), 1, 7)
	var text strings.Builder
	for range rapid.IntRange(1, 7).Draw(t, "lines") {
		words := strings.Join(line.Draw(t, "line"), " ")
		text.WriteString(times(rapid.IntRange(1, 3).Draw(t, "times"), words))
	}
	text.WriteString(strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters), 2, 5).Draw(t, "last line"), " "))
	return text.String()
}

// drawCounts counts a random text, with a context from 1 to all of the line, and
// tallies it as well.
func drawCounts(t *rapid.T) (*Counts, *tally) {
	text := drawText(t)
	context := rapid.SampledFrom([]int{1, 2, 3, unbounded}).Draw(t, "context")
	return countText(t, text, context), newTally(text, context)
}
