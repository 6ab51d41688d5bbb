package graph

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/text"
)

// TestMain makes the random corpora the same in every run, and fewer with the
// race detector. Others are asked for with -rapid.seed and -rapid.checks.
func TestMain(m *testing.M) {
	flag.Parse()
	defaults := map[string]string{"rapid.seed": "1"}
	if raceDetector {
		defaults["rapid.checks"] = "25"
	}
	flag.Visit(func(f *flag.Flag) { delete(defaults, f.Name) })
	for name, value := range defaults {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// tb is what the helpers need of *testing.T, *testing.B and *rapid.T.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// corpus is a text counted by package data, and counted anew by the tests.
type corpus struct {
	text   string
	counts *data.Counts
	masks  *data.Masks
	tally  *tally
}

func newCorpus(t tb, content string, context int) corpus {
	t.Helper()
	loaded, err := data.Load(text.FromText("test", content), data.Options{})
	if err != nil {
		t.Fatalf("load %q: %v", content, err)
	}
	counts, err := data.Count(loaded, context)
	if err != nil {
		t.Fatalf("count %q: %v", content, err)
	}
	c := corpus{content, counts, data.NewMasks(counts), newTally(content, context)}
	if words := loaded.Vocab.All(); !slices.Equal(words, c.tally.words) {
		t.Fatalf("the vocabulary is %q, want %q", words, c.tally.words)
	}
	return c
}

// builtIn returns the built-in corpora by name.
func builtIn(t tb) map[string]corpus {
	t.Helper()
	all := make(map[string]corpus)
	for _, name := range text.BuiltIn() {
		all[name] = builtInCorpus(t, name)
	}
	return all
}

func builtInCorpus(t tb, name string) corpus {
	t.Helper()
	source, err := text.Open(name, nil)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	r, err := source.Reader()
	if err != nil {
		t.Fatalf("reader: %v", err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return newCorpus(t, string(content), 16)
}

// drawCorpus makes up sentences over a vocabulary of one to five words. Lines
// repeat, which gives them weights. The first sentence has at least two words,
// so that there is a transition.
func drawCorpus(t *rapid.T) corpus {
	word := rapid.SampledFrom(strings.Split("abcde", "")[:rapid.IntRange(1, 5).Draw(t, "V")])
	var lines []string
	for i := range rapid.IntRange(1, 6).Draw(t, "sentences") {
		least := 1
		if i == 0 {
			least = 2
		}
		words := rapid.SliceOfN(word, least, 7).Draw(t, "sentence")
		for range rapid.IntRange(1, 4).Draw(t, "weight") {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return newCorpus(t, strings.Join(lines, "\n"), rapid.IntRange(1, 8).Draw(t, "context"))
}

// zipfCorpus makes up a text of so many sentences of three to twelve words,
// whose frequencies fall as in real text.
func zipfCorpus(t tb, words, sentences int) corpus {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 4))
	zipf := rand.NewZipf(rng, 1.1, 1, uint64(words-1))
	var text strings.Builder
	for range sentences {
		for range 3 + rng.IntN(10) {
			fmt.Fprintf(&text, "w%d ", zipf.Uint64())
		}
		text.WriteByte('\n')
	}
	return newCorpus(t, text.String(), 16)
}

// newModel builds a model of the task predict unless the spec says otherwise,
// with the rank that the one-hot form needs.
func newModel(t tb, c corpus, s Spec) *Model {
	t.Helper()
	if s.Task == "" {
		s.Task = Predict
	}
	if s.Objective == "" {
		s.Objective = CrossEntropy
	}
	if s.OneHot {
		s.Rank = c.counts.V()
	}
	m, err := New(s, c.counts, c.masks)
	if err != nil {
		t.Fatalf("%+v on %q: %v", s, c.text, err)
	}
	return m
}

func newGates(t tb, c corpus) *Model {
	t.Helper()
	m, err := NewGates(c.counts)
	if err != nil {
		t.Fatalf("gates on %q: %v", c.text, err)
	}
	return m
}

func run(t tb, m *Model) Loss {
	t.Helper()
	loss, err := m.Run()
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	return loss
}

// randomise sets every parameter to normal numbers, in the one-hot form too,
// which [Weights.Draw] leaves at zero.
func randomise(m *Model, seed uint64, scale float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, p := range m.Params() {
		for i := range p.Data {
			p.Data[i] = scale * rng.NormFloat64()
		}
	}
}

// gradients returns a copy of all gradients, one after another.
func gradients(m *Model) []float64 {
	var all []float64
	for _, p := range m.Params() {
		all = append(all, p.Gradient...)
	}
	return all
}

// wantNear fails the test unless every number is within tolerance times scale.
func wantNear(t tb, what string, got, want []float64, scale, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) { // NaN fails
			t.Errorf("%s: number %d is %v, want %v within %g", what, i, got[i], want[i], tolerance*scale)
			return
		}
	}
}

// largest returns the largest absolute value, at least 1.
func largest(x ...float64) float64 {
	m := 1.0
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}

// sameBits tells whether two slices are equal to the bit.
func sameBits(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
}

var _ tb = (*testing.T)(nil)
