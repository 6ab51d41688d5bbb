package screen

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text is a string that is safe to write to a terminal. Lines are made of text
// alone, and the only way to turn a string that is not a constant into text is
// clean; the compiler thus finds any place that forgets to call it.
type text string

// maxMarks is how many combining marks may follow one character. More are
// never needed to write a language, but can paint over neighbouring lines.
const maxMarks = 6

// dottedCircle carries a combining mark that has no character to stand on.
const dottedCircle = '◌'

// clean turns any string into text: control characters, escape sequences,
// direction overrides, invisible characters and invalid bytes become visible
// escapes such as \n, \x1b and \u202e, and a space on its own becomes ␣. Other
// printable text is left as it is, and
// cleaning twice is the same as cleaning once.
func clean(s string) text {
	if s == " " { // a word of its own where characters are words
		return "␣"
	}
	if plainASCII(s) {
		return text(s)
	}
	var b strings.Builder
	last := rune(0) // the character just kept, or 0 after an escape or a space
	marks := 0      // combining marks since the last character
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		rest := s[i+size:]
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
			last, marks = 0, 0
		case unicode.Is(unicode.M, r) && visible(r):
			marks++
			if marks > maxMarks {
				escape(&b, r)
				break
			}
			if last == 0 {
				b.WriteRune(dottedCircle)
			}
			b.WriteRune(r)
			last = r
		case visible(r), joins(last, r, rest):
			b.WriteRune(r)
			last, marks = r, 0
			if r == ' ' {
				last = 0
			}
		default:
			escape(&b, r)
			last, marks = 0, 0
		}
		i += size
	}
	return text(b.String())
}

// plainASCII reports whether s has printable ASCII characters only.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// visible reports whether r leaves a mark on the screen (or is a plain space)
// and does nothing else.
func visible(r rune) bool {
	return unicode.IsPrint(r) && r != '\u2800' &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// joins reports whether r is a zero-width joiner or non-joiner in the middle
// of a word, where Persian and the scripts of India need it.
func joins(last, r rune, rest string) bool {
	if r != '\u200c' && r != '\u200d' || last == 0 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return unicode.In(last, unicode.L, unicode.M) && unicode.IsLetter(next) && visible(next)
}

// escape writes r the way Go source would.
func escape(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < utf8.RuneSelf:
		fmt.Fprintf(b, `\x%02x`, r)
	case r <= 0xffff:
		fmt.Fprintf(b, `\u%04x`, r)
	default:
		fmt.Fprintf(b, `\U%08x`, r)
	}
}
