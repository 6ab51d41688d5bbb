package train

import (
	"fmt"
	"math"
	"strings"

	"qk/data"
	"qk/graph"
)

// Config is every setting of a run. It is what a run directory records, and
// together with the text it determines the result to the bit.
type Config struct {
	// The text and how it becomes words, see [data.Options] and [data.Count].
	Corpus      string      `json:"corpus"`
	Tokens      data.Tokens `json:"tokens"`
	Boundary    bool        `json:"boundary"`
	KeepCase    bool        `json:"keep_case"`
	Punctuation bool        `json:"punctuation"`
	MinCount    uint64      `json:"min_count"`
	MaxVocab    int         `json:"max_vocab"`
	Context     int         `json:"context"`

	// The model, see [graph.Spec].
	Task      graph.Task      `json:"task"`
	Objective graph.Objective `json:"objective"`
	Null      bool            `json:"null"`
	OneHot    bool            `json:"one_hot"`
	Rank      int             `json:"rank"`
	Scaled    bool            `json:"scaled"`
	L2        float64         `json:"l2"`
	Graph     Graph           `json:"graph"`

	// The descent.
	Steps    int      `json:"steps"`
	Solver   string   `json:"solver"`
	LR       float64  `json:"lr"`
	Schedule Schedule `json:"schedule"`
	Momentum float64  `json:"momentum"` // of the solver momentum
	Beta1    float64  `json:"beta1"`    // of the solver adam
	Beta2    float64  `json:"beta2"`    // of the solver adam
	Init     float64  `json:"init"`     // standard deviation of the first weights
	Seed     uint64   `json:"seed"`

	// When to stop before Steps, see [Convergence].
	GradTol  float64 `json:"grad_tol"`
	Patience int     `json:"patience"`
}

// Graph says how the loss is computed. The result is the same within rounding.
type Graph string

// The graphs.
const (
	Auto  Graph = "auto"  // Fused where it is there and the text is not tiny
	Plain Graph = "plain" // elementary operations, as the formulas read
	Fused Graph = "fused" // one operation with its gradient; predict only
)

// Graphs lists every choice of graph, the default first.
func Graphs() []Graph { return []Graph{Auto, Plain, Fused} }

// plainCells is the size, in positions times words, up to which Auto takes the
// plain graph: a step takes a fraction of a millisecond either way, and what
// runs is what the formulas say.
const plainCells = 1 << 12

// chooseGraph settles Auto for a text.
func (c *Config) chooseGraph(counts *data.Counts) {
	if c.Graph != Auto {
		return
	}
	c.Graph = Plain
	if c.Task == graph.Predict && len(counts.Positions())*counts.V() > plainCells {
		c.Graph = Fused
	}
}

// Unset in Config.Rank, Steps or LR asks [Config.Complete] for the default.
const Unset = 0

// DefaultConfig returns the settings of a task when no flag is given. Rank,
// steps and rate are [Unset], as their defaults depend on more than the task.
//
// The solver's settings were chosen by measurement over 200 seeds a setting.
// With Adam at rate 0.1 on a cosine, first weights of standard deviation 0.5
// and 500 steps, every seed recovers the counted masks of all built-in corpora
// at ranks 1 to V, with and without the null slot and in the one-hot form, and
// the rows that the text says nothing about end with a range of scores below
// 10⁻³. Smaller first weights (0.1, 0.3) do as well there but are caught in
// worse optima on a list of 32,033 names; a constant rate spikes late in a run.
//
// The penalty of predict has to be there, or unrelated rows light up through
// the shared K, but may be tiny: Adam divides the gradient of a row that feels
// nothing but the penalty by its own size, so that the row falls to zero at full
// speed. 10⁻⁶ moves the loss of diary by less than 2·10⁻⁵ nats, 10⁻⁴ by
// 2.7·10⁻⁴. Recall has no such rows, and no penalty.
func DefaultConfig(task graph.Task) Config {
	c := Config{
		Corpus: "diary", Tokens: data.Words, MinCount: 1, Context: 16,
		Task: task, Objective: graph.CrossEntropy, Null: true, Graph: Auto,
		Solver: "adam", Schedule: Cosine, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Init: 0.5, Seed: 1,
		GradTol: 1e-9, Patience: 200,
	}
	if task == graph.Predict {
		c.L2 = 1e-6
	}
	return c
}

// Complete fills in what is [Unset] for a vocabulary of V words. The default
// rank of predict is 8, which is more than any built-in corpus needs; that of
// recall is V up to 64, with which every table can be reproduced, and 64 above.
func (c *Config) Complete(V int) {
	switch {
	case c.OneHot:
		c.Rank = V
	case c.Rank == Unset && c.Task == graph.Recall:
		c.Rank = min(V, 64)
	case c.Rank == Unset:
		c.Rank = min(V, 8)
	}
	if c.LR == Unset {
		c.LR = defaultRate(c.Solver)
	}
	if c.Steps == Unset {
		c.Steps = 500
		if c.Task == graph.Recall { // low ranks have long plateaus
			c.Steps = 1000
		}
	}
}

// FlagError says that the value of a flag cannot be used.
type FlagError struct {
	Flag  string // without the dashes
	Value string
	Why   string // what is wrong, and what to give instead
}

func (e *FlagError) Error() string {
	if strings.HasPrefix(e.Value, "-") {
		return fmt.Sprintf("--%s=%s: %s", e.Flag, e.Value, e.Why)
	}
	return fmt.Sprintf("--%s %s: %s", e.Flag, e.Value, e.Why)
}

// Validate checks every setting that can be judged without the text. Its error
// is a [*FlagError]. The zero values of rank, steps and rate stand for unset, so
// a caller that parses flags must refuse a zero that was typed.
func (c Config) Validate() error {
	switch {
	case c.Task != graph.Predict && c.Task != graph.Recall:
		return choice("task", string(c.Task), names(graph.Tasks()))
	case !contains(graph.Objectives(c.Task), c.Objective):
		if c.Task == graph.Predict && contains(graph.Objectives(graph.Recall), c.Objective) {
			return &FlagError{"objective", string(c.Objective), "the task predict has cross-entropy only: add --task recall"}
		}
		return choice("objective", string(c.Objective), names(graph.Objectives(c.Task)))
	case !contains(Solvers(), c.Solver):
		return choice("solver", c.Solver, Solvers())
	case !contains(Schedules(), c.Schedule):
		return choice("schedule", string(c.Schedule), names(Schedules()))
	case !contains(Graphs(), c.Graph):
		return choice("graph", string(c.Graph), names(Graphs()))
	case c.Graph == Fused && c.Task != graph.Predict:
		return &FlagError{"graph", string(c.Graph), "only the task predict has a fused graph: leave this out"}
	case c.Rank < 0:
		return &FlagError{"rank", fmt.Sprint(c.Rank), "Q and K need at least one column"}
	case c.Steps < 0:
		return &FlagError{"steps", fmt.Sprint(c.Steps), "a run needs at least one step"}
	case c.MaxVocab < 0:
		return &FlagError{"max-vocab", fmt.Sprint(c.MaxVocab), "give a number of words, or 0 for all"}
	case c.Context < 1:
		return &FlagError{"context", fmt.Sprint(c.Context), "an earlier word needs a context of at least 1"}
	case c.Patience < 0:
		return &FlagError{"patience", fmt.Sprint(c.Patience), "give a number of steps, or 0 to run to the end"}
	}
	if _, err := data.ParseTokens(string(c.Tokens)); err != nil {
		return choice("tokens", string(c.Tokens), names(data.KnownTokens()))
	}
	return c.validateRates()
}

// validateRates checks the real numbers.
func (c Config) validateRates() error {
	for _, r := range []struct {
		flag     string
		value    float64
		below    float64 // the value must be below this
		positive bool    // and above zero, else at least zero
	}{
		{"lr", c.LR, math.Inf(1), false},
		{"l2", c.L2, math.Inf(1), false},
		{"momentum", c.Momentum, 1, false},
		{"beta1", c.Beta1, 1, false},
		{"beta2", c.Beta2, 1, false},
		{"init", c.Init, math.Inf(1), true},
		{"grad-tol", c.GradTol, math.Inf(1), false},
	} {
		why := ""
		switch {
		case math.IsNaN(r.value):
			why = "this is not a number"
		case r.value < 0:
			why = "this must not be negative"
		case r.positive && r.value == 0 && !c.OneHot:
			why = "this must be above zero: with Q = K = 0 every gradient is zero and nothing is ever learned"
		case r.value >= r.below && math.IsInf(r.below, 1):
			why = "this must be finite"
		case r.value >= r.below:
			why = "this must be below 1"
		}
		if why != "" {
			return &FlagError{r.flag, fmt.Sprint(r.value), why}
		}
	}
	return nil
}

// Warnings lists what is allowed but hardly meant, for a vocabulary of V words.
func (c Config) Warnings(V int) []string {
	var w []string
	if c.Rank > V {
		w = append(w, fmt.Sprintf("--rank %d is above the size of the vocabulary, %d: QKᵀ has rank %d at most, so the further columns cost time and add nothing", c.Rank, V, V))
	}
	if c.L2 == 0 && c.Task == graph.Predict && !c.OneHot {
		w = append(w, "--l2 0: K is shared by all rows, so without a penalty rows that the text says nothing about light up too, and the check will say so")
	}
	return w
}

// Options returns the part of the settings that says how text becomes words.
func (c Config) Options() data.Options {
	return data.Options{
		Tokenizer: data.Tokenizer{Tokens: c.Tokens, KeepCase: c.KeepCase, Punctuation: c.Punctuation},
		Boundary:  c.Boundary, MinCount: c.MinCount, MaxVocab: c.MaxVocab,
	}
}

// Spec returns the part of the settings that describes the model.
func (c Config) Spec() graph.Spec {
	return graph.Spec{
		Task: c.Task, Objective: c.Objective, Null: c.Null, OneHot: c.OneHot,
		Rank: c.Rank, Scaled: c.Scaled, L2: c.L2, Fused: c.Graph == Fused,
	}
}

func choice(flag, value string, valid []string) error {
	why := "use one of " + strings.Join(valid, ", ")
	if near := data.Nearest(value, valid, 1); len(near) > 0 {
		why = fmt.Sprintf("did you mean %s? %s", near[0], why)
	}
	if value == "" {
		value = `""`
	}
	return &FlagError{flag, value, why}
}

func contains[S comparable](list []S, x S) bool {
	for _, s := range list {
		if s == x {
			return true
		}
	}
	return false
}

func names[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
