package train

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"qk/data/text"
	"qk/graph"
)

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
	case !slices.Contains(graph.Objectives(c.Task), c.Objective):
		if c.Task == graph.Predict && slices.Contains(graph.Objectives(graph.Recall), c.Objective) {
			return &FlagError{"objective", string(c.Objective), "the task predict has cross-entropy only: add --task recall"}
		}
		return choice("objective", string(c.Objective), names(graph.Objectives(c.Task)))
	case !slices.Contains(Solvers(), c.Solver):
		return choice("solver", c.Solver, Solvers())
	case !slices.Contains(Schedules(), c.Schedule):
		return choice("schedule", string(c.Schedule), names(Schedules()))
	case !slices.Contains(Graphs(), c.Graph):
		return choice("graph", string(c.Graph), names(Graphs()))
	case !slices.Contains(Precisions(), c.Precision):
		return choice("precision", string(c.Precision), names(Precisions()))
	case c.Precision == Float32 && c.Graph == Plain:
		return &FlagError{"precision", string(c.Precision), "the plain graph computes in float64: leave out --graph plain"}
	case c.Counts && c.Task == graph.Predict:
		return &FlagError{"counts", c.Corpus.String(), "predict learns from every place of the text, which the counts do not hold: add --task recall, or give the text with --corpus"}
	case c.Counts && !c.Table():
		return &FlagError{"counts", c.Corpus.String(), fmt.Sprintf("the mask that --objective %s learns hangs on every place of the text, which the counts do not hold: use cross-entropy or squared, or give the text with --corpus", c.Objective)}
	case c.Batch < 0:
		return &FlagError{"batch", fmt.Sprint(c.Batch), "give a number of rows, or 0 for all"}
	case c.Batch > 0 && c.Graph == Plain:
		return &FlagError{"batch", fmt.Sprint(c.Batch), "the plain graph sees all rows at every step: leave out --graph plain"}
	case c.Batch > 0 && c.Tolerance > 0:
		return &FlagError{"tolerance", fmt.Sprint(c.Tolerance), "the loss of a batch is not that of the whole text: leave out --batch"}
	case c.Rank < 0:
		return &FlagError{"rank", fmt.Sprint(c.Rank), "Q and K need at least one column"}
	case c.Steps < 0:
		return &FlagError{"steps", fmt.Sprint(c.Steps), "a run needs at least one step"}
	case c.MaxVocab < 0:
		return &FlagError{"max-vocab", fmt.Sprint(c.MaxVocab), "give a number of words, or 0 for all"}
	case c.HoldOut != 0 && !(c.HoldOut > 0 && c.HoldOut < 1): // NaN too
		return &FlagError{"holdout", fmt.Sprint(c.HoldOut), "give a share of the sentences between 0 and 1, such as 0.1"}
	case c.HoldOut > 0 && c.Task == graph.Recall:
		return &FlagError{"holdout", fmt.Sprint(c.HoldOut), "recall reproduces a table that was counted, and no other text can tell how well: leave this out, or use the task predict"}
	case c.HoldOut > 0 && c.Tolerance > 0:
		return &FlagError{"tolerance", fmt.Sprint(c.Tolerance), "with sentences held out a run stops by the loss of those for tuning: leave this out, or set --patience"}
	case math.IsNaN(c.Start) || math.IsInf(c.Start, 0):
		return &FlagError{"start", fmt.Sprint(c.Start), "give a finite number"}
	case c.Context < 1:
		return &FlagError{"context", fmt.Sprint(c.Context), "an earlier word needs a context of at least 1"}
	case c.Patience < 0:
		return &FlagError{"patience", fmt.Sprint(c.Patience), "give a number of steps, or 0 to run to the end"}
	}
	if _, err := text.ParseTokens(string(c.Tokens)); err != nil {
		return choice("tokens", string(c.Tokens), names(text.KnownTokens()))
	}
	return c.validateRates()
}

// validateRates checks the real numbers.
func (c Config) validateRates() error {
	l2 := c.L2
	if c.HoldOut > 0 && l2 == UnsetL2 {
		l2 = 0
	}
	for _, r := range []struct {
		flag     string
		value    float64
		below    float64 // the value must be below this
		positive bool    // and above zero, else at least zero
	}{
		{"lr", c.LR, math.Inf(1), false},
		{"l2", l2, math.Inf(1), false},
		{"momentum", c.Momentum, 1, false},
		{"beta1", c.Beta1, 1, false},
		{"beta2", c.Beta2, 1, false},
		{"init", c.Init, math.Inf(1), true},
		{"grad-tol", c.GradTol, math.Inf(1), false},
		{"tolerance", c.Tolerance, math.Inf(1), false},
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
