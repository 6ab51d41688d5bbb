package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"qk/data/text"
	"qk/graph"
)

// TestValidate gives every setting every kind of bad value. The message names
// the flag and the value, and says what is wrong or what to give instead.
func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Task = "" }, `--task "": use one of predict, recall`},
		{func(c *Config) { c.Task = "recal" }, "--task recal: did you mean recall? use one of predict, recall"},
		{func(c *Config) { c.Task = "xyzzyxyzzy" }, "--task xyzzyxyzzy: use one of predict, recall"},
		{func(c *Config) { c.Objective = "" }, `--objective "": use one of cross-entropy`},
		{func(c *Config) { c.Objective = "squared" }, "--objective squared: the task predict has cross-entropy only: add --task recall"},
		{func(c *Config) { c.Task, c.Objective = graph.Recall, "square" }, "--objective square: did you mean squared? use one of cross-entropy, squared, logistic"},
		{func(c *Config) { c.Solver = "Adam" }, "--solver Adam: did you mean adam? use one of adam, momentum, sgd"},
		{func(c *Config) { c.Schedule = "cos" }, "--schedule cos: did you mean cosine? use one of cosine, linear, constant"},
		{func(c *Config) { c.Tokens = "word" }, "--tokens word: did you mean words? use one of words, chars, fields"},
		{func(c *Config) { c.Graph = "" }, `--graph "": use one of auto, plain, fused`},
		{func(c *Config) { c.Graph = "fuse" }, "--graph fuse: did you mean fused? use one of auto, plain, fused"},
		{func(c *Config) { c.Rank = -1 }, "--rank=-1: Q and K need at least one column"},
		{func(c *Config) { c.Steps = -5 }, "--steps=-5: a run needs at least one step"},
		{func(c *Config) { c.MaxVocab = -2 }, "--max-vocab=-2: give a number of words, or 0 for all"},
		{func(c *Config) { c.Context = 0 }, "--context 0: an earlier word needs a context of at least 1"},
		{func(c *Config) { c.Context = -3 }, "--context=-3: an earlier word"},
		{func(c *Config) { c.Patience = -1 }, "--patience=-1: give a number of steps, or 0 to run to the end"},

		{func(c *Config) { c.LR = -0.1 }, "--lr=-0.1: this must not be negative"},
		{func(c *Config) { c.LR = nan }, "--lr NaN: this is not a number"},
		{func(c *Config) { c.LR = inf }, "--lr +Inf: this must be finite"},
		{func(c *Config) { c.LR = -inf }, "--lr=-Inf: this must not be negative"},
		{func(c *Config) { c.L2 = -1e-6 }, "--l2=-1e-06: this must not be negative"},
		{func(c *Config) { c.L2 = nan }, "--l2 NaN: this is not a number"},
		{func(c *Config) { c.L2 = inf }, "--l2 +Inf: this must be finite"},
		{func(c *Config) { c.Momentum = 1 }, "--momentum 1: this must be below 1"},
		{func(c *Config) { c.Momentum = -0.5 }, "--momentum=-0.5: this must not be negative"},
		{func(c *Config) { c.Momentum = nan }, "--momentum NaN: this is not a number"},
		{func(c *Config) { c.Momentum = inf }, "--momentum +Inf: this must be below 1"},
		{func(c *Config) { c.Beta1 = 1 }, "--beta1 1: this must be below 1"},
		{func(c *Config) { c.Beta1 = -1 }, "--beta1=-1: this must not be negative"},
		{func(c *Config) { c.Beta1 = nan }, "--beta1 NaN: this is not a number"},
		{func(c *Config) { c.Beta2 = 1.5 }, "--beta2 1.5: this must be below 1"},
		{func(c *Config) { c.Beta2 = nan }, "--beta2 NaN: this is not a number"},
		{func(c *Config) { c.Init = 0 }, "--init 0: this must be above zero: with Q = K = 0 every gradient is zero"},
		{func(c *Config) { c.Init = -0.5 }, "--init=-0.5: this must not be negative"},
		{func(c *Config) { c.Init = nan }, "--init NaN: this is not a number"},
		{func(c *Config) { c.Init = inf }, "--init +Inf: this must be finite"},
		{func(c *Config) { c.GradTol = -1 }, "--grad-tol=-1: this must not be negative"},
		{func(c *Config) { c.Tolerance = -1 }, "--tolerance=-1: this must not be negative"},
		{func(c *Config) { c.Tolerance, c.Batch = 1, 1 }, "--tolerance 1: the loss of a batch is not that of the whole text: leave out --batch"},
		{func(c *Config) { c.GradTol = nan }, "--grad-tol NaN: this is not a number"},
		{func(c *Config) { c.GradTol = inf }, "--grad-tol +Inf: this must be finite"},
	} {
		c := predict(test.change)
		err := c.Validate()
		wantError(t, err, test.want)
		var flag *FlagError
		if !errors.As(err, &flag) || !strings.HasPrefix(test.want, "--"+flag.Flag) || flag.Why == "" {
			t.Errorf("error %#v", err)
		}
	}
}

// TestValidateAccepts the ends of what is allowed.
func TestValidateAccepts(t *testing.T) {
	for _, task := range graph.Tasks() {
		for _, o := range graph.Objectives(task) {
			for _, s := range Solvers() {
				for _, schedule := range Schedules() {
					c := DefaultConfig(task)
					c.Objective, c.Solver, c.Schedule = o, s, schedule
					must(t, c.Validate())
				}
			}
		}
	}
	for _, tokens := range text.KnownTokens() {
		must(t, predict(func(c *Config) { c.Tokens = tokens }).Validate())
	}
	must(t, predict(func(c *Config) {
		c.Momentum, c.Beta1, c.Beta2, c.L2, c.GradTol, c.Patience, c.Context, c.MaxVocab, c.MinCount = 0, 0, 0, 0, 0, 0, 1, 0, 0
	}).Validate())
	must(t, predict(func(c *Config) { c.Init, c.LR, c.L2 = 1e300, 1e300, 1e300 }).Validate())
	must(t, predict(func(c *Config) { c.OneHot, c.Init = true, 0 }).Validate()) // draws nothing
	for _, g := range Graphs() {
		must(t, predict(func(c *Config) { c.Graph = g }).Validate())
	}
}

// TestComplete fills in what is unset and nothing else.
func TestComplete(t *testing.T) {
	for _, test := range []struct {
		config      Config
		V           int
		rank, steps int
		lr          float64
	}{
		{predict(), 13, 8, 500, 0.1},
		{predict(), 5, 5, 500, 0.1},
		{recall(graph.CrossEntropy), 13, 13, 500, 0.2},
		{recall(graph.CrossEntropy), 1000, 64, 1000, 0.2},
		{recall(graph.CrossEntropy, func(c *Config) { c.OneHot = true }), 13, 13, 1000, 0.2},
		{recall(graph.CrossEntropy, func(c *Config) { c.Solver = "sgd" }), 13, 13, 500, 1},
		{recall(graph.Squared), 1000, 64, 1000, 0.1},
		{predict(func(c *Config) { c.Solver = "sgd" }), 13, 8, 500, 1},
		{predict(func(c *Config) { c.Solver = "momentum" }), 13, 8, 500, 0.3},
		{predict(func(c *Config) { c.OneHot = true }), 13, 13, 500, 0.1},
		{predict(func(c *Config) { c.OneHot, c.Rank = true, 4 }), 13, 13, 500, 0.1},
		{predict(func(c *Config) { c.Rank, c.Steps, c.LR = 40, 7, 2.5 }), 13, 40, 7, 2.5},
	} {
		want := test.config
		want.Rank, want.Steps, want.LR = test.rank, test.steps, test.lr
		got := test.config
		got.Complete(test.V)
		if got != want {
			t.Errorf("V = %d: %+v, want %+v", test.V, got, want)
		}
		again := got
		if again.Complete(test.V); again != got {
			t.Errorf("completed twice: %+v and %+v", got, again)
		}
		must(t, got.Validate())
	}
}

// TestWarnings are about what is allowed and hardly meant.
func TestWarnings(t *testing.T) {
	for _, test := range []struct {
		change func(*Config)
		want   []string // how each warning starts
	}{
		{func(*Config) {}, nil},
		{ranked(13), nil},
		{ranked(14), []string{"--rank 14 is above the size of the vocabulary, 13"}},
		{func(c *Config) { c.L2 = 0 }, []string{"--l2 0: K is shared by all rows"}},
		{func(c *Config) { c.L2, c.OneHot = 0, true }, nil},
		{func(c *Config) { c.L2, c.Task = 0, graph.Recall }, nil},
		{func(c *Config) { c.L2, c.Rank = 0, 99 }, []string{"--rank 99", "--l2 0"}},
	} {
		got := predict(test.change).Warnings(13)
		if len(got) != len(test.want) {
			t.Errorf("%q, want %q", got, test.want)
			continue
		}
		for i := range got {
			wantText(t, "the warning", got[i], test.want[i])
		}
	}
	// A run with such settings records them.
	d, _, _ := newRun(t, predict(steps(1), ranked(20)))
	if r, err := ReadRecord(d.Path); err != nil || len(r.Warnings) != 1 {
		t.Errorf("record %+v, %v", r, err)
	}
}

// TestRankTooLargeForMemory is refused before any memory is asked for.
func TestRankTooLargeForMemory(t *testing.T) {
	_, err := NewExperiment(predict(ranked(math.MaxInt)), text.FromText("text", "a b c"))
	wantError(t, err, "--rank 9223372036854775807", "would not fit into memory")
}

// TestOneHotTooLargeForMemory: K [V,V] is too large from V = 11,586 on, whose
// square is above 2²⁷.
func TestOneHotTooLargeForMemory(t *testing.T) {
	var content strings.Builder
	for i := range 11586 {
		fmt.Fprintf(&content, "w%d ", i)
	}
	_, err := NewExperiment(predict(func(c *Config) { c.OneHot, c.Context = true, 1 }), text.FromText("text", content.String()))
	wantError(t, err, "--one-hot true", "K [11586,11586] would not fit into memory", "--max-vocab")
}

// TestConfigJSON: a configuration that was written and read back is equal, to
// the bit, whatever numbers it holds.
func TestConfigJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for i := range 500 {
		c := predict(seeded(rng.Uint64()))
		if i%2 == 1 {
			c = recall(graph.Logistic)
		}
		for _, x := range []*float64{&c.LR, &c.L2, &c.Momentum, &c.Beta1, &c.Beta2, &c.Init, &c.GradTol} {
			for *x = math.NaN(); math.IsNaN(*x) || math.IsInf(*x, 0); {
				*x = math.Float64frombits(rng.Uint64())
			}
		}
		c.Corpus, c.Scaled, c.MaxVocab, c.MinCount = "a <b> & \"c\" \u2028", i%3 == 0, rng.IntN(1<<40), rng.Uint64()
		text, err := json.Marshal(c)
		must(t, err)
		var back Config
		must(t, json.Unmarshal(text, &back))
		if back != c {
			t.Fatalf("%+v became %+v", c, back)
		}
	}
}
