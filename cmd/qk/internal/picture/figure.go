package picture

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is something that can be drawn. It holds words and numbers alone; colours
// come from the theme.
type Figure interface {
	// Size is what the figure takes up. One point is one CSS pixel.
	Size() (width, height vg.Length)
	// Draw draws the figure on a canvas of its size, whose background is painted
	// already. It must not change the figure.
	Draw(t Theme, c draw.Canvas) error
	// Title is a heading, and Alt what the picture shows, in a sentence or three, for
	// those who cannot see it.
	Title() string
	Alt() string
}
