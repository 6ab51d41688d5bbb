package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qk/data/text"
	"qk/graph"
)

// ValueKind says which values a setting takes.
type ValueKind int

// The kinds of values.
const (
	PathValue   ValueKind = iota // a text, or a directory of counts
	ChoiceValue                  // one of a few words
	BoolValue                    // true or false
	WholeValue                   // a whole number
	RealValue                    // any number
)

// Setting is one setting of a run, by the name that its flag has.
type Setting struct {
	Name string
	Kind ValueKind
	at   func(*Config) any // where its value is
}

// Settings lists all settings in the order of the flags: text, model, descent.
func Settings() []Setting {
	return []Setting{
		{"corpus", PathValue, func(c *Config) any { return &c.Corpus }},
		{"counts", PathValue, func(c *Config) any { return &c.Corpus }},
		{"tokens", ChoiceValue, func(c *Config) any { return &c.Tokens }},
		{"boundary", BoolValue, func(c *Config) any { return &c.Boundary }},
		{"keep-case", BoolValue, func(c *Config) any { return &c.KeepCase }},
		{"punctuation", BoolValue, func(c *Config) any { return &c.Punctuation }},
		{"min-count", WholeValue, func(c *Config) any { return &c.MinCount }},
		{"max-vocab", WholeValue, func(c *Config) any { return &c.MaxVocab }},
		{"context", WholeValue, func(c *Config) any { return &c.Context }},
		{"holdout", RealValue, func(c *Config) any { return &c.HoldOut }},
		{"task", ChoiceValue, func(c *Config) any { return &c.Task }},
		{"objective", ChoiceValue, func(c *Config) any { return &c.Objective }},
		{"one-hot", BoolValue, func(c *Config) any { return &c.OneHot }},
		{"rank", WholeValue, func(c *Config) any { return &c.Rank }},
		{"null", BoolValue, func(c *Config) any { return &c.Null }},
		{"scaled", BoolValue, func(c *Config) any { return &c.Scaled }},
		{"l2", RealValue, func(c *Config) any { return &c.L2 }},
		{"graph", ChoiceValue, func(c *Config) any { return &c.Graph }},
		{"precision", ChoiceValue, func(c *Config) any { return &c.Precision }},
		{"seed", WholeValue, func(c *Config) any { return &c.Seed }},
		{"init", RealValue, func(c *Config) any { return &c.Init }},
		{"start", RealValue, func(c *Config) any { return &c.Start }},
		{"steps", WholeValue, func(c *Config) any { return &c.Steps }},
		{"batch", WholeValue, func(c *Config) any { return &c.Batch }},
		{"lr", RealValue, func(c *Config) any { return &c.LR }},
		{"solver", ChoiceValue, func(c *Config) any { return &c.Solver }},
		{"schedule", ChoiceValue, func(c *Config) any { return &c.Schedule }},
		{"momentum", RealValue, func(c *Config) any { return &c.Momentum }},
		{"beta1", RealValue, func(c *Config) any { return &c.Beta1 }},
		{"beta2", RealValue, func(c *Config) any { return &c.Beta2 }},
		{"grad-tol", RealValue, func(c *Config) any { return &c.GradTol }},
		{"patience", WholeValue, func(c *Config) any { return &c.Patience }},
		{"tolerance", RealValue, func(c *Config) any { return &c.Tolerance }},
	}
}

// SettingNames lists the names of all settings.
func SettingNames() []string {
	var names []string
	for _, s := range Settings() {
		names = append(names, s.Name)
	}
	return names
}

// FindSetting returns the setting of that name.
func FindSetting(name string) (Setting, bool) {
	all := Settings()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Choices lists the words that a setting takes, nil for other kinds.
func (s Setting) Choices() []string {
	switch s.at(&Config{}).(type) {
	case *text.Tokens:
		return names(text.KnownTokens())
	case *graph.Task:
		return names(graph.Tasks())
	case *graph.Objective:
		return names(graph.Objectives(graph.Recall))
	case *Graph:
		return names(Graphs())
	case *Precision:
		return names(Precisions())
	case *Schedule:
		return names(Schedules())
	case *string:
		return Solvers()
	}
	return nil
}

// Set gives a configuration the value that was typed. Its error is a [*FlagError].
// Whether the value can be used is the business of [Config.Settle]. Several texts
// are typed as a list of JSON.
func (s Setting) Set(c *Config, typed string) error {
	var err error
	switch v := s.at(c).(type) {
	case *CorpusNames:
		*v, c.Counts = parseCorpus(typed), s.Name == "counts"
	case *bool:
		*v, err = strconv.ParseBool(typed)
	case *int:
		var n int64
		n, err = strconv.ParseInt(typed, 0, strconv.IntSize)
		*v = int(n)
	case *uint64:
		*v, err = strconv.ParseUint(typed, 0, 64)
	case *float64:
		*v, err = strconv.ParseFloat(typed, 64)
	case *string:
		*v = typed
	case *text.Tokens:
		*v = text.Tokens(typed)
	case *graph.Task:
		*v = graph.Task(typed)
	case *graph.Objective:
		*v = graph.Objective(typed)
	case *Graph:
		*v = Graph(typed)
	case *Precision:
		*v = Precision(typed)
	case *Schedule:
		*v = Schedule(typed)
	}
	if err != nil {
		return &FlagError{s.Name, quotedIfEmpty(typed), s.wanted(c, err)}
	}
	return nil
}

// wanted says which numbers the setting takes.
func (s Setting) wanted(c *Config, cause error) string {
	_, unsigned := s.at(c).(*uint64)
	switch {
	case s.Kind == BoolValue:
		return "give true or false"
	case errors.Is(cause, strconv.ErrRange):
		return "this number is too large"
	case s.Kind == RealValue:
		return "give a number"
	case unsigned:
		return "give a whole number, 0 or above"
	}
	return "give a whole number"
}

func quotedIfEmpty(s string) string {
	if s == "" {
		return `""`
	}
	return s
}

// Text returns the value that a configuration has, as [Setting.Set] takes it.
func (s Setting) Text(c Config) string {
	switch v := s.at(&c).(type) {
	case *CorpusNames:
		return v.typed()
	case *bool:
		return strconv.FormatBool(*v)
	case *int:
		return strconv.Itoa(*v)
	case *uint64:
		return strconv.FormatUint(*v, 10)
	case *float64:
		return FormatReal(*v)
	case *string:
		return *v
	default:
		return fmt.Sprint(indirect(v))
	}
}

// FormatReal writes a number as short as it can be read back: 1e-6.
func FormatReal(x float64) string {
	mantissa, exponent, ok := strings.Cut(strconv.FormatFloat(x, 'g', -1, 64), "e")
	if !ok {
		return mantissa
	}
	sign := exponent[:1]
	if sign == "+" {
		sign = ""
	}
	return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
}

// indirect returns what a pointer to a choice points at.
func indirect(v any) any {
	switch v := v.(type) {
	case *text.Tokens:
		return *v
	case *graph.Task:
		return *v
	case *graph.Objective:
		return *v
	case *Graph:
		return *v
	case *Precision:
		return *v
	case *Schedule:
		return *v
	}
	return v
}

// parseCorpus reads the name of a text, or a list of JSON with the names of several.
func parseCorpus(typed string) CorpusNames {
	var list []string
	if strings.HasPrefix(typed, "[") && json.Unmarshal([]byte(typed), &list) == nil && len(list) > 0 {
		return NameCorpus(list...)
	}
	return CorpusNames(typed)
}

// typed is what parseCorpus reads as the names.
func (c CorpusNames) typed() string {
	if names := c.Names(); len(names) > 1 || parseCorpus(string(c)) != c {
		list, err := json.Marshal(names)
		if err == nil {
			return string(list)
		}
	}
	return string(c)
}
