package train

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"qk/data/text"
	"qk/graph"
)

// holding holds out a share, with the settings that go with it.
func holding(share float64) func(*Config) {
	return func(c *Config) {
		c.HoldOut, c.MaxVocab = share, 49
		c.Tune()
	}
}

// planted is a text in which what comes after "cue" hangs on the first word of the
// sentence, three places back: of four words, the one of the same number with a
// probability of 0.85, each other with 0.05. The two words between are
// independent, uniform over twenty each, and dilute the votes. A number at the end
// makes every sentence another, as in real text; the 49 most frequent words leave
// the numbers out. (Else copies of what is held out would be missing from the
// counts, and what it says would look rarer than it is.)
func planted(seed uint64, sentences int) string {
	rng := rand.New(rand.NewPCG(seed, 11))
	var b strings.Builder
	for i := range sentences {
		key := rng.IntN(4)
		answer := key
		if rng.Float64() < 0.2 {
			answer = rng.IntN(4)
		}
		fmt.Fprintf(&b, "k%d f%d g%d cue a%d n%d\n", key, rng.IntN(20), rng.IntN(20), answer, i)
	}
	return b.String()
}

// truth is the loss, in nats per position, of one who knows how [planted] draws its
// words, on the sentences that an experiment holds out; and that of one who knows
// everything but the dependency.
func truth(t testing.TB, e *Experiment) (all, blind float64) {
	t.Helper()
	n := 0.0
	for _, s := range e.Corpus.HeldOut {
		words := e.Corpus.Vocab.Texts(s.Words)
		p := 0.05
		if words[0][1:] == words[4][1:] {
			p = 0.85
		}
		all -= float64(s.N) * (2*math.Log(1.0/20) + math.Log(p))
		blind -= float64(s.N) * (2*math.Log(1.0/20) + math.Log(1.0/4))
		n += 5 * float64(s.N)
	}
	return all / n, blind / n
}

// TestHeldOutFindsWhatIsPlanted: on the sentences that are held out, the learned
// masks come to within 0.03 nats of one who knows how the text was made; most of
// that is what first order, too, loses to one who knows all but the dependency,
// for want of counts. Of what the dependency is worth, they gain nine tenths. Every
// comparison is said to be better by more than noise.
func TestHeldOutFindsWhatIsPlanted(t *testing.T) {
	for seed := range uint64(3) {
		r := learn(t, predict(holding(0.1), seeded(seed+1)), planted(seed, 4000))
		all, blind := truth(t, r.e)
		h := r.HeldOut
		if h.Loss > all+0.03 || h.Loss < all-0.01 {
			t.Errorf("seed %d: the held-out loss is %g, of one who knows the text %g", seed, h.Loss, all)
		}
		if first := *h.Ladder.FirstOrder; first < blind-0.01 || first-h.Loss < 0.9*(blind-all) {
			t.Errorf("seed %d: the gain over first order, %g, is %g; the dependency is worth %g - %g", seed, first, first-h.Loss, blind, all)
		}
		for _, d := range h.Differences {
			if d.Verdict() != "below" {
				t.Errorf("seed %d: %s: %+v is %s", seed, d.Line, d.Difference, d.Verdict())
			}
		}
		if !r.Pass {
			t.Errorf("seed %d: %+v", seed, r.Checks)
		}
		cue, _ := r.e.Corpus.Vocab.Lookup("cue")
		for _, u := range r.Rows[cue].Learned {
			if w := r.e.Corpus.Vocab.Text(u); w[0] != 'k' {
				t.Errorf("seed %d: cue looks back for %s", seed, w)
			}
		}
	}
}

// TestHeldOutWithoutNull: the form without a null slot has a prior that silences, and
// finds what is planted too.
func TestHeldOutWithoutNull(t *testing.T) {
	r := learn(t, predict(holding(0.1), withoutNull), planted(1, 3000))
	if k := r.HeldOut.Kappa; k.Pair != k.Alike {
		t.Errorf("%+v", k)
	}
	if d := r.HeldOut.Compare("all_votes"); d.Verdict() != "below" {
		t.Errorf("%+v", d.Difference)
	}
}

// noise is a text of independent words, in which no word tells anything about
// another.
func noise(seed uint64, sentences int) string {
	rng := rand.New(rand.NewPCG(seed, 12))
	var b strings.Builder
	for range sentences {
		for range 3 + rng.IntN(6) {
			fmt.Fprintf(&b, "w%d ", int(20*rng.Float64()*rng.Float64()))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestNoiseIsCalledNoise: where nothing is to be found, no run in twenty claims to
// be better than first order, and the check that asks for it says why it fails.
func TestNoiseIsCalledNoise(t *testing.T) {
	for seed := range uint64(20) {
		r := learn(t, predict(holding(0.15), seeded(seed), steps(60)), noise(seed, 800))
		d := r.HeldOut.Compare("first_order")
		if d.Verdict() == "below" {
			t.Errorf("seed %d: %+v below first order", seed, d.Difference)
		}
		if math.Abs(d.Mean) > 0.02 {
			t.Errorf("seed %d: %g from first order", seed, d.Mean)
		}
		if r.Pass {
			t.Errorf("seed %d passes", seed)
		}
		for _, c := range r.Checks {
			if c.Name == "held out: learned less first order" && (c.Pass || d.Verdict() == "noise" && !strings.Contains(c.Note, "noise")) {
				t.Errorf("seed %d: %+v", seed, c)
			}
		}
	}
}

// TestTuningKeepsTheBest: what is kept, reported and saved are the weights of the
// least tuning loss; later steps are worse, and the run stops when the patience is
// over.
func TestTuningKeepsTheBest(t *testing.T) {
	for _, batch := range []int{0, 64} {
		c := predict(holding(0.1), func(c *Config) { c.LR, c.Patience, c.Steps, c.Batch = 0.3, 7, 300, batch })
		e := count(t, c, planted(5, 600))
		l := loop(t, e)
		best, at, looks := math.Inf(1), 0, 0
		watch(l, func(ev Event) error {
			if ev.Tuning == nil {
				return nil
			}
			looks++
			if *ev.Tuning < best {
				best, at = *ev.Tuning, ev.Step
			}
			return nil
		})
		if err := l.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		w, steps := l.Result()
		if steps != at || l.Tuning.Best != best || l.Step == at {
			t.Errorf("batch %d: step %d of loss %g is kept, the least was %g at step %d of %d", batch, steps, l.Tuning.Best, best, at, l.Step)
		}
		if !strings.HasPrefix(l.Reason, "stopped: the loss of the tuning sentences") || l.Step-at < 7 {
			t.Errorf("batch %d: ended at step %d: %s", batch, l.Step, l.Reason)
		}
		h, err := e.HeldOut(w)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(h.Tuning.Loss-best) > 1e-9 { // float64 either way
			t.Errorf("batch %d: the kept weights have a tuning loss of %g, the least was %g", batch, h.Tuning.Loss, best)
		}
		if batch > 0 && looks == l.Step+1 || batch == 0 && looks != l.Step+1 {
			t.Errorf("batch %d: %d looks in %d steps", batch, looks, l.Step)
		}
	}
}

// TestHeldOutIsNotLookedAt: what is held out has no influence on what is learned:
// with other answers in those sentences the same weights come out, bit by bit.
func TestHeldOutIsNotLookedAt(t *testing.T) {
	c := predict(holding(0.2), steps(15))
	e := count(t, c, planted(8, 500))
	changed := count(t, c, planted(8, 500))
	for _, s := range changed.Corpus.HeldOut {
		s.Words[4] = s.Words[0]
	}
	a, b := loop(t, e), loop(t, changed)
	for _, l := range []*Loop{a, b} {
		if err := l.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	x, _ := a.Result()
	y, _ := b.Result()
	for i := range x.K {
		if x.Q[i] != y.Q[i] || x.K[i] != y.K[i] {
			t.Fatal("the weights differ")
		}
	}
}

// TestHeldOutResumes: a run that holds sentences out, cut at any step, ends in the
// same bytes, whether the best weights so far lie before or after the cut.
func TestHeldOutResumes(t *testing.T) {
	for name, c := range map[string]Config{
		"all rows": predict(holding(0.2), func(c *Config) { c.LR, c.Patience, c.Steps, c.Graph = 0.4, 4, 40, Fused }),
		"batches":  predict(holding(0.2), func(c *Config) { c.LR, c.Patience, c.Steps, c.Batch = 0.2, 4, 40, 50 }),
		"float32":  predict(holding(0.2), func(c *Config) { c.LR, c.Patience, c.Steps, c.Precision = 0.4, 4, 40, Float32 }),
	} {
		content := planted(2, 200)
		base := t.TempDir()
		alone, e, l := newRunAt(t, filepath.Join(base, "run"), c, content)
		var copies []string
		l.Due = func(int) bool { return true }
		save := l.Checkpoint
		l.Checkpoint = func(l *Loop) error {
			err := save(l)
			to := filepath.Join(base, fmt.Sprint(l.Step), "run")
			copyDir(t, alone.Path, to)
			copies = append(copies, to)
			return err
		}
		must(t, l.Run(context.Background()))
		if _, steps := l.Result(); steps == 0 || steps == l.Step {
			t.Errorf("%s: step %d of %d is kept, which tells nothing", name, steps, l.Step)
		}
		finish(t, alone, e, l)
		for _, path := range append(copies, alone.Path) { // and once more when it is finished
			before := read(t, alone.Path, modelFile)
			resume(t, path)
			wantSameFiles(t, name+", cut at "+filepath.Base(filepath.Dir(path)), path, alone.Path)
			if !bytes.Equal(before, read(t, alone.Path, modelFile)) {
				t.Error("the finished run has changed")
			}
		}
	}
}

// TestHeldOutOnAnyNumberOfCores gives the same document.
func TestHeldOutOnAnyNumberOfCores(t *testing.T) {
	c := predict(holding(0.1), steps(10))
	var want []byte
	for _, cores := range []int{1, 2, 5} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			e := count(t, c, planted(4, 500))
			l := loop(t, e)
			if err := l.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			got, _ := marshalled(t, document(t, e, l))
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("another document on %d cores", cores)
			}
		}()
	}
}

// TestHeldOutDocument holds the JSON to its form.
func TestHeldOutDocument(t *testing.T) {
	c := predict(holding(0.2), steps(5))
	e := count(t, c, planted(4, 300))
	l := loop(t, e)
	if err := l.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	d := document(t, e, l)
	_, members := marshalled(t, d)
	if got := strings.Join(keysOf(t, members["heldout"]), " "); got != "sentences positions loss lines differences tuning kappa graded_scale" {
		t.Errorf("keys of heldout: %s", got)
	}
	if d.HeldOut.Lines.BestMask != nil || d.Lines.BestMask != nil {
		t.Error("there is a best mask of smoothed votes")
	}
	for i, line := range []string{"unigram", "first_order", "all_votes", "graded_mask"} {
		x := d.HeldOut.Differences[i]
		value := map[string]*float64{"unigram": d.HeldOut.Lines.Unigram, "first_order": d.HeldOut.Lines.FirstOrder, "all_votes": d.HeldOut.Lines.AllVotes, "graded_mask": d.HeldOut.Lines.GradedMask}[line]
		if x.Line != line || math.Abs(x.Difference-(d.HeldOut.Loss-*value)) > 1e-12 || x.Interval[0] > x.Difference || x.Interval[1] < x.Difference {
			t.Errorf("%s: %+v, loss %g, line %g", line, x, d.HeldOut.Loss, *value)
		}
	}
	for _, m := range d.Masks {
		if !m.Estimate && m.Status != Undetermined {
			t.Errorf("row %s is no estimate: %+v", m.Word, m)
		}
	}
	record := newRecord("a run", birthday, e)
	record.Result = d
	wantText(t, "the card", card(record), fmt.Sprintf("Loss on %d sentences that were held out: %.6f.", d.HeldOut.Sentences, d.HeldOut.Loss))
	if _, err := Check(e, l.Model.Weights, 1); err == nil || !strings.Contains(err.Error(), "Judge") {
		t.Errorf("a check that says nothing of what is held out: %v", err)
	}
	plain := count(t, predict(), "")
	if _, err := plain.HeldOut(l.Model.Weights); err == nil {
		t.Error("a run without held-out sentences has some")
	}
}

// TestHeldOutSettings: the defaults, what they leave alone, and what is refused.
func TestHeldOutSettings(t *testing.T) {
	c := predict(holding(0.1))
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	e := count(t, c, planted(1, 400))
	if c := e.Config; c.Rank != 32 || c.LR != 0.02 || c.Steps != 400 || c.Start != -3 || c.Init != 0.1 || c.Schedule != Constant || c.Patience != 20 {
		t.Errorf("%+v", c)
	}
	if got, want := e.Config.L2*float64(e.Counts.Total), 2.0; math.Abs(got-want) > 0.05*want {
		t.Errorf("λN = %g, want about %g", got, want)
	}
	for _, test := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.HoldOut = 1 }, "--holdout 1: give a share of the sentences between 0 and 1, such as 0.1"},
		{func(c *Config) { c.HoldOut = -0.1 }, "--holdout=-0.1: give a share"},
		{func(c *Config) { c.HoldOut = math.NaN() }, "--holdout NaN: give a share"},
		{func(c *Config) { c.HoldOut = math.Inf(1) }, "--holdout +Inf: give a share"},
		{func(c *Config) { c.Task = graph.Recall }, "--holdout 0.1: recall reproduces a table that was counted"},
		{func(c *Config) { c.Tolerance = 1 }, "--tolerance 1: with sentences held out"},
		{func(c *Config) { c.L2 = -0.5 }, "--l2=-0.5: this must not be negative"},
		{func(c *Config) { c.HoldOut, c.L2 = 0, UnsetL2 }, "--l2=-1: this must not be negative"},
		{func(c *Config) { c.Start = math.NaN() }, "--start NaN: give a finite number"},
	} {
		c := predict(holding(0.1), test.change)
		wantError(t, c.Validate(), test.want)
	}
}

// TestHeldOutTexts: texts at the edge of what can be parted give figures or an error
// that says what to do, never a NaN.
func TestHeldOutTexts(t *testing.T) {
	repeated := ""
	for n := 2; n < 60; n++ {
		repeated += strings.Repeat("a ", n) + "\n"
	}
	for _, test := range []struct{ name, text, wants string }{
		{"one sentence", "a b c\n", "--holdout 0.3: no "},
		{"one sentence again and again", strings.Repeat("a b c\n", 100), "only 1 different one:"},
		{"one word repeated", repeated, ""},
		{"two words a line", strings.ReplaceAll(noise(1, 200), " w", "\nw"), "two words"},
		{"no common words", func() string {
			var b strings.Builder
			for i := range 60 {
				fmt.Fprintf(&b, "x%d y%d z%d\n", i, i, i)
			}
			return b.String()
		}(), ""},
	} {
		c := predict(holding(0.3), steps(5))
		e, err := NewExperiment(c, text.FromText("text", test.text))
		if test.wants != "" {
			if err == nil || !strings.Contains(err.Error(), test.wants) {
				t.Errorf("%s: %v, want %q", test.name, err, test.wants)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		l := loop(t, e)
		if err := l.Run(context.Background()); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		marshalled(t, document(t, e, l)) // refuses NaN
	}
}
