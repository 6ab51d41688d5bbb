package main

import (
	"slices"
	"strings"

	"qk/graph"
	"qk/train"
)

// textSettings are the settings that a directory of counts has behind it.
var textSettings = []string{"corpus", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context", "holdout"}

// modelSettings are the further settings on which the defaults of others hang.
var modelSettings = []string{"task", "objective", "one-hot", "null", "scaled", "solver", "batch"}

// commandLine is the `qk train` that trains a run of a complete configuration over V
// words once more: the settings that are not what qk train takes by itself. Graph and
// precision are left to it, which chooses them by the text.
func commandLine(c train.Config, V int) string {
	effective, idle := c.Effective()
	given := map[string]bool{}
	base := train.DefaultConfig(graph.Predict)
	words := []string{"qk", "train"}
	take := func(names ...string) {
		for _, name := range names {
			s, _ := train.FindSetting(name)
			if _, without := idle[name]; without || s.Text(base) == s.Text(effective) {
				continue
			}
			given[name] = true
			_ = s.Set(&base, s.Text(effective)) // a run had this value
			words = append(words, flagsOf(s, effective)...)
		}
	}
	if c.Counts {
		words = append(words, "--counts", shellWord(c.Corpus.Names()[0]))
	} else {
		take(textSettings...)
	}
	take(modelSettings...)
	_ = base.Settle(func(name string) bool { return given[name] }) // it may yet lack something
	base.Complete(V)
	for _, s := range train.Settings() {
		if s.Name != "counts" && s.Name != "graph" && s.Name != "precision" && !slices.Contains(textSettings, s.Name) && !slices.Contains(modelSettings, s.Name) {
			take(s.Name)
		}
	}
	return strings.Join(words, " ")
}

// flagsOf writes a setting of a run as flags for a shell.
func flagsOf(s train.Setting, c train.Config) []string {
	switch {
	case s.Name == "corpus":
		var flags []string
		for _, name := range c.Corpus.Names() {
			flags = append(flags, "--corpus", shellWord(name))
		}
		return flags
	case s.Kind == train.BoolValue && s.Text(c) == "true":
		return []string{"--" + s.Name}
	case s.Kind == train.BoolValue || strings.HasPrefix(s.Text(c), "-"):
		return []string{"--" + s.Name + "=" + s.Text(c)} // false, or a number
	}
	return []string{"--" + s.Name, shellWord(s.Text(c))}
}
