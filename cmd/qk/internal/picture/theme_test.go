package picture

import (
	"image/color"
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(x uint32) float64 {
		v := float64(x) / 0xffff
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast wants text at 4.5 to 1 and lines at 3 to 1, as WCAG asks for.
func TestContrast(t *testing.T) {
	if got := contrast(color.White, color.Black); math.Abs(got-21) > 1e-9 {
		t.Fatalf("black on white is %v, want 21", got)
	}
	for _, theme := range []Theme{Light(), Dark()} {
		for name, c := range map[string]color.Color{"text": theme.Text, "faint": theme.Faint, "floor": theme.Floor} {
			if got := contrast(c, theme.Background); got < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f", theme.Name, name, got)
			}
		}
		for i, c := range theme.Series {
			if got := contrast(c, theme.Background); got < 3 {
				t.Errorf("%s: series %d has a contrast of %.2f", theme.Name, i, got)
			}
		}
	}
}

// TestSequential wants shades that change in lightness in one direction, so that
// they can be read without colour.
func TestSequential(t *testing.T) {
	for _, theme := range []Theme{Light(), Dark()} {
		sign := luminance(theme.Sequential.At(1)) - luminance(theme.Sequential.At(0))
		for i := range 100 {
			step := luminance(theme.Sequential.At(float64(i+1)/100)) - luminance(theme.Sequential.At(float64(i)/100))
			if step*sign <= 0 {
				t.Errorf("%s: from %d to %d %% the lightness goes the other way", theme.Name, i, i+1)
			}
		}
	}
}

// TestColourBlind wants both arms of the diverging palette, and neighbouring series,
// to stay apart for protanopes, deuteranopes and tritanopes.
func TestColourBlind(t *testing.T) {
	for _, theme := range []Theme{Light(), Dark()} {
		for kind, m := range dichromacies {
			for _, x := range []float64{0.1, 0.2, 0.3, 0.4} {
				if d := distance(seen(theme.Diverging.At(x), m), seen(theme.Diverging.At(1-x), m)); d < 12 {
					t.Errorf("%s, %s: %.1f and %.1f are %.1f apart", theme.Name, kind, x, 1-x, d)
				}
			}
			for i := range 3 {
				for j := range i {
					if d := distance(seen(theme.Series[i], m), seen(theme.Series[j], m)); d < 12 {
						t.Errorf("%s, %s: series %d and %d are %.1f apart", theme.Name, kind, i, j, d)
					}
				}
			}
		}
	}
}

// dichromacies are the matrices at severity 1 of Machado, Oliveira and Fernandes, "A
// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
// for linear RGB.
var dichromacies = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seen returns the linear RGB that somebody sees.
func seen(c color.Color, m [3][3]float64) [3]float64 {
	r, g, b, _ := c.RGBA()
	var rgb, out [3]float64
	for i, x := range []uint32{r, g, b} {
		v := float64(x) / 0xffff
		if v <= 0.04045 {
			rgb[i] = v / 12.92
		} else {
			rgb[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	for i := range out {
		for j, x := range rgb {
			out[i] += m[i][j] * x
		}
		out[i] = max(0, min(1, out[i]))
	}
	return out
}

// distance is the difference ΔE*ab of CIE 1976 between two linear sRGB colours, under
// D65.
func distance(a, b [3]float64) float64 {
	lab := func(c [3]float64) [3]float64 {
		f := func(t float64) float64 {
			if t > 216.0/24389 {
				return math.Cbrt(t)
			}
			return (24389.0/27*t + 16) / 116
		}
		x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
		y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
		z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}
