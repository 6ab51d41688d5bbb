package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"qk/data/text"
	"qk/train"
)

// runFigures are what runs can be listed by beside their settings: what they ended
// with, and when.
func runFigures() []string {
	return []string{"created", "name", "status", "pass", "loss", "above-floor", "heldout", "steps", "seconds"}
}

// runFields are all names by which runs can be chosen and sorted.
func runFields() []string {
	fields := runFigures()
	for _, name := range train.SettingNames() {
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// field returns a figure or a setting of a run as text, "" where it has none.
func (r listedRun) field(name string) string {
	d := r.Result
	switch name {
	case "created":
		return r.Created.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	case "name":
		return r.Name
	case "status":
		if r.sweep != nil {
			return "sweep"
		}
		return string(r.Status)
	case "pass", "loss", "above-floor", "heldout", "steps", "seconds":
		switch {
		case d == nil:
			return ""
		case name == "pass":
			return strconv.FormatBool(d.Pass)
		case name == "loss":
			return digits(d.Loss)
		case name == "above-floor" && d.Lines.Floor != nil:
			return digits(d.Loss - *d.Lines.Floor)
		case name == "heldout" && d.HeldOut != nil:
			return digits(d.HeldOut.Loss)
		case name == "steps":
			return strconv.Itoa(d.Steps)
		case name == "seconds":
			return digits(d.Seconds)
		}
		return ""
	}
	return strings.Join(r.settings(name), ",")
}

// settings returns the values of a setting: those of its runs where a sweep goes through
// several, else one.
func (r listedRun) settings(name string) []string {
	if r.sweep != nil {
		for _, axis := range r.sweep.axes {
			if axis.Name == name {
				return axis.Values
			}
		}
	}
	return []string{setting(r.Config, name)}
}

// values returns what [listedRun.field] joins.
func (r listedRun) values(name string) []string {
	if slices.Contains(runFigures(), name) {
		return []string{r.field(name)}
	}
	return r.settings(name)
}

// unknownField says that there is no field of that name.
func unknownField(flag, value, name string) error {
	why := fmt.Sprintf("there is no %q: use one of %s, or a setting of qk train", name, strings.Join(runFigures(), ", "))
	if near := text.Nearest(name, runFields(), 1); len(near) > 0 {
		why = fmt.Sprintf("did you mean %s? %s", near[0], why)
	}
	return &train.FlagError{Flag: flag, Value: value, Why: why}
}

// runOrder returns the order that --sort asks for: by a field, the largest first after a
// minus. Numbers are compared as numbers. Runs that lack the field come last.
func runOrder(by string) (func(a, b listedRun) int, error) {
	name, down := strings.CutPrefix(by, "-")
	if !slices.Contains(runFields(), name) {
		return nil, unknownField("sort", by, name)
	}
	return func(a, b listedRun) int {
		x, y := a.field(name), b.field(name)
		if x == "" || y == "" {
			return cmp.Compare(btoi(x == ""), btoi(y == ""))
		}
		order := compareValues(x, y)
		if down {
			return -order
		}
		return order
	}, nil
}

// compareValues compares two values: as numbers if both are, else as text.
func compareValues(x, y string) int {
	a, errA := strconv.ParseFloat(x, 64)
	b, errB := strconv.ParseFloat(y, 64)
	if errA == nil && errB == nil {
		return cmp.Compare(a, b)
	}
	return cmp.Compare(x, y)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// condition is what --where asks of a run.
type condition struct {
	field, op, value string
}

// parseCondition reads NAME OP VALUE, such as rank>=4 or corpus=diary.
func parseCondition(typed string) (condition, error) {
	at := strings.IndexAny(typed, "=!<>")
	if at < 0 {
		return condition{}, &train.FlagError{Flag: "where", Value: strconv.Quote(typed), Why: "give a name, one of = != < <= > >=, and a value, such as 'rank>=4'"}
	}
	c := condition{field: strings.TrimSpace(typed[:at]), op: typed[at : at+1]}
	rest := typed[at+1:]
	if strings.HasPrefix(rest, "=") && c.op != "=" {
		c.op, rest = c.op+"=", rest[1:]
	}
	c.value = strings.TrimSpace(rest)
	switch {
	case c.op == "!":
		return c, &train.FlagError{Flag: "where", Value: strconv.Quote(typed), Why: "use != for what must differ"}
	case !slices.Contains(runFields(), c.field):
		return c, unknownField("where", strconv.Quote(typed), c.field)
	case c.value == "":
		return c, &train.FlagError{Flag: "where", Value: strconv.Quote(typed), Why: "give a value after " + c.op}
	case strings.ContainsAny(c.value[:1], "=<>"):
		return c, &train.FlagError{Flag: "where", Value: strconv.Quote(typed), Why: "there is no " + c.op + c.value[:1] + ": use one of = != < <= > >="}
	}
	if why := unfit(c.field, c.value); why != "" {
		return c, &train.FlagError{Flag: "where", Value: strconv.Quote(typed), Why: why}
	}
	return c, nil
}

// unfit tells why a field never has such a value, or "".
func unfit(field, value string) string {
	kind := train.RealValue
	switch field {
	case "created", "name", "status":
		return ""
	case "pass":
		kind = train.BoolValue
	case "loss", "above-floor", "heldout", "steps", "seconds":
	default:
		s, _ := train.FindSetting(field)
		kind = s.Kind
	}
	switch kind {
	case train.BoolValue:
		if value != "true" && value != "false" {
			return field + " is true or false"
		}
	case train.WholeValue, train.RealValue:
		if x, err := strconv.ParseFloat(value, 64); err != nil || math.IsNaN(x) {
			return field + " is a number, and is compared with one"
		}
	}
	return ""
}

// holds tells whether a run meets the condition, and of a sweep whether any of its runs
// may. A run without the figure meets none but !=.
func (c condition) holds(r listedRun) bool { return slices.ContainsFunc(r.values(c.field), c.met) }

// met tells whether a value meets the condition.
func (c condition) met(have string) bool {
	if have == "" {
		return c.op == "!="
	}
	order := compareValues(have, c.value)
	switch c.op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}
