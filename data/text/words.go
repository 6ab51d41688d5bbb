package text

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
)

// Tokens says what the tokens of a line are.
type Tokens string

const (
	// Words are the words of Unicode Standard Annex #29: "It isn't 3.14!" gives
	// it, isn't, 3.14.
	Words Tokens = "words"
	// Chars are user-perceived characters, the grapheme clusters of the same
	// annex: "Emma" gives e, m, m, a.
	Chars Tokens = "chars"
	// Fields are the runs between white space, for text that has been split
	// into tokens already: nothing is dropped.
	Fields Tokens = "fields"
)

// KnownTokens returns the valid values of [Tokens], the default first.
func KnownTokens() []Tokens { return []Tokens{Words, Chars, Fields} }

// ParseTokens returns the Tokens of that name. Its error lists the valid ones.
func ParseTokens(s string) (Tokens, error) {
	var valid []string
	for _, t := range KnownTokens() {
		if s == string(t) {
			return t, nil
		}
		valid = append(valid, string(t))
	}
	return "", fmt.Errorf("unknown tokens %q: use one of %s", s, strings.Join(valid, ", "))
}

// Tokenizer splits a line into tokens. Its zero value gives words in lower
// case, without punctuation.
//
// White space is what Unicode calls so, as in [unicode.IsSpace]. It never
// begins or ends a token, except that Chars have a token for it: one single
// space for every run of white space between two tokens, whatever it is made of
// and whatever dropped punctuation it surrounds. White space at the ends of a
// line leaves no token.
//
// Words and Chars keep what holds a letter (Unicode: Alphabetic) or a number
// (category N), and with Punctuation everything visible. So punctuation,
// symbols, emoji and flags are dropped by default, while "½", "1️⃣" and every
// ideograph stay. What shows nothing, such as a control character, a zero-width
// space or a soft hyphen between words, is never a token of its own. A code
// point that is too new for the tables of the Go library counts as a letter,
// except in U+1F000 to U+1FFFF, where new emoji go. Fields keep everything.
//
// The annex decides where words end, without a dictionary: hyphens and slashes
// separate; an apostrophe, a full stop or a colon between letters does not, nor
// does U+202F, the narrow no-break space of French numbers (at an end it is
// dropped like all white space). Chinese ideographs, hiragana and the letters
// of Thai, Lao, Khmer and Burmese come one by one.
//
// Text is not normalised: é as one code point and as two, or ' and ’, make
// different tokens.
type Tokenizer struct {
	Tokens      Tokens // Words if empty
	KeepCase    bool   // leave capitals as they are
	Punctuation bool   // keep punctuation, symbols and emoji too; Fields always do
}

// Split calls visit for every token of a line of UTF-8 in turn. A token is
// never empty and valid only during the call. The line is not changed. Split
// panics if t.Tokens is not a known value.
//
// Unless KeepCase is set, every character of a token is then put into lower
// case by itself, as [strings.ToLower] does. That is lower case, not case
// folding, and knows no language: İ and I both become i; Σ becomes σ, also at
// the end of a word, where ς stays ς; ẞ becomes ß, while ß and ss stay
// different.
func (t Tokenizer) Split(line []byte, visit func(token []byte)) {
	t.split(line, false, false, visit)
}

// split is Split for the rest of a line of which tokens were visited before
// (started), with white space after the last one (space). It makes a difference
// to Chars alone.
func (t Tokenizer) split(line []byte, started, space bool, visit func(token []byte)) {
	emit := visit
	if !t.KeepCase {
		var lower []byte
		emit = func(token []byte) {
			lower = appendLower(lower[:0], token)
			visit(lower)
		}
	}
	switch t.Tokens {
	case Words, "":
		for segments := words.FromBytes(line); segments.Next(); {
			if token := bytes.TrimSpace(segments.Value()); t.keeps(token) {
				emit(token)
			}
		}
	case Chars:
		t.splitChars(line, started, space, emit)
	case Fields:
		for field := range bytes.FieldsSeq(line) {
			emit(field)
		}
	default:
		panic(fmt.Sprintf("text: Tokenizer with unknown tokens %q", t.Tokens))
	}
}

// splitChars visits the kept grapheme clusters of a line, and a space wherever
// there is white space between two.
func (t Tokenizer) splitChars(line []byte, started, space bool, visit func(token []byte)) {
	blank := []byte(" ")
	for clusters := graphemes.FromBytes(line); clusters.Next(); {
		// White space can share a cluster with a mark after it or with a prefix
		// before it.
		left := bytes.TrimLeftFunc(clusters.Value(), unicode.IsSpace)
		token := bytes.TrimRightFunc(left, unicode.IsSpace)
		space = space || len(left) < len(clusters.Value())
		if t.keeps(token) {
			if started && space {
				visit(blank)
			}
			visit(token)
			started, space = true, false
		}
		space = space || len(token) < len(left)
	}
}

// keeps reports whether a word or cluster is a token or is dropped.
func (t Tokenizer) keeps(token []byte) bool {
	keep := wordlike
	if t.Punctuation {
		keep = visible
	}
	return bytes.ContainsFunc(token, keep)
}

// wordlike reports whether a character makes a word: letters and numbers do.
func wordlike(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Other_Alphabetic, r) || newLetter(r)
}

// newLetter reports whether a code point is unknown to the tables of package
// unicode, and outside the blocks of emoji and other pictographs. The tables
// are older than those that split the words.
func newLetter(r rune) bool {
	if r >= 0x1F000 && r <= 0x1FFFF {
		return false
	}
	return !unicode.IsGraphic(r) && !unicode.In(r, unicode.Zl, unicode.Zp, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// visible reports whether a character shows: white space, control and format
// characters do not, except the Arabic and Syriac signs that are format
// characters with a shape.
func visible(r rune) bool {
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return false
	}
	return !unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// appendLower appends text in lower case, character by character. For valid
// UTF-8 the result is that of strings.ToLower; bytes that are not valid stay as
// they are.
func appendLower(dst, text []byte) []byte {
	for len(text) > 0 {
		if b := text[0]; b < utf8.RuneSelf {
			if 'A' <= b && b <= 'Z' {
				b += 'a' - 'A'
			}
			dst = append(dst, b)
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		if lower := unicode.ToLower(r); lower != r {
			dst = utf8.AppendRune(dst, lower)
		} else {
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}
