package train

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"qk/data"
	"qk/data/text"
	"qk/graph"
)

// TestMain fails if a test leaves a goroutine behind. With [victimDir] set, the
// test binary is not a test but a run that waits to be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		os.Exit(victim(dir))
	}
	goleak.VerifyTestMain(m)
}

// diaryBest is the loss of the best masks of diary: what follows "the" is one of
// two words, once in each of its 2 sentences of 10 and 11 positions, and
// everything else is certain.
var diaryBest = math.Ln2 / 10.5

const (
	trainLine  = "open the train diary and look up when it went again"
	candleLine = "open the candle diary and look up when it went out again"
)

// lines repeats a sentence, which is how it gets a weight.
func lines(n int, sentence string) string { return strings.Repeat(sentence+"\n", n) }

// predict and recall are the default settings with a few changed.
func predict(change ...func(*Config)) Config {
	c := DefaultConfig(graph.Predict)
	for _, f := range change {
		f(&c)
	}
	return c
}

func recall(o graph.Objective, change ...func(*Config)) Config {
	c := DefaultConfig(graph.Recall)
	c.Objective = o
	c.Tune()
	for _, f := range change {
		f(&c)
	}
	return c
}

func seeded(seed uint64) func(*Config) { return func(c *Config) { c.Seed = seed } }
func steps(n int) func(*Config)        { return func(c *Config) { c.Steps = n } }
func ranked(r int) func(*Config)       { return func(c *Config) { c.Rank = r } }
func withoutNull(c *Config)            { c.Null = false }

// count counts a text, or the built-in corpus of the settings if it is "".
func count(t testing.TB, c Config, content string) *Experiment {
	t.Helper()
	src := text.FromText("text", content)
	if content == "" {
		var err error
		if src, err = text.Open(c.Corpus.String(), strings.NewReader("")); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	e, err := NewExperiment(c, src)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func loop(t testing.TB, e *Experiment) *Loop {
	t.Helper()
	l, err := e.Loop()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// result is a finished run with its check.
type result struct {
	*Outcome
	e    *Experiment
	loop *Loop
}

// learn runs an experiment to its end and checks it.
func learn(t testing.TB, c Config, text string) result {
	t.Helper()
	e := count(t, c, text)
	l := loop(t, e)
	if err := l.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return result{outcome(t, e, l), e, l}
}

// outcome checks what a loop has learned.
func outcome(t testing.TB, e *Experiment, l *Loop) *Outcome {
	t.Helper()
	if e.Smoothing == nil {
		return judge(t, e, scores(t, l), l.Loss.Data)
	}
	w, _ := l.Result()
	loss, err := e.Loss(w)
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.Judge(w, w, loss.Data)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func scores(t testing.TB, l *Loop) []float64 {
	t.Helper()
	s, err := l.Model.Weights.Scores()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func judge(t testing.TB, e *Experiment, s []float64, loss float64) *Outcome {
	t.Helper()
	o, err := Check(e, table(s), loss)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// table is scores S [V,V] in memory, row-major.
type table []float64

// EachRow hands out copies, and spoils them after the call.
func (s table) EachRow(f func(w data.Word, s []float64) error) error {
	V := int(math.Sqrt(float64(len(s))))
	row := make([]float64, V)
	for w := range V {
		copy(row, s[w*V:])
		if err := f(data.Word(w), row); err != nil {
			return err
		}
		for i := range row {
			row[i] = math.NaN()
		}
	}
	return nil
}

// learnedRow reads the row of word w off scores S [V,V].
func learnedRow(e *Experiment, s []float64, w data.Word) LearnedRow {
	V := e.Counts.V()
	return LearnRow(e, w, s[int(w)*V:(int(w)+1)*V])
}

// rowOf returns the agreement of the row of a word.
func rowOf(t testing.TB, e *Experiment, o *Outcome, word string) RowAgreement {
	t.Helper()
	w, err := e.Corpus.Vocab.Find(word)
	if err != nil {
		t.Fatal(err)
	}
	return o.Rows[w]
}

// wantRow says what the row of a word must have learned. Words are separated by
// spaces.
func wantRow(t testing.TB, e *Experiment, o *Outcome, word string, status Status, learned string) {
	t.Helper()
	r := rowOf(t, e, o, word)
	got := e.Corpus.Vocab.Texts(r.Learned)
	if r.Status != status || !slices.Equal(got, strings.Fields(learned)) {
		t.Errorf("row %s: learned %q, %s; want %q, %s", word, got, r.Status, learned, status)
	}
}

// wantOthersEmpty says that no row but those of the given words holds anything.
func wantOthersEmpty(t testing.TB, e *Experiment, o *Outcome, words ...string) {
	t.Helper()
	for _, r := range o.Rows {
		word := e.Corpus.Vocab.Text(r.Word)
		if slices.Contains(words, word) {
			continue
		}
		if len(r.Learned) > 0 || r.Status != Empty && r.Status != Undetermined {
			t.Errorf("row %s: learned %q, %s; want nothing", word, e.Corpus.Vocab.Texts(r.Learned), r.Status)
		}
	}
}

// item returns a check by its name.
func item(t testing.TB, o *Outcome, name string) CheckItem {
	t.Helper()
	i := slices.IndexFunc(o.Checks, func(c CheckItem) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no check is called %q", name)
	}
	return o.Checks[i]
}

// wantVerdict says which checks must fail, and that no other does.
func wantVerdict(t testing.TB, o *Outcome, failing ...string) {
	t.Helper()
	if o.Pass != (len(failing) == 0) {
		t.Errorf("pass is %v", o.Pass)
	}
	for _, name := range failing {
		item(t, o, name) // it must be there
	}
	for _, c := range o.Checks {
		if c.Pass == slices.Contains(failing, c.Name) {
			t.Errorf("check %q: pass is %v: %g against %g, %s", c.Name, c.Pass, c.Figure, c.Bound, c.Note)
		}
	}
}

func wantNear(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) { // also if got is NaN
		t.Errorf("%s is %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}

// wantText says that a text must hold every one of the given parts.
func wantText(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s is %q, want %q in it", what, text, p)
		}
	}
}

// wantError says that an error must hold every one of the given parts.
func wantError(t testing.TB, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	wantText(t, "the error", err.Error(), parts...)
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
