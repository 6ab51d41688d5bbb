package picture

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// head writes the heading at the top of a canvas and returns what is left of it.
func head(t Theme, c draw.Canvas, s string) draw.Canvas {
	style := t.heading(headingSize, t.Text)
	c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y - headingSize/2 - 2}, shorten(s, c.Max.X-c.Min.X, style))
	return draw.Crop(c, 0, 0, 0, -(headRoom - 12))
}

// foot writes a note at the bottom of a canvas and returns what is left of it.
func foot(t Theme, c draw.Canvas, s string) draw.Canvas {
	style := t.style(noteSize, t.Faint)
	c.FillText(style, vg.Point{X: c.Min.X, Y: c.Min.Y + noteSize/2}, shorten(s, c.Max.X-c.Min.X, style))
	return draw.Crop(c, 0, 0, footRoom, 0)
}
