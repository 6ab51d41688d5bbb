package train

import (
	"fmt"
	"strings"

	"qk/data"
	"qk/data/text"
	"qk/graph"
)

// Config is every setting of a run. It is what a run directory records, and
// together with the text it determines the result to the bit.
type Config struct {
	// The text and how it becomes words, see [data.Options] and [data.Count].
	Corpus      CorpusNames `json:"corpus"`
	Counts      bool        `json:"counts,omitempty"` // Corpus is a directory of counts, see [CountDir]
	Tokens      text.Tokens `json:"tokens"`
	Boundary    bool        `json:"boundary"`
	KeepCase    bool        `json:"keep_case"`
	Punctuation bool        `json:"punctuation"`
	MinCount    uint64      `json:"min_count"`
	MaxVocab    int         `json:"max_vocab"`
	Context     int         `json:"context"`
	// HoldOut is the share of the sentences that are held out, see [data.Part], or 0:
	// then the text is told with its own counts.
	HoldOut float64 `json:"holdout"`

	// The model, see [graph.Spec].
	Task      graph.Task      `json:"task"`
	Objective graph.Objective `json:"objective"`
	Null      bool            `json:"null"`
	OneHot    bool            `json:"one_hot"`
	Rank      int             `json:"rank"`
	Scaled    bool            `json:"scaled"`
	L2        float64         `json:"l2"`
	Graph     Graph           `json:"graph"`
	Precision Precision       `json:"precision"`

	// The descent.
	Steps    int      `json:"steps"`
	Batch    int      `json:"batch"` // rows of a step, see [graph.Batch]; 0 for all
	Solver   string   `json:"solver"`
	LR       float64  `json:"lr"`
	Schedule Schedule `json:"schedule"`
	Momentum float64  `json:"momentum"` // of the solver momentum
	Beta1    float64  `json:"beta1"`    // of the solver adam
	Beta2    float64  `json:"beta2"`    // of the solver adam
	Init     float64  `json:"init"`     // standard deviation of the first weights
	Start    float64  `json:"start"`    // where all scores start, see [graph.Weights.Start]; 0 for where Init leaves them
	Seed     uint64   `json:"seed"`

	// When to stop before Steps, see [Convergence].
	GradTol   float64 `json:"grad_tol"`
	Patience  int     `json:"patience"`
	Tolerance float64 `json:"tolerance"`
}

// Unset in Config.Rank, Steps or LR asks [Config.Complete] for the default, and
// UnsetL2 in Config.L2 for the one that goes with the number of positions.
const (
	Unset   = 0
	UnsetL2 = -1
)

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
// A run that holds sentences out has settings of its own, see tuneHeldOut. Recall
// with cross-entropy has, too, see [Config.Tune] and [Config.Complete]. Steps until the loss is within 10⁻³ nats of the floor, as
// median [least–most] of 5 seeds, for a dense table of 27 words at rank 27, a
// dense table of 1000 words of Zipf frequencies whose logits have rank 9 at rank 32,
// and names as characters with boundaries at rank 27; and how far names ends
// above the floor with the worst seed. On a cosine, over 500 steps for the last
// four in the tables of 27 words, else over 1000:
//
//	rate  β₁   β₂     dense       Zipf         names          end
//	0.1   0.9  0.999  63 [58–64]  68 [67–70]   83 [81–92]     3.6·10⁻⁵
//	0.2   0.9  0.999  59 [56–61]  63 [62–63]   73 [69–96]     1.4·10⁻⁵
//	0.3   0.9  0.999  63 [61–77]  64 [63–64]   72 [70–89]     2.9·10⁻³, constant rate
//	0.2   0.8  0.995  33 [32–46]  35 [34–36]   70 [51–81]     4.0·10⁻⁵, the default
//	0.2   0.8  0.99   33 [32–48]  35 [34–36]   68 [52–83]     2.9·10⁻⁵
//	0.2   0.7  0.995  41 [34–45]  42 [26–258]  158 [99–176]   4.6·10⁻⁵
//	0.3   0.8  0.995  43 [40–51]  34 [34–64]   87 [68–93]     3.5·10⁻⁵
//
// First weights of 0.2 are faster still on the dense tables but are caught at rank
// 4 on names in an optimum that is 0.014 nats worse. A patience of 200
// ends some runs while the rate is still too high: at rank 4 on names 5·10⁻⁴ nats
// too early with the worst of 20 seeds; with 400, ranks 1 to 4 end within 10⁻⁵ of
// the old settings. Fewer than 1000
// steps end worse at ranks below V: 500 by 0.01 to 0.03 nats on a sparse Zipf
// table of 1000 words at rank 32, one seed. The decays do not suit the squared distance, of
// which up to 3 in 20 runs then fail.
//
// The penalty of predict has to be there, or unrelated rows light up through
// the shared K, but may be tiny: Adam divides the gradient of a row that feels
// nothing but the penalty by its own size, so that the row falls to zero at full
// speed. 10⁻⁶ moves the loss of diary by less than 2·10⁻⁵ nats, 10⁻⁴ by
// 2.7·10⁻⁴. Recall has no such rows, and no penalty.
func DefaultConfig(task graph.Task) Config {
	c := Config{
		Corpus: "diary", Tokens: text.Words, MinCount: 1, Context: 16,
		Task: task, Objective: graph.CrossEntropy, Null: true, Graph: Auto, Precision: AutoPrecision,
		Solver: "adam", Momentum: 0.9, Seed: 1,
		GradTol: 1e-9,
	}
	c.Tune()
	return c
}

// Complete fills in what is [Unset] for a vocabulary of V words. The default
// rank of predict is 8, which is more than any built-in corpus needs, and up to 32
// where sentences are held out; that of recall is V up to 64, with which every table can be reproduced, and 64 above.
func (c *Config) Complete(V int) {
	switch {
	case c.OneHot:
		c.Rank = V
	case c.Rank == Unset && c.Task == graph.Recall:
		c.Rank = min(V, 64)
	case c.Rank == Unset && c.HoldOut > 0:
		c.Rank = min(V, 32)
	case c.Rank == Unset:
		c.Rank = min(V, 8)
	}
	if c.LR == Unset {
		c.LR = defaultRate(c.Solver)
		switch {
		case c.Solver == "adam" && c.fitsTable():
			c.LR = 0.2
		case c.HoldOut > 0:
			c.LR = heldOutRate(c.Solver)
		}
	}
	if c.Steps == Unset && c.HoldOut > 0 {
		c.Steps = heldOutSteps
	}
	if c.Steps == Unset {
		c.Steps = 500
		if c.Task == graph.Recall && (c.Rank < V || c.OneHot || !c.fitsTable()) { // low ranks have long plateaus
			c.Steps = 1000
		}
	}
}

// Tune sets the decays of Adam, the patience, the schedule, the penalty and the
// first weights to the defaults of the task, the objective, the batch and the
// share held out, for whoever changes these after [DefaultConfig].
func (c *Config) Tune() {
	c.Beta1, c.Beta2, c.Patience = 0.9, 0.999, 200
	c.Schedule, c.Init, c.Start, c.L2 = Cosine, 0.5, 0, 0
	if c.Task == graph.Predict {
		c.L2 = 1e-6
	}
	switch {
	case c.fitsTable():
		c.Beta1, c.Beta2, c.Patience = 0.8, 0.995, 400
	case c.HoldOut > 0:
		c.tuneHeldOut()
	}
}

// fitsTable tells whether the run is recall with cross-entropy over all rows. The
// settings for it were not measured with batches, whose gradients are noisy.
func (c Config) fitsTable() bool {
	return c.Task == graph.Recall && c.Objective == graph.CrossEntropy && c.Batch == 0
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

// Table tells whether the run learns the table of transitions P(y|w): recall with
// any objective but logistic. No earlier word has a part in it, so that neither
// pairs nor masks are needed.
func (c Config) Table() bool {
	return c.Task == graph.Recall && c.Objective != graph.Logistic
}

// Options returns the part of the settings that says how text becomes words.
func (c Config) Options() data.Options {
	return data.Options{
		Tokenizer: text.Tokenizer{Tokens: c.Tokens, KeepCase: c.KeepCase, Punctuation: c.Punctuation},
		Boundary:  c.Boundary, MinCount: c.MinCount, MaxVocab: c.MaxVocab, HoldOut: c.HoldOut,
	}
}

// Spec returns the part of the settings that describes the model.
func (c Config) Spec() graph.Spec {
	return graph.Spec{
		Task: c.Task, Objective: c.Objective, Null: c.Null, OneHot: c.OneHot,
		Rank: c.Rank, Scaled: c.Scaled, L2: c.L2, Fused: c.Graph == Fused, Float32: c.Precision == Float32,
	}
}

func choice(flag, value string, valid []string) error {
	why := "use one of " + strings.Join(valid, ", ")
	if near := text.Nearest(value, valid, 1); len(near) > 0 {
		why = fmt.Sprintf("did you mean %s? %s", near[0], why)
	}
	if value == "" {
		value = `""`
	}
	return &FlagError{flag, value, why}
}

func names[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
