package sweep

import (
	"slices"
	"strings"

	"qk/train"
)

// Grid is what was asked for: settings with their values, in the order in which
// they were given. A setting of one value is fixed, one of several is an axis.
type Grid []Axis

// Set gives a setting the values, in place of those that it had.
func (g *Grid) Set(name string, values []string) {
	if i := slices.IndexFunc(*g, func(a Axis) bool { return a.Name == name }); i >= 0 {
		(*g)[i].Values = values
		return
	}
	*g = append(*g, Axis{name, values})
}

// Unset forgets a setting.
func (g *Grid) Unset(name string) {
	*g = slices.DeleteFunc(*g, func(a Axis) bool { return a.Name == name })
}

// Plan makes a plan of the grid and its points, of which there may be so many. See
// [NewPlan] for the errors.
func (g Grid) Plan(most int) (*Plan, []Point, error) {
	var fixed []Fixed
	axes := []Axis{}
	for _, a := range g {
		if len(a.Values) == 1 {
			fixed = append(fixed, Fixed{a.Name, a.Values[0]})
		} else {
			axes = append(axes, a)
		}
	}
	return NewPlan(fixed, axes, most)
}

// Grid returns the plan as it can be changed and made anew.
func (p *Plan) Grid() Grid {
	var g Grid
	for _, f := range p.Fixed {
		g.Set(f.Name, []string{f.Value})
	}
	for _, a := range p.Axes {
		g.Set(a.Name, a.Values)
	}
	return g
}

// GridOf returns the settings of a run as a grid of one: all that have an effect.
func GridOf(c train.Config) (Grid, error) {
	var b strings.Builder
	if err := WriteTOML(&b, c); err != nil {
		return nil, err
	}
	return ReadTOML("run", b.String())
}
