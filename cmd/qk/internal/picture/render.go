package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Format is a file format of pictures.
type Format string

// The formats.
const (
	SVG Format = "svg"
	PNG Format = "png"
)

// FormatOf returns the format of a file by the end of its name.
func FormatOf(name string) (Format, error) {
	switch f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))); f {
	case SVG, PNG:
		return f, nil
	}
	return "", fmt.Errorf("%q does not end in .svg or .png, which are the pictures there are", name)
}

// DefaultScale is how many pixels of a PNG a point has, when nothing is said.
const DefaultScale = 2

// maxPixels is how many pixels a PNG may have: 400 MB of memory.
const maxPixels = 100e6

// Options are choices of a picture that are not the figure's.
type Options struct {
	Scale float64 // pixels of a PNG for each point, [DefaultScale] if 0
}

func (o Options) scale() float64 {
	if o.Scale == 0 {
		return DefaultScale
	}
	return o.Scale
}

func dpi(o Options) int { return int(72*o.scale() + 0.5) }

// Render writes a figure as a picture. The same figure gives the same bytes: nothing
// in it hangs on time, chance or the fonts of a system. It is an error if the figure
// cannot be drawn, or would have too many pixels.
func Render(w io.Writer, f Figure, t Theme, format Format, o Options) error {
	width, height := f.Size()
	switch format {
	case SVG:
		c := vgsvg.New(width, height)
		if err := paint(f, t, c, width, height); err != nil {
			return err
		}
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return fmt.Errorf("draw as SVG: %w", err)
		}
		return describe(w, b.Bytes(), f, width, height)
	case PNG:
		scale := o.scale()
		if pixels := float64(width) * float64(height) * scale * scale; !(scale > 0) || pixels > maxPixels {
			return fmt.Errorf("a picture of %.0f × %.0f points at scale %g has too many pixels: use a smaller scale, or SVG", float64(width), float64(height), scale)
		}
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi(o)), vgimg.UseBackgroundColor(t.Background))
		if err := paint(f, t, c, width, height); err != nil {
			return err
		}
		if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(w); err != nil {
			return fmt.Errorf("write PNG: %w", err)
		}
		return nil
	}
	return fmt.Errorf("format %q: use svg or png", format)
}

// paint draws the background and the figure.
func paint(f Figure, t Theme, c vg.Canvas, width, height vg.Length) error {
	canvas := draw.NewCanvas(c, width, height)
	fill(canvas, t.Background, canvas.Rectangle)
	return f.Draw(t, canvas)
}

// fill paints a rectangle.
func fill(c draw.Canvas, of color.Color, r vg.Rectangle) {
	c.SetColor(of)
	c.Fill(r.Path())
}

// describe writes an SVG with its head replaced: sizes in pixels, a name and a
// description for those who cannot see it, and a family of fonts to fall back to.
func describe(w io.Writer, svg []byte, f Figure, width, height vg.Length) error {
	start := bytes.Index(svg, []byte("<g transform"))
	if start < 0 {
		return fmt.Errorf("draw as SVG: the drawing has no group")
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" height=\"%g\" viewBox=\"0 0 %g %g\" role=\"img\">\n<title>", float64(width), float64(height), float64(width), float64(height))
	xml.EscapeText(&head, []byte(Clean(f.Title())))
	head.WriteString("</title>\n<desc>")
	xml.EscapeText(&head, []byte(Clean(f.Alt())))
	head.WriteString("</desc>\n")
	body := bytes.ReplaceAll(svg[start:], []byte(drawnFamily), []byte(families))
	for _, part := range [][]byte{head.Bytes(), body} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write SVG: %w", err)
		}
	}
	return nil
}

// The family that the drawing names, and what a browser takes that does not have it.
const (
	drawnFamily = "font-family:Liberation Sans;font-variant:normal;"
	families    = "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;white-space:pre;"
)
