package picture

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Attention shows a sentence with an arc from each word to the earlier words that it
// attends to, as thick as the attention; below each word a bar is what it gives to
// nothing.
type Attention struct {
	Heading string
	Words   []string
	// Arcs are the attention of a word to an earlier one, each in [0,1].
	Arcs []Arc
	// Null is the attention of each word to the null slot, NaN where there is nobody
	// to attend to; nil in the form without one.
	Null []float64
	// Focus is the word whose arcs are in colour, or −1 for all.
	Focus int
	Note  string
}

// Arc is attention of the word at To to the one at From, which comes earlier.
type Arc struct {
	From, To int
	Share    float64
}

const (
	wordGap     = 14
	nullHeight  = 30
	leastShare  = 0.01 // of attention that is drawn
	thickestArc = 7
	attentionIn = 24 // margins
)

// places returns the left end and the width of every word.
func (a *Attention) places(t Theme) (left, width []vg.Length) {
	st := t.style(headingSize, t.Text)
	x := vg.Length(attentionIn)
	for _, w := range a.Words {
		wide := max(st.Width(shorten(w, 160, st)), 14)
		left, width = append(left, x), append(width, wide)
		x += wide + wordGap
	}
	return left, width
}

// arcHeight is how high the highest arc rises.
func (a *Attention) arcHeight() vg.Length {
	most := 1
	for _, arc := range a.Arcs {
		if arc.Share >= leastShare {
			most = max(most, arc.To-arc.From)
		}
	}
	return min(240, 34+20*vg.Length(most))
}

// Size implements [Figure].
func (a *Attention) Size() (vg.Length, vg.Length) {
	left, width := a.places(Light())
	w := vg.Length(360)
	if n := len(left); n > 0 {
		w = max(w, left[n-1]+width[n-1]+attentionIn)
	}
	heading, note := Light().heading(headingSize, Light().Text), Light().style(noteSize, Light().Text)
	w = max(w, min(900, heading.Width(a.Heading)+2*attentionIn), note.Width(a.Note)+2*attentionIn)
	h := 12 + headRoom + a.arcHeight() + headingSize + 20
	if a.Null != nil {
		h += nullHeight + 18
	}
	if a.Note != "" {
		h += footRoom
	}
	return w, h
}

// Title implements [Figure].
func (a *Attention) Title() string { return a.Heading }

// Alt implements [Figure].
func (a *Attention) Alt() string {
	s := "The sentence"
	for _, w := range a.Words {
		s += " " + w
	}
	s += ", with an arc for attention."
	for _, arc := range a.Arcs {
		if arc.Share >= 0.1 && (a.Focus < 0 || arc.To == a.Focus) {
			s += fmt.Sprintf(" %s attends to %s: %.0f %%.", a.Words[arc.To], a.Words[arc.From], arc.Share*100)
		}
	}
	return s
}

// Draw implements [Figure].
func (a *Attention) Draw(t Theme, c draw.Canvas) error {
	inner := draw.Crop(c, attentionIn, -attentionIn, 8, -12)
	inner = head(t, inner, a.Heading)
	if a.Note != "" {
		inner = foot(t, inner, a.Note)
	}
	left, width := a.places(t)
	base := inner.Max.Y - a.arcHeight()
	for _, inFocus := range []bool{false, true} { // the coloured ones on top
		for _, arc := range a.Arcs {
			if arc.Share < leastShare || (a.Focus < 0 || arc.To == a.Focus) != inFocus {
				continue
			}
			colour := t.Unknown
			if inFocus {
				colour = t.Series[0]
			}
			from, to := left[arc.From]+width[arc.From]/2, left[arc.To]+width[arc.To]/2
			drawArc(c, draw.LineStyle{Color: colour, Width: max(0.6, thickestArc*vg.Length(arc.Share))}, from, to, base, a.rise(arc))
		}
	}
	st := t.style(headingSize, t.Text)
	st.XAlign = draw.XCenter
	note := t.style(noteSize, t.Faint)
	note.XAlign = draw.XCenter
	y := base - 12
	for i, w := range a.Words {
		own := st
		if i == a.Focus {
			own.Font.Weight, own.Color = t.heading(headingSize, t.Text).Font.Weight, t.Series[0]
		}
		c.FillText(own, vg.Point{X: left[i] + width[i]/2, Y: y}, shorten(w, 160, st))
		if a.Null == nil || math.IsNaN(a.Null[i]) {
			continue
		}
		bar := vg.Rectangle{Min: vg.Point{X: left[i] + width[i]/2 - 4, Y: y - 18 - nullHeight}, Max: vg.Point{X: left[i] + width[i]/2 + 4, Y: y - 18}}
		fill(c, t.Grid, bar)
		bar.Max.Y = bar.Min.Y + nullHeight*vg.Length(a.Null[i])
		fill(c, t.Faint, bar)
		c.FillText(note, vg.Point{X: left[i] + width[i]/2, Y: bar.Min.Y - 8}, fmt.Sprintf("%.0f", a.Null[i]*100))
	}
	return nil
}

// rise is how high an arc goes, by how many words it spans.
func (a *Attention) rise(arc Arc) vg.Length {
	most := 1
	for _, other := range a.Arcs {
		if other.Share >= leastShare {
			most = max(most, other.To-other.From)
		}
	}
	return 18 + (a.arcHeight()-30)*vg.Length(math.Sqrt(float64(arc.To-arc.From)/float64(most)))
}

// drawArc draws a curve from one place of the base line over to another.
func drawArc(c draw.Canvas, st draw.LineStyle, from, to, base, rise vg.Length) {
	up := rise * 4 / 3 // the curve comes to three quarters of its control points
	var p vg.Path
	p.Move(vg.Point{X: from, Y: base})
	p.CubeTo(vg.Point{X: from, Y: base + up}, vg.Point{X: to, Y: base + up}, vg.Point{X: to, Y: base})
	c.SetLineStyle(st)
	c.Stroke(p)
}
