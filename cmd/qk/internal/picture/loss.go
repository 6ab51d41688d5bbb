package picture

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Loss is the loss of runs against their steps, with the counted lines, and below it
// how far it is above the floor, on a logarithmic scale.
type Loss struct {
	Heading string
	Unit    string // of the loss, such as "nats per word"
	Curves  []Curve
	Levels  []Level
	Floor   *float64 // what no attention can go below; nil if not known
	Note    string   // below the picture, "" for none
}

// Curve is the loss of a run at its logged steps.
type Curve struct {
	Name  string
	Steps []int
	Loss  []float64 // NaN where there is none
	// Apart says that the curve is not of the sentences that the floor is of.
	Apart bool
}

// Level is a counted line.
type Level struct {
	Name string
	Loss float64
}

const (
	lossWidth  = 760
	lossTop    = 300 // the upper panel
	lossBottom = 190 // the lower one
	headRoom   = 40
	footRoom   = 24
	nameRoom   = 150 // for the names of the lines
)

// Size implements [Figure].
func (l *Loss) Size() (vg.Length, vg.Length) {
	height := vg.Length(headRoom + lossTop)
	if l.Floor != nil {
		height += lossBottom
	}
	if l.Note != "" {
		height += footRoom
	}
	return lossWidth, height
}

// Title implements [Figure].
func (l *Loss) Title() string { return l.Heading }

// Alt implements [Figure].
func (l *Loss) Alt() string {
	s := fmt.Sprintf("Line chart of the loss in %s against steps.", l.Unit)
	for _, c := range l.Curves {
		if n := len(c.Steps); n > 0 {
			s += fmt.Sprintf(" %s: %.6g after step %d, %.6g after step %d.", c.Name, c.Loss[0], c.Steps[0], c.Loss[n-1], c.Steps[n-1])
		}
	}
	for _, v := range l.Levels {
		s += fmt.Sprintf(" %s: %.6g.", v.Name, v.Loss)
	}
	if l.Floor != nil {
		s += fmt.Sprintf(" Floor: %.6g.", *l.Floor)
	}
	return s
}

// Draw implements [Figure].
func (l *Loss) Draw(t Theme, c draw.Canvas) error {
	c = draw.Crop(c, 16, -16, 12, -8)
	c = head(t, c, l.Heading)
	if l.Note != "" {
		c = foot(t, c, l.Note)
	}
	steps := 1.0
	for _, curve := range l.Curves {
		for _, s := range curve.Steps {
			steps = max(steps, float64(s))
		}
	}
	x := axis{label: "steps", low: 0, high: steps, right: nameRoom}
	if l.Floor == nil {
		drawPanels(t, placed{l.losses(t, x), c})
		return nil
	}
	upper := draw.Crop(c, 0, 0, lossBottom, 0)
	lower := draw.Crop(c, 0, 0, 0, upper.Min.Y-c.Max.Y-10)
	without := x
	without.label = ""
	drawPanels(t, placed{l.losses(t, without), upper}, placed{l.above(t, x), lower})
	return nil
}

// losses is the upper panel. Its scale holds all levels and the end of every curve;
// where a curve starts far above, it enters from the top.
func (l *Loss) losses(t Theme, x axis) panel {
	p := panel{x: x, y: axis{label: l.Unit}}
	low, high := math.Inf(1), math.Inf(-1)
	reach := func(v float64) {
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	for i, v := range l.Levels {
		p.lines = append(p.lines, line{name: fmt.Sprintf("%s  %.4f", v.Name, v.Loss), x: []float64{0}, y: []float64{v.Loss}, colour: t.Faint, width: thinLine, dashes: [][]vg.Length{dashed, dotted}[i%2]})
		reach(v.Loss)
	}
	if l.Floor != nil {
		p.lines = append(p.lines, line{name: fmt.Sprintf("floor  %.4f", *l.Floor), x: []float64{0}, y: []float64{*l.Floor}, colour: t.Floor, width: lineWidth})
		reach(*l.Floor)
	}
	start := math.Inf(-1)
	for i, curve := range l.Curves {
		ln := line{x: floats(curve.Steps), y: curve.Loss, colour: t.Series[i%len(t.Series)], width: lineWidth}
		if last := ln.last(); finite(last) {
			ln.name = curve.Name
			if len(l.Curves) <= 2 {
				ln.name += fmt.Sprintf("  %.4f", last)
			}
			reach(last)
		}
		for _, v := range curve.Loss {
			if finite(v) {
				start = max(start, v)
			}
		}
		p.lines = append(p.lines, ln)
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if start <= low+4*(high-low) || len(l.Levels) == 0 {
		high = max(high, start)
	} else {
		high += (high - low) * 0.6
	}
	pad := max((high-low)*0.06, math.Abs(high)*1e-9, 1e-12)
	p.y.low, p.y.high = low-pad, high+pad
	return p
}

// above is the lower panel: what of the loss is above the floor.
func (l *Loss) above(t Theme, x axis) panel {
	p := panel{x: x, y: axis{label: "above the floor", log: true}}
	low, high := math.Inf(1), math.Inf(-1)
	for i, curve := range l.Curves {
		ln := line{name: curve.Name, x: floats(curve.Steps), colour: t.Series[i%len(t.Series)], width: lineWidth}
		if curve.Apart {
			continue
		}
		for _, v := range curve.Loss {
			above := v - *l.Floor
			if !(above > 0) || !finite(above) {
				above = math.NaN() // at the floor within rounding, or no number
			} else {
				low, high = min(low, above), max(high, above)
			}
			ln.y = append(ln.y, above)
		}
		p.lines = append(p.lines, ln)
	}
	for i, v := range l.Levels {
		if above := v.Loss - *l.Floor; above > 0 {
			p.lines = append(p.lines, line{x: []float64{0}, y: []float64{above}, colour: t.Faint, width: thinLine, dashes: [][]vg.Length{dashed, dotted}[i%2]})
			low, high = min(low, above), max(high, above)
		}
	}
	if math.IsInf(low, 0) {
		low, high = 1e-3, 1
	}
	high = max(high, low*3)
	p.y.low, p.y.high = low/1.5, high*1.5
	return p
}

func floats(xs []int) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}
