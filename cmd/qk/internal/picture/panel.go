package picture

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is one pair of axes with lines, each with its name at its right end.
type panel struct {
	x, y  axis
	lines []line
}

// axis is a scale.
type axis struct {
	label     string
	low, high float64
	log       bool
	ticks     plot.Ticker // nil for round numbers
	right     vg.Length   // on the x axis: room for the names of the lines
}

// line is a line through points, or a level if it has one point.
type line struct {
	name      string // "" for none
	x, y      []float64
	low, high []float64 // of the interval of each point, or nil
	colour    color.Color
	width     vg.Length
	dashes    []vg.Length
	marks     bool // a mark at each point
	points    plotter.XYs
}

// The parts of a panel.
const (
	lineWidth  = 1.75
	thinLine   = 1
	markRadius = 3
	labelGap   = 8
	labelLine  = labelSize * 1.25
)

var dotted = []vg.Length{1, 3}
var dashed = []vg.Length{6, 4}

// placed is a panel with its place.
type placed struct {
	panel
	canvas draw.Canvas
}

// drawPanels draws panels one below the other, their y axes in one line.
func drawPanels(t Theme, panels ...placed) {
	plots, left := make([]*plot.Plot, len(panels)), vg.Length(0)
	for i := range panels {
		p := &panels[i]
		p.x, p.y = p.x.sane(), p.y.sane()
		plots[i] = p.plot(t)
		left = max(left, plots[i].DataCanvas(p.within()).Min.X)
	}
	for i, p := range panels {
		within := p.within()
		within = draw.Crop(within, left-plots[i].DataCanvas(within).Min.X, 0, 0, 0)
		plots[i].Draw(within)
		data := plots[i].DataCanvas(within)
		X, Y := plots[i].Transforms(&data)
		for _, l := range p.lines {
			l.draw(data, func(x, y float64) vg.Point {
				return vg.Point{X: X(p.x.clamp(x)), Y: Y(p.y.clamp(y))}
			})
		}
		p.name(t, data, X, Y, p.canvas.Max.X)
	}
}

// within is the place of the axes, beside which the names are.
func (p placed) within() draw.Canvas { return draw.Crop(p.canvas, 0, -p.x.right, 0, 0) }

// plot returns the axes of the panel.
func (p panel) plot(t Theme) *plot.Plot {
	g := plot.New()
	g.BackgroundColor = color.Transparent
	p.x.set(t, &g.X)
	p.y.set(t, &g.Y)
	g.X.Padding, g.Y.Padding = 4, 4
	grid := plotter.NewGrid()
	grid.Horizontal = draw.LineStyle{Color: t.Grid, Width: thinLine}
	grid.Vertical = draw.LineStyle{}
	g.Add(grid)
	return g
}

// set gives an axis of a plot the look of the theme.
func (a axis) set(t Theme, to *plot.Axis) {
	to.Label.Text = a.label
	x, y := to.Label.TextStyle.XAlign, to.Label.TextStyle.YAlign
	to.Label.TextStyle = t.style(labelSize, t.Faint)
	to.Label.TextStyle.XAlign, to.Label.TextStyle.YAlign = x, y
	to.Label.Padding = 6
	x, y = to.Tick.Label.XAlign, to.Tick.Label.YAlign
	to.Tick.Label = t.style(labelSize, t.Faint)
	to.Tick.Label.XAlign, to.Tick.Label.YAlign = x, y
	to.LineStyle = draw.LineStyle{Color: t.Faint, Width: thinLine}
	to.Tick.LineStyle = to.LineStyle
	to.Tick.Length = 4
	to.Min, to.Max = a.low, a.high
	to.Tick.Marker = linearTicks(5)
	if a.log {
		to.Scale, to.Tick.Marker = plot.LogScale{}, logTicks{}
	}
	if a.ticks != nil {
		to.Tick.Marker = a.ticks
	}
}

// sane returns a scale that can be drawn: finite, not empty and, if it is logarithmic,
// above zero.
func (a axis) sane() axis {
	const least, most = 1e-300, 1e300
	if a.log {
		if !(a.low >= least) {
			a.low = least
		}
		if !(a.high <= most) {
			a.high = most
		}
		if !(a.high > a.low) {
			a.low, a.high = 0.1, 1
		}
		return a
	}
	if !(a.low >= -most) || !(a.high <= most) || !(a.high > a.low) {
		a.low, a.high = 0, 1
	}
	return a
}

// clamp brings a number into the scale.
func (a axis) clamp(x float64) float64 { return max(a.low, min(a.high, x)) }

// draw draws the line; at has the place of a point.
func (l line) draw(c draw.Canvas, at func(x, y float64) vg.Point) {
	style := draw.LineStyle{Color: l.colour, Width: l.width, Dashes: l.dashes}
	if len(l.x) == 1 && !l.marks { // a level
		if !finite(l.y[0]) {
			return
		}
		y := at(l.x[0], l.y[0]).Y
		c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
		return
	}
	for i := range l.low {
		if !finite(l.y[i]) {
			continue
		}
		low, high := at(l.x[i], l.low[i]), at(l.x[i], l.high[i])
		whisker := draw.LineStyle{Color: l.colour, Width: thinLine}
		c.StrokeLine2(whisker, low.X, low.Y, high.X, high.Y)
		for _, end := range []vg.Point{low, high} {
			c.StrokeLine2(whisker, end.X-markRadius, end.Y, end.X+markRadius, end.Y)
		}
	}
	for _, part := range l.parts() {
		path := make([]vg.Point, len(part))
		for i, k := range part {
			path[i] = at(l.x[k], l.y[k])
		}
		c.StrokeLines(style, path)
		if l.marks || len(path) == 1 {
			for _, p := range path {
				c.DrawGlyph(draw.GlyphStyle{Color: l.colour, Radius: markRadius, Shape: draw.CircleGlyph{}}, p)
			}
		}
	}
	for _, p := range l.points {
		if !finite(p.Y) {
			continue
		}
		c.DrawGlyph(draw.GlyphStyle{Color: l.colour, Radius: markRadius - 0.5, Shape: draw.RingGlyph{}}, at(p.X, p.Y))
	}
}

// parts splits the points of a line where there is no number.
func (l line) parts() [][]int {
	var parts [][]int
	var part []int
	for i := range l.x {
		if !finite(l.y[i]) {
			if len(part) > 0 {
				parts = append(parts, part)
			}
			part = nil
			continue
		}
		part = append(part, i)
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}

// last is the y of the last point that has one.
func (l line) last() float64 {
	for i := len(l.y) - 1; i >= 0; i-- {
		if finite(l.y[i]) {
			return l.y[i]
		}
	}
	return math.NaN()
}

// name puts the names of the lines beside their right ends, apart from each other,
// with a thin stroke from the end to the name.
func (p panel) name(t Theme, data draw.Canvas, X, Y func(float64) vg.Length, right vg.Length) {
	var named []line
	var wanted []vg.Length
	end := data.Max.X
	for _, l := range p.lines {
		if y := l.last(); l.name != "" && !math.IsNaN(y) {
			named = append(named, l)
			wanted = append(wanted, Y(p.y.clamp(y)))
		}
	}
	places := spread(wanted, labelLine, data.Min.Y-labelLine/2, data.Max.Y+labelLine/2)
	for i, l := range named {
		style := t.style(labelSize, l.colour)
		from, to := end+2, end+labelGap+4
		if k := len(l.x) - 1; k > 0 && X(l.x[k]) < end-1 { // it ends early
			data.StrokeLine2(draw.LineStyle{Color: l.colour, Width: 0.5, Dashes: dotted}, X(l.x[k]), wanted[i], from, wanted[i])
		}
		data.StrokeLine2(draw.LineStyle{Color: l.colour, Width: 0.75}, from, wanted[i], to, places[i])
		data.FillText(style, vg.Point{X: to + 4, Y: places[i]}, shorten(l.name, right-to-6, style))
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
