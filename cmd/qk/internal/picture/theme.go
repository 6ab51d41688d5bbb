package picture

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
)

// Theme is a set of colours. Both are opaque, so that a picture can be read on any
// page.
//
// The series colours are those of Okabe and Ito, "Color Universal Design" (2008),
// https://jfly.uni-koeln.de/color/, which people of every kind of colour vision tell
// apart; the dark theme has lighter shades of the same hues. Series differ by more
// than colour, too: every line bears its name.
type Theme struct {
	Name       string
	Background color.Color
	Text       color.Color // of headings and labels
	Faint      color.Color // of axes and notes
	Grid       color.Color
	Series     []color.Color // of lines, in order; the first is what was learned
	Floor      color.Color   // of what cannot be beaten
	Sequential Palette       // of 0 to 1
	Diverging  Palette       // of −1 to 1, with 0 in the middle
	Unknown    color.Color   // of what the data do not determine

	fonts *font.Cache
}

// Light returns the theme of a light page.
func Light() Theme {
	return Theme{
		Name: "light", Background: hex("#ffffff"), Text: hex("#1b1f24"), Faint: hex("#57606a"), Grid: hex("#e4e7eb"),
		Series: []color.Color{hex("#0072b2"), hex("#d55e00"), hex("#b0548c"), hex("#007a5a"), hex("#8f6700"), hex("#2f7fb8"), hex("#444c56")},
		Floor:  hex("#1b1f24"), Sequential: sequential(false), Diverging: diverging(false), Unknown: hex("#c2c8cf"), fonts: font.NewCache(liberation.Collection()),
	}
}

// Dark returns the theme of a dark page.
func Dark() Theme {
	return Theme{
		Name: "dark", Background: hex("#0d1117"), Text: hex("#e6edf3"), Faint: hex("#9aa4af"), Grid: hex("#262c34"),
		Series: []color.Color{hex("#56b4e9"), hex("#f0883e"), hex("#e29bc6"), hex("#3fc79a"), hex("#e6b422"), hex("#a5d3f2"), hex("#b9c1ca")},
		Floor:  hex("#e6edf3"), Sequential: sequential(true), Diverging: diverging(true), Unknown: hex("#4a525c"), fonts: font.NewCache(liberation.Collection()),
	}
}

// ThemeNamed returns the theme of a name.
func ThemeNamed(name string) (Theme, error) {
	switch name {
	case "light":
		return Light(), nil
	case "dark":
		return Dark(), nil
	}
	return Theme{}, fmt.Errorf("theme %q: use light or dark", name)
}

func hex(s string) color.RGBA {
	var c color.RGBA
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B); n != 3 || err != nil {
		panic("picture: not a colour: " + s) // of this file, which a test reads
	}
	c.A = 255
	return c
}
