package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// textFlags adds the flags that say which text is read and how.
func textFlags(cmd *cobra.Command, c *train.Config) {
	wordFlags(cmd, c)
	f := cmd.Flags()
	f.Uint64Var(&c.MinCount, "min-count", c.MinCount, "words of fewer occurrences become <unk>")
	f.IntVar(&c.MaxVocab, "max-vocab", c.MaxVocab, "keep so many words, the most frequent, and make the others <unk>; 0 keeps all")
	contextFlag(cmd, c)
}

// wordFlags adds the flags that say which text is read and what its words are.
func wordFlags(cmd *cobra.Command, c *train.Config) {
	f := cmd.Flags()
	f.SortFlags = false // text, model, descent: the order of the steps
	f.Var(&corpusFlag{value: &c.Corpus}, "corpus", "text to learn from: coat, candle or diary (built in), a file, plain, .gz or .zst, a directory of files, or - for standard input; a sentence is a line; more than once for several texts")
	f.Var(choiceFlag(&c.Tokens), "tokens", "what a word is: words (Unicode), chars, or fields (between white space)")
	f.BoolVar(&c.Boundary, "boundary", c.Boundary, "put the word <s> at both ends of every sentence")
	f.BoolVar(&c.KeepCase, "keep-case", c.KeepCase, "do not fold to lower case")
	f.BoolVar(&c.Punctuation, "punctuation", c.Punctuation, "keep punctuation marks as words")
	complete(cmd, "corpus", text.BuiltIn())
	complete(cmd, "tokens", texts(text.KnownTokens()))
}

// contextFlag adds the flag that says how far back earlier words are.
func contextFlag(cmd *cobra.Command, c *train.Config) {
	cmd.Flags().IntVar(&c.Context, "context", c.Context, "how many words before the current one count as earlier words")
}

// holdOutFlag adds the flag that sets sentences aside.
func holdOutFlag(cmd *cobra.Command, c *train.Config) {
	cmd.Flags().Float64Var(&c.HoldOut, "holdout", c.HoldOut, "hold out this share of the sentences, and report how what was learned does on them, such as 0.1")
}

// modelFlags adds the flags that describe the model.
func modelFlags(cmd *cobra.Command, c *train.Config) {
	taskFlags(cmd, c)
	f := cmd.Flags()
	f.BoolVar(&c.OneHot, "one-hot", c.OneHot, "fix Q to the identity and learn K alone, the literal lookup")
	f.IntVar(&c.Rank, "rank", c.Rank, "columns of Q and K (default 8, or up to 32 with --holdout, or up to 64 for recall)")
	formFlags(cmd, c)
	f.Float64Var(&c.L2, "l2", c.L2, "penalty on the squares of Q and K (default 1e-6, or 2 over the number of positions with --holdout, or 0 for recall)")
	f.Var(choiceFlag(&c.Graph), "graph", "plain: elementary operations; fused: one operation, much faster; auto: fused unless the text is tiny")
	f.Var(choiceFlag(&c.Precision), "precision", "float64, or float32, which is twice as fast; auto: float64 unless a step takes long")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of the first weights")
	f.Float64Var(&c.Init, "init", c.Init, "standard deviation of the first weights (default 0.5, or 0.1 with --holdout)")
	f.Float64Var(&c.Start, "start", c.Start, "score at which all pairs start; far below 0, attention starts at the null slot (default −3 with --holdout, else where the first weights are)")
	for _, name := range []string{"rank", "l2", "init", "start"} {
		f.Lookup(name).DefValue = "0" // the text says what holds
	}
	complete(cmd, "graph", texts(train.Graphs()))
	complete(cmd, "precision", texts(train.Precisions()))
}

// taskFlags adds the flags that say what is learned.
func taskFlags(cmd *cobra.Command, c *train.Config) {
	f := cmd.Flags()
	f.Var(choiceFlag(&c.Task), "task", "predict: learn from next words alone; recall: learn to reproduce a counted table")
	f.Var(choiceFlag(&c.Objective), "objective", "of recall: cross-entropy, squared or logistic")
	complete(cmd, "task", texts(graph.Tasks()))
	complete(cmd, "objective", texts(graph.Objectives(graph.Recall)))
}

// formFlags adds the flags that say how scores become attention.
func formFlags(cmd *cobra.Command, c *train.Config) {
	f := cmd.Flags()
	f.BoolVar(&c.Null, "null", c.Null, "a slot for \"attend to nothing\"; --null=false is the plain form")
	f.BoolVar(&c.Scaled, "scaled", c.Scaled, "divide the scores by the square root of the rank, as transformers do")
}

// descentFlags adds the flags of the gradient descent.
func descentFlags(cmd *cobra.Command, c *train.Config) {
	f := cmd.Flags()
	f.IntVar(&c.Steps, "steps", c.Steps, "stop after so many steps (default 500, or 400 with --holdout, or 1000 for recall, unless with cross-entropy at full rank)")
	f.IntVar(&c.Batch, "batch", c.Batch, "rows that a step sees, drawn by how often they occur: words of recall, positions of predict; 0 for all")
	f.Float64Var(&c.LR, "lr", c.LR, "learning rate (default 0.1 for adam, or 0.2 for recall with cross-entropy, 0.3 for momentum, 1 for sgd; with --holdout 0.02, 30 and 300)")
	f.StringVar(&c.Solver, "solver", c.Solver, "adam, momentum or sgd")
	f.Var(choiceFlag(&c.Schedule), "schedule", "how the rate falls: cosine, linear or constant (default cosine, or constant with --holdout)")
	f.Float64Var(&c.Momentum, "momentum", c.Momentum, "decay of the velocity, for momentum")
	f.Float64Var(&c.Beta1, "beta1", c.Beta1, "decay of the mean gradient, for adam (default 0.9, or 0.8 for recall with cross-entropy)")
	f.Float64Var(&c.Beta2, "beta2", c.Beta2, "decay of the mean squared gradient, for adam (default 0.999, or 0.995 for recall with cross-entropy)")
	f.Float64Var(&c.GradTol, "grad-tol", c.GradTol, "stop when the norm of the gradient is at most this; 0 never")
	f.IntVar(&c.Patience, "patience", c.Patience, "stop when the loss has not fallen for so many steps, with --holdout that of the tuning sentences; 0 never (default 200, or 20 with --holdout, or 400 for recall with cross-entropy)")
	f.Float64Var(&c.Tolerance, "tolerance", c.Tolerance, "stop when the loss is within this of the lowest possible, in nats, where that is known; 0 never")
	f.Lookup("schedule").DefValue = ""
	for _, name := range []string{"steps", "lr", "beta1", "beta2", "patience"} {
		f.Lookup(name).DefValue = "0" // the text says what holds
	}
	complete(cmd, "solver", train.Solvers())
	complete(cmd, "schedule", texts(train.Schedules()))
}

// settle puts in the defaults that depend on other flags and checks what was
// typed.
func settle(f *pflag.FlagSet, c *train.Config) error {
	return c.Settle(func(name string) bool { return f.Lookup(name) != nil && f.Changed(name) })
}

// choice is a flag whose value is one of a few words. What is typed is checked
// by [train.Config.Validate], which proposes the nearest.
type choice[S ~string] struct{ value *S }

func choiceFlag[S ~string](value *S) pflag.Value { return choice[S]{value} }

func (c choice[S]) String() string {
	if c.value == nil {
		return ""
	}
	return string(*c.value)
}

func (c choice[S]) Set(s string) error { *c.value = S(s); return nil }
func (c choice[S]) Type() string       { return "name" }

// corpusFlag is a flag that names a text each time that it is given.
type corpusFlag struct {
	value *train.CorpusNames
	given bool // the default has been replaced
}

func (c *corpusFlag) String() string {
	if c.value == nil {
		return ""
	}
	return c.value.String()
}

func (c *corpusFlag) Set(name string) error {
	names := []string{name}
	if c.given {
		names = append(c.value.Names(), name)
	}
	*c.value, c.given = train.NameCorpus(names...), true
	return nil
}

func (c *corpusFlag) Type() string { return "string" }

func complete(cmd *cobra.Command, flag string, values []string) {
	// The error is that of a flag that does not exist, which a test would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveDefault))
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
