package picture

import (
	"image/color"
	"math"
)

// Palette maps numbers of [0,1] to colours, by straight lines between stops at equal
// distances.
type Palette []color.RGBA

// At returns the colour of x, which is brought into [0,1]; not a number gives the
// middle.
func (p Palette) At(x float64) color.Color {
	if math.IsNaN(x) {
		x = 0.5
	}
	at := max(0, min(1, x)) * float64(len(p)-1)
	i := min(int(at), len(p)-2)
	return mix(p[i], p[i+1], at-float64(i))
}

// mix returns the colour a share of the way from a to b.
func mix(a, b color.RGBA, share float64) color.RGBA {
	between := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + share*(float64(y)-float64(x)))) }
	return color.RGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), 255}
}

// sequential is the palette of shades: of a light page ColorBrewer's Blues of nine
// classes (https://colorbrewer2.org, colour-blind safe) from white on, of a dark page
// the same hue from the background to a bright blue. Lightness changes in one
// direction alone, so that it reads without colour, too.
func sequential(dark bool) Palette {
	if dark {
		return stops("#161b22", "#142d4c", "#15447a", "#1f5fa8", "#3a7ecb", "#62a0e0", "#8fc0ee", "#bcdcf8", "#e6f3ff")
	}
	return stops("#ffffff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
}

// diverging is the palette of differences, below zero orange, above it purple or
// blue: ColorBrewer's PuOr of eleven classes, colour-blind safe, turned round; on a
// dark page the middle is dark.
func diverging(dark bool) Palette {
	if dark {
		return stops("#ffd9a8", "#fdb863", "#e08214", "#a85c0c", "#5c3a16", "#161b22", "#1d3557", "#27579a", "#4a86d8", "#86b6f2", "#c6e0ff")
	}
	return stops("#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788", "#2d004b")
}

func stops(list ...string) Palette {
	p := make(Palette, len(list))
	for i, s := range list {
		p[i] = hex(s)
	}
	return p
}
