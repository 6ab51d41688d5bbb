package sweep

import (
	"fmt"
	"math/big"
	"strings"

	"qk/data/text"
	"qk/train"
)

// check checks the plan itself: settings that there are, each once, with values that
// can be read and differ, and not too many combinations.
func (p *Plan) check(most int) error {
	seen := map[string]bool{}
	once := func(name string) error {
		if _, ok := train.FindSetting(name); !ok {
			return unknownSetting(name)
		}
		if seen[name] {
			return &train.FlagError{Flag: name, Value: "twice", Why: "a setting is either fixed or an axis: give all its values in one list"}
		}
		seen[name] = true
		return nil
	}
	for _, f := range p.Fixed {
		if err := once(f.Name); err != nil {
			return err
		}
	}
	for _, a := range p.Axes {
		if err := once(a.Name); err != nil {
			return err
		}
		if len(a.Values) == 0 {
			return &train.FlagError{Flag: a.Name, Value: `""`, Why: "the list is empty: give at least one value"}
		}
		if err := a.distinct(); err != nil {
			return err
		}
	}
	if _, ok := Runs(p.Axes, most); !ok {
		return tooLarge(p.Axes, most)
	}
	return nil
}

// distinct refuses values that are the same once they are read, such as 0.1 and 1e-1.
func (a Axis) distinct() error {
	s, _ := train.FindSetting(a.Name)
	seen := map[string]string{}
	for _, v := range a.Values {
		var c train.Config
		if err := s.Set(&c, v); err != nil {
			return err
		}
		key := s.Text(c)
		if before, ok := seen[key]; ok {
			why := "this value stands in the list twice: the runs would be the same to the bit, so leave one out"
			if before != v {
				why = fmt.Sprintf("%s stands in the list too, and is the same value: leave one out", before)
			}
			return &train.FlagError{Flag: a.Name, Value: v, Why: why}
		}
		seen[key] = v
	}
	return nil
}

// UnknownError says that there is no setting of that name.
type UnknownError struct{ Name string }

func unknownSetting(name string) error { return &UnknownError{name} }

func (e *UnknownError) Error() string {
	hint := ""
	if near := text.Nearest(e.Name, train.SettingNames(), 1); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s? ", near[0])
	}
	return fmt.Sprintf("%q is not a setting: %ssettings are called as the flags of `qk train`", e.Name, hint)
}

// GridError says that a grid has more runs than were asked for.
type GridError struct {
	Axes []Axis
	Runs *big.Int
	Most int
}

func tooLarge(axes []Axis, most int) error {
	n := big.NewInt(1)
	for _, a := range axes {
		n.Mul(n, big.NewInt(int64(len(a.Values))))
	}
	return &GridError{axes, n, most}
}

func (e *GridError) Error() string {
	var factors []string
	for _, a := range e.Axes {
		factors = append(factors, fmt.Sprintf("%d %s", len(a.Values), a.Name))
	}
	return fmt.Sprintf("the grid has %s runs (%s), and %d are the most: give fewer values, or allow it with --max-runs %s", e.Runs, strings.Join(factors, " × "), e.Most, e.Runs)
}
