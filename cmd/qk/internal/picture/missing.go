package picture

import (
	"slices"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Missing returns the characters of a figure that the built-in font does not have, in
// ascending order. A PNG is without them; an SVG shows them by the fonts of whoever
// looks at it.
func Missing(f Figure, t Theme) ([]rune, error) {
	width, height := f.Size()
	seen := &reader{Canvas: vgsvg.New(width, height), missing: map[rune]bool{}}
	if err := paint(f, t, seen, width, height); err != nil {
		return nil, err
	}
	var found []rune
	for r := range seen.missing {
		found = append(found, r)
	}
	slices.Sort(found)
	return found, nil
}

// reader is a canvas that notes the characters without a glyph.
type reader struct {
	vg.Canvas
	missing map[rune]bool
	buffer  sfnt.Buffer
}

// FillString implements [vg.Canvas].
func (c *reader) FillString(face font.Face, at vg.Point, text string) {
	for _, r := range text {
		if glyph, err := face.Face.GlyphIndex(&c.buffer, r); err != nil || glyph == 0 {
			c.missing[r] = true
		}
	}
	c.Canvas.FillString(face, at, text)
}
