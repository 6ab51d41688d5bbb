package sweep

import (
	"fmt"
	"time"

	"qk/train"
)

// planFormat is the version of sweep.json that this program writes and the newest
// that it reads.
const planFormat = 1

// Axis is one dimension of a grid: a setting, by the name of its flag, and the
// values that it takes, as typed.
type Axis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Fixed is a setting that was typed and is the same in the whole grid.
type Fixed struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Plan is what a sweep runs: every combination of the values of its axes, the last
// axis fastest.
type Plan struct {
	Format  int       `json:"format"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	// Base has the settings outside the axes, those that were not typed at their
	// defaults. What an axis changes may change the other defaults of a point.
	Base  train.Config `json:"base"`
	Fixed []Fixed      `json:"fixed"`
	Axes  []Axis       `json:"axes"`
	// Texts has where the texts are, unless they are built in.
	Texts    []Text            `json:"texts,omitempty"`
	Versions map[string]string `json:"versions"`
}

// Text is where a text of the sweep can be read again.
type Text struct {
	Name string `json:"name"` // as it was typed
	Path string `json:"path"` // absolute; of what could be read only once, relative to the folder of the sweep
}

// Point is one combination of values.
type Point struct {
	Name   string   // of its folder
	Values []string // one for each axis, as typed
	// Config is valid; what it leaves unset is completed for the text once the run
	// has begun.
	Config train.Config
}

// NewPlan makes a plan and its points. Everything that can be judged without the
// texts is checked. An error is a [*train.FlagError] or a [*PointError].
func NewPlan(fixed []Fixed, axes []Axis, most int) (*Plan, []Point, error) {
	p := &Plan{Format: planFormat, Fixed: fixed, Axes: axes, Versions: train.Versions()}
	if p.Fixed == nil {
		p.Fixed = []Fixed{}
	}
	if err := p.check(most); err != nil {
		return nil, nil, err
	}
	p.Base = train.DefaultConfig("predict")
	for _, f := range p.Fixed {
		s, _ := train.FindSetting(f.Name)
		if err := s.Set(&p.Base, f.Value); err != nil {
			return nil, nil, err
		}
	}
	_ = p.Base.Settle(p.given) // an axis may yet make it valid
	points, err := p.points()
	return p, points, err
}

// given tells whether a setting was typed.
func (p *Plan) given(name string) bool {
	for _, f := range p.Fixed {
		if f.Name == name {
			return true
		}
	}
	for _, a := range p.Axes {
		if a.Name == name {
			return true
		}
	}
	return false
}

// Runs returns the number of combinations of axes, or false where it exceeds most.
func Runs(axes []Axis, most int) (int, bool) {
	n := 1
	for _, a := range axes {
		if len(a.Values) > 0 && n > most/len(a.Values) {
			return 0, false
		}
		n *= len(a.Values)
	}
	return n, true
}

// PointError says what is wrong with one point of a grid.
type PointError struct {
	Point string
	Err   error
}

func (e *PointError) Error() string { return fmt.Sprintf("run %s of the grid: %s", e.Point, e.Err) }

// Unwrap returns the cause.
func (e *PointError) Unwrap() error { return e.Err }
