package picture

import (
	"image/color"
	"strings"
	"unicode"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The sizes of text.
const (
	headingSize = 15
	labelSize   = 11
	noteSize    = 10
)

// style is how text of a size and colour is set: in Liberation Sans, whose outlines
// come with the program, as plain text without mark-up.
func (t Theme) style(size vg.Length, of color.Color) text.Style {
	return text.Style{
		Color:   of,
		Font:    font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, size),
		Handler: text.Plain{Fonts: t.fonts},
		YAlign:  draw.YCenter,
	}
}

// heading is the style of headings.
func (t Theme) heading(size vg.Length, of color.Color) text.Style {
	s := t.style(size, of)
	s.Font.Weight = stdfont.WeightBold
	return s
}

// Clean makes text of any origin fit to be drawn: control characters, bidirectional
// overrides and halves of characters become a visible sign.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\uFFFD', r < ' ', unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r), r >= 0xFFFE && r <= 0xFFFF, unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return '�'
		}
		return r
	}, s)
}

// shorten cuts text that is wider than a width and ends it with an ellipsis.
func shorten(s string, width vg.Length, st text.Style) string {
	s = Clean(s)
	if st.Width(s) <= width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		if cut := string(runes[:n]) + "…"; st.Width(cut) <= width {
			return cut
		}
	}
	return "…"
}
