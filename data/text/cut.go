package text

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
)

// lastCut returns the last place in text, after from and not after to, where it
// can be cut so that both parts, each split by itself, give the tokens of the whole;
// or 0. The text is part of a longer one, and begins at such a place.
//
// A line can be cut after its end. Within a line, text can be cut between two
// characters x and y, y being no white space, if
//
//   - x is ASCII white space and the tokens are [Fields], or
//   - x is ASCII white space or an ideograph from U+4E00 to U+9FFF, and there is a
//     boundary in the text xy, both between words and between grapheme clusters.
//
// Why the second rule is enough: x is neither a mark, nor a format character, nor
// a joiner, and no rule of UAX #29 that has such an x to the left of a boundary looks at
// what comes before it: for words, those that look two back (WB7, WB7c, WB11) or count
// (WB15, WB16) want other kinds of x, and so do GB9c, GB11, GB12 and GB13 for clusters.
// The rules that look ahead (WB6, WB7b, WB12) skip nothing but marks, format
// characters and joiners, so that none looks across x, and the ones that have x itself to
// the left of the boundary look at y alone. So whether there is a boundary between x
// and y hangs on them alone, and no other boundary hangs on both sides of it.
func (t Tokenizer) lastCut(text []byte, from, to int) int {
	to = min(to, len(text))
	if from >= to {
		return 0
	}
	if feed := bytes.LastIndexByte(text[from:to], '\n'); feed >= 0 {
		return from + feed + 1
	}
	for place := min(to, len(text)-1); place > from; place-- {
		if t.cuts(text, place) {
			return place
		}
	}
	return 0
}

// cuts reports whether text, which has no line end there, can be cut at a place
// within it.
func (t Tokenizer) cuts(text []byte, place int) bool {
	left := 1 // length of x
	if classOf[text[place-1]]&white == 0 {
		if t.Tokens == Fields || !endsInIdeograph(text[:place]) {
			return false
		}
		left = utf8.RuneLen(firstIdeograph)
	}
	if !utf8.FullRune(text[place:]) {
		return false
	}
	y, size := utf8.DecodeRune(text[place:])
	if unicode.IsSpace(y) {
		return false
	}
	if t.Tokens == Fields {
		return true
	}
	pair := text[place-left : place+size]
	word, _, _ := words.SplitFunc(pair, true)
	cluster, _, _ := graphemes.SplitFunc(pair, true)
	return word == left && cluster == left
}

// The ideographs of the first and largest block, three bytes each.
const (
	firstIdeograph = 0x4e00
	lastIdeograph  = 0x9fff
)

func endsInIdeograph(text []byte) bool {
	if text[len(text)-1] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeLastRune(text)
	return r >= firstIdeograph && r <= lastIdeograph
}
