package live

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// Settings are the names of the settings that the page lets one change. Of the others,
// a text comes with the request, and counts, parts and batches are not for a page.
var Settings = []string{
	"corpus", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context",
	"task", "objective", "one-hot", "rank", "null", "scaled", "l2", "seed", "init",
	"steps", "lr", "solver", "schedule", "momentum", "beta1", "beta2",
}

// The largest numbers that a page may ask for.
const (
	maxSteps   = 1_000_000
	maxContext = 64
	maxRank    = 256
	maxChanges = 1000 // of the rate
)

// request asks for a session.
type request struct {
	Settings map[string]string `json:"settings"`
	Text     *string           `json:"text"`      // instead of a built-in corpus
	TextName string            `json:"text_name"` // the name of a file
	Rates    []change          `json:"rates"`
	Until    int               `json:"until"` // steps to take at once
	Replaces string            `json:"replaces"`
}

// change is a new learning rate from a step on; in JSON [step, rate].
type change [2]float64

func (c change) step() int     { return int(c[0]) }
func (c change) rate() float64 { return c[1] }

// usable tells why a change of the rate cannot be made, or "".
func (c change) usable() string {
	switch {
	case !(c[0] >= 0 && c[0] <= maxSteps) || c[0] != math.Trunc(c[0]):
		return "the rate changes at whole steps, 0 or above"
	case !(c[1] > 0) || math.IsInf(c[1], 1):
		return "the rate has to be a number above 0"
	}
	return ""
}

// config turns the request into the settings of a run, with the text if it is not
// built in. Its error is a [*train.FlagError] where one setting is at fault.
func (r *request) config(l Limits) (train.Config, []byte, error) {
	c := train.DefaultConfig(graph.Predict)
	given := func(name string) bool { _, ok := r.Settings[name]; return ok }
	for name, value := range r.Settings {
		s, ok := train.FindSetting(name)
		if !ok || !slices.Contains(Settings, name) {
			hint := ""
			if near := text.Nearest(name, Settings, 1); len(near) > 0 {
				hint = "; did you mean " + near[0] + "?"
			}
			return c, nil, fmt.Errorf("the page has no setting %q%s", name, hint)
		}
		if err := s.Set(&c, value); err != nil {
			return c, nil, err
		}
	}
	own, err := r.text(&c, l)
	if err != nil {
		return c, nil, err
	}
	if err := c.Settle(given); err != nil {
		return c, nil, err
	}
	if err := bounded(c, given); err != nil {
		return c, nil, err
	}
	return c, own, r.changes()
}

// text puts the name of the text in place, and returns it if it is not built in. No
// name makes the server read a file.
func (r *request) text(c *train.Config, l Limits) ([]byte, error) {
	if r.Text == nil {
		if !slices.Contains(text.BuiltIn(), string(c.Corpus)) {
			return nil, &train.FlagError{Flag: "corpus", Value: string(c.Corpus), Why: "this page has the texts " + strings.Join(text.BuiltIn(), ", ") + "; paste or upload any other"}
		}
		return nil, nil
	}
	switch {
	case len(*r.Text) > l.TextBytes:
		return nil, &train.FlagError{Flag: "corpus", Value: r.TextName, Why: fmt.Sprintf("a text may have up to %d bytes here, and this one has %d: shorten it, or train with `qk train`, which has no such limit", l.TextBytes, len(*r.Text))}
	case !utf8.ValidString(*r.Text):
		return nil, &train.FlagError{Flag: "corpus", Value: r.TextName, Why: "this is not a text in UTF-8"}
	}
	c.Corpus = train.CorpusNames(fileName(r.TextName))
	return []byte(*r.Text), nil
}

// fileName makes the name of an uploaded file one that can be typed and is neither a
// path nor a built-in corpus.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, "-.")
	if len(name) > 60 {
		name = name[:60]
	}
	if !strings.Contains(name, ".") {
		name = strings.TrimRight("pasted-"+name, "-") + ".txt"
	}
	return name
}

// bounded keeps a page from asking for more than a page can use.
func bounded(c train.Config, given func(string) bool) error {
	for _, s := range []struct {
		name      string
		have, max int
	}{{"steps", c.Steps, maxSteps}, {"context", c.Context, maxContext}, {"rank", c.Rank, maxRank}} {
		if given(s.name) && s.have > s.max {
			return &train.FlagError{Flag: s.name, Value: fmt.Sprint(s.have), Why: fmt.Sprintf("up to %d on this page; `qk train` takes more", s.max)}
		}
	}
	return nil
}

func (r *request) changes() error {
	if r.Until < 0 || r.Until > maxSteps {
		return fmt.Errorf("step %d cannot be gone to: give one of 0 to %d", r.Until, maxSteps)
	}
	if len(r.Rates) > maxChanges {
		return fmt.Errorf("the rate changes %d times; up to %d are possible", len(r.Rates), maxChanges)
	}
	last := -1
	for _, c := range r.Rates {
		if why := c.usable(); why != "" {
			return &train.FlagError{Flag: "lr", Value: fmt.Sprint(c[1]), Why: why}
		}
		if c.step() < last {
			return errors.New("the changes of the rate are not in the order of their steps")
		}
		last = c.step()
	}
	return nil
}
