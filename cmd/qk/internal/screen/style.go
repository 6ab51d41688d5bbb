package screen

import (
	"fmt"
	"math"
	"strings"
)

// style is the parameter of an SGR sequence ("select graphic rendition").
// The foreground colours have a contrast of about 4:1 on black and on white.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "38;5;244" // grey
	accent style = "38;5;32"  // blue: what was learned, what won
	strong style = "1;38;5;32"
	good   style = "38;5;29"   // green
	bad    style = "38;5;161"  // red
	passed style = "1;38;5;29" // the closing line
	failed style = "1;38;5;161"
)

// painted reports whether the style colours the background, so that blanks in
// it can be seen.
func (s style) painted() bool { return strings.Contains(string(s), "48;5;") }

// heatSteps is how many colours the ramp of the heat maps has.
const heatSteps = 7

// heat returns the colour of a cell for t in [0, 1]. The ramp runs from slate
// through mauve and coral to gold. Its lightness rises with every step, so that
// it reads the same for every kind of colour vision and in grey; its low end
// differs from a black and from a white background, so that a zero is not
// taken for a cell that is not determined. The text on the cell is black or
// white, whichever stands out.
func heat(t float64) style {
	ramp := [heatSteps]uint8{60, 97, 133, 168, 209, 215, 221}
	const firstLight = 2 // from here on black text stands out better
	step := int(math.Round(unit(t) * (heatSteps - 1)))
	ink := 231
	if step >= firstLight {
		ink = 16
	}
	return style(fmt.Sprintf("48;5;%d;38;5;%d", ramp[step], ink))
}

// shade returns the character that stands for t in [0, 1] without colour.
func shade(t float64) text {
	shades := [...]text{" ", "░", "▒", "▓", "█"}
	return shades[int(math.Round(unit(t)*float64(len(shades)-1)))]
}

// unit clips t to [0, 1]; NaN becomes 0.
func unit(t float64) float64 {
	if !(t > 0) {
		return 0
	}
	return min(t, 1)
}
