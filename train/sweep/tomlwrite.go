package sweep

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/BurntSushi/toml"

	"qk/train"
)

// WriteTOML writes the plan as a file that [ReadTOML] reads.
func (p *Plan) WriteTOML(w io.Writer) error {
	var b strings.Builder
	for _, f := range p.Fixed {
		line(&b, f.Name, f.Value)
	}
	for _, a := range p.Axes {
		line(&b, a.Name, a.Values...)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteTOML writes the settings of a run as a file that [ReadTOML] reads: all that
// have an effect, so that a run of them is the same to the bit.
func WriteTOML(w io.Writer, c train.Config) error {
	var b strings.Builder
	_, unused := c.Effective()
	for _, s := range train.Settings() {
		if _, ok := unused[s.Name]; ok || left(s.Name, c) {
			continue
		}
		line(&b, s.Name, s.Text(c))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// left tells of a setting whether it stands at a value that cannot be typed.
func left(name string, c train.Config) bool {
	switch name {
	case "counts":
		return !c.Counts
	case "corpus", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context":
		return c.Counts
	case "rank":
		return c.OneHot || c.Rank == train.Unset
	case "steps":
		return c.Steps == train.Unset
	case "lr":
		return c.LR == train.Unset
	case "holdout":
		return c.HoldOut == 0
	case "l2":
		return c.L2 < 0
	}
	return false
}

// line writes a setting with its values, as an array if there are several.
func line(b *strings.Builder, name string, typed ...string) {
	s, _ := train.FindSetting(name)
	items := make([]string, len(typed))
	nested := false
	for i, v := range typed {
		items[i], nested = literal(s, v)
	}
	value := strings.Join(items, ", ")
	if len(items) != 1 || nested {
		value = "[" + value + "]"
	}
	fmt.Fprintf(b, "%s = %s\n", name, value)
}

// literal writes a value; texts of one run are an array, and have to stand in another.
func literal(s train.Setting, typed string) (item string, nested bool) {
	var c train.Config
	if err := s.Set(&c, typed); err != nil {
		return quote(typed), false // as a plan was checked, there is none
	}
	switch s.Kind {
	case train.PathValue:
		names := c.Corpus.Names()
		if len(names) == 1 && names[0] == typed {
			return quote(typed), false
		}
		for i, n := range names {
			names[i] = quote(n)
		}
		return "[" + strings.Join(names, ", ") + "]", true
	case train.BoolValue:
		return s.Text(c), false
	case train.ChoiceValue:
		return quote(typed), false
	}
	var back map[string]any
	if _, err := toml.Decode("x = "+typed, &back); err != nil || !number(back["x"]) {
		return quote(typed), false // such as .5, or a number above those of TOML
	}
	return typed, false
}

func number(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

// quote writes a string of TOML, in which the escapes of JSON are valid.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can be encoded
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "\x7f", `\u007f`)
}
