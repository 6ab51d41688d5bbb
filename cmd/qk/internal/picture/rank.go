package picture

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Rank shows figures against the rank of Q and K, in panels one below the other.
type Rank struct {
	Heading string
	About   string // what the picture shows, in a sentence, for [Rank.Alt]
	Panels  []RankPanel
	Note    string
}

// RankPanel is one scale against the rank.
type RankPanel struct {
	Label  string // of the scale, with its unit
	Log    bool   // whether the scale is logarithmic: what is not above 0 is left out
	Whole  bool   // whether the scale counts, and so starts at 0
	Groups []RankGroup
	Lines  []RankLine
}

// RankGroup is runs that differ by the rank and the seed alone.
type RankGroup struct {
	Name  string
	Ranks []float64
	// Median, and Low and High of its interval, at each rank; the bounds are infinite
	// where there are too few seeds.
	Median, Low, High []float64
	Runs              [][2]float64 // rank and figure of every run
}

// RankLine is what is known without training: a line through Values, or a level.
type RankLine struct {
	Name   string
	Ranks  []float64 // empty for a level
	Values []float64
	Floor  bool // nothing can be below it
}

const rankPanelHeight = 250

// Size implements [Figure].
func (r *Rank) Size() (vg.Length, vg.Length) {
	height := vg.Length(headRoom) + rankPanelHeight*vg.Length(len(r.Panels))
	if r.Note != "" {
		height += footRoom
	}
	return lossWidth, height
}

// Title implements [Figure].
func (r *Rank) Title() string { return r.Heading }

// Alt implements [Figure].
func (r *Rank) Alt() string {
	s := r.About
	for _, p := range r.Panels {
		s += " " + p.Label + ":"
		for _, g := range p.Groups {
			for i, rank := range g.Ranks {
				s += fmt.Sprintf(" %s, rank %g: %.4g.", g.Name, rank, g.Median[i])
			}
		}
	}
	return s
}

// Draw implements [Figure].
func (r *Rank) Draw(t Theme, c draw.Canvas) error {
	c = draw.Crop(c, 16, -16, 12, -8)
	c = head(t, c, r.Heading)
	if r.Note != "" {
		c = foot(t, c, r.Note)
	}
	var panels []placed
	height := (c.Max.Y - c.Min.Y) / vg.Length(max(1, len(r.Panels)))
	for i, p := range r.Panels {
		x := r.ranks()
		if i < len(r.Panels)-1 {
			x.label = ""
		}
		below := height * vg.Length(len(r.Panels)-1-i)
		panels = append(panels, placed{p.panel(t, x), draw.Crop(c, 0, 0, below, -height*vg.Length(i)-6)})
	}
	drawPanels(t, panels...)
	return nil
}

// ranks is the axis of ranks: logarithmic if they reach far, marked where runs are.
func (r *Rank) ranks() axis {
	low, high := math.Inf(1), math.Inf(-1)
	seen := map[float64]bool{}
	for _, p := range r.Panels {
		for _, g := range p.Groups {
			for _, rank := range g.Ranks {
				low, high, seen[rank] = min(low, rank), max(high, rank), true
			}
		}
	}
	a := axis{label: "rank of Q and K", right: nameRoom, log: high >= 16*low}
	if a.log {
		a.low, a.high = low/1.08, high*1.08
	} else {
		pad := max(0.3, (high-low)*0.03)
		a.low, a.high = low-pad, high+pad
	}
	a.ticks = apartTicks(seen, a)
	return a
}

// panel lays out one scale.
func (p RankPanel) panel(t Theme, x axis) panel {
	out := panel{x: x, y: axis{label: p.Label, log: p.Log}}
	low, high := math.Inf(1), math.Inf(-1)
	reach := func(v float64) {
		if finite(v) && (!p.Log || v > 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	for i, g := range p.Groups {
		ln := line{name: g.Name, x: g.Ranks, y: p.scaled(g.Median), colour: t.Series[i%len(t.Series)], width: lineWidth, marks: true}
		if bounded(g.Low) && bounded(g.High) {
			ln.low, ln.high = g.Low, g.High
		}
		for _, run := range g.Runs {
			if !p.Log || run[1] > 0 {
				ln.points = append(ln.points, struct{ X, Y float64 }{run[0], run[1]})
				reach(run[1])
			}
		}
		for _, v := range ln.y {
			reach(v)
		}
		out.lines = append(out.lines, ln)
	}
	for i, l := range p.Lines {
		ln := line{name: l.Name, x: l.Ranks, y: p.scaled(l.Values), colour: t.Faint, width: lineWidth, dashes: [][]vg.Length{dashed, dotted}[i%2]}
		if l.Floor {
			ln.colour, ln.dashes = t.Floor, dashed // over what was learned, which may lie on it
		}
		if len(l.Ranks) == 0 {
			ln.x = []float64{x.low}
		}
		for _, v := range ln.y {
			reach(v)
		}
		out.lines = append(out.lines, ln)
	}
	switch {
	case math.IsInf(low, 0):
		low, high = 0.1, 1
	case p.Whole && !p.Log:
		low, high = min(0, low), max(high, 1)
		out.y.ticks = wholeTicks(5)
	}
	out.y.low, out.y.high = spanned(low, high, p.Log)
	return out
}

// scaled leaves out what a logarithmic scale cannot show.
func (p RankPanel) scaled(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v
		if p.Log && !(v > 0) {
			out[i] = math.NaN()
		}
	}
	return out
}

// spanned widens a scale a little, so that nothing lies on its edge.
func spanned(low, high float64, log bool) (float64, float64) {
	if log {
		high = max(high, low*3)
		return low / 1.5, high * 1.5
	}
	pad := max((high-low)*0.06, math.Abs(high)*1e-9, 1e-12)
	return low - pad, high + pad
}

func bounded(xs []float64) bool {
	for _, x := range xs {
		if !finite(x) {
			return false
		}
	}
	return len(xs) > 0
}
