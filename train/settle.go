package train

import (
	"fmt"
	"slices"
)

// Settle puts in the defaults that depend on other settings, see [Config.Tune], and
// checks everything that can be judged without the text. given tells of a setting,
// by its name, whether it was typed; the others hold what [DefaultConfig] has. The
// error is a [*FlagError].
func (c *Config) Settle(given func(name string) bool) error {
	typed := *c
	c.Tune()
	for _, s := range []struct {
		name string
		keep func()
	}{
		{"schedule", func() { c.Schedule = typed.Schedule }},
		{"patience", func() { c.Patience = typed.Patience }},
		{"l2", func() { c.L2 = typed.L2 }},
		{"init", func() { c.Init = typed.Init }},
		{"start", func() { c.Start = typed.Start }},
		{"beta1", func() { c.Beta1 = typed.Beta1 }},
		{"beta2", func() { c.Beta2 = typed.Beta2 }},
	} {
		if given(s.name) {
			s.keep()
		}
	}
	if given("counts") {
		if i := slices.IndexFunc(countedSettings(), given); i >= 0 {
			return &FlagError{"counts", c.Corpus.String(), fmt.Sprintf("the words are counted already, as the settings there say: leave this or --%s out", countedSettings()[i])}
		}
	}
	switch {
	case given("rank") && c.Rank == 0:
		return &FlagError{"rank", "0", "Q and K need at least one column"}
	case given("rank") && c.OneHot:
		return &FlagError{"rank", fmt.Sprint(c.Rank), "the one-hot form has rank V: leave out --rank or --one-hot"}
	case given("l2") && c.L2 < 0:
		return &FlagError{"l2", fmt.Sprint(c.L2), "this must not be negative"}
	case given("holdout") && c.HoldOut == 0:
		return &FlagError{"holdout", "0", "give a share of the sentences between 0 and 1, such as 0.1, or leave this out"}
	case given("steps") && c.Steps == 0:
		return &FlagError{"steps", "0", "a run needs at least one step"}
	case given("lr") && c.LR == 0:
		return &FlagError{"lr", "0", "at a rate of zero nothing is learned"}
	}
	return c.Validate()
}

// countedSettings are those of a text, which counts have behind them.
func countedSettings() []string {
	return []string{"corpus", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context"}
}
