package text

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a text that was cut at places where no token is cut (see
// lastCut), checked to be valid.
type piece struct {
	// text has padding line feeds after the piece, which are not part of it, so
	// that eight bytes can be loaded, and one looked ahead, from everywhere.
	text []byte
	n    int // bytes of the piece
	// The piece begins within a line, of which the piece before had the beginning.
	inside bool
	// It does, and after white space.
	blank bool
}

// padding is how many bytes stand after a piece.
const padding = 16

// scanner turns pieces of text into numbers of words. It holds what one worker
// needs.
type scanner struct {
	tokenizer Tokenizer
	lexicon   *Lexicon
	sum       bool // whether to compute digests

	words  []uint32 // what has been found
	tokens uint64   // of these, the ones that are no end of a sentence
	// sentences is the number of ends, digest the sum of the digests of the lines
	// with a word that are in the piece as a whole.
	sentences uint64
	digest    digest
	// head is the length of the first line, with its end, if the piece begins
	// within a line, tail where its last line begins if that has no end: parts of
	// lines, whose digest needs the other parts.
	head, tail int
	// led tells that the first of the words is the space between this piece and
	// what comes before it, which is one only if a word does.
	led bool

	lower   []byte
	seen    map[string]uint32 // number + 1, by token as it stands in the text; 0 for one that is dropped
	started int               // words before the current line
	line    int               // where the line begins
	inside  bool              // the line began in another piece
}

func newScanner(t Tokenizer, sum bool) *scanner {
	return &scanner{tokenizer: t, lexicon: newLexicon(), sum: sum, seen: map[string]uint32{}}
}

// scan replaces what the scanner has found by what is in a piece.
func (s *scanner) scan(p piece) {
	s.words, s.sentences, s.digest, s.led = s.words[:0], 0, digest{}, false
	s.started, s.line, s.inside, s.head, s.tail = 0, 0, p.inside, 0, 0
	switch s.tokenizer.Tokens {
	case Words, "":
		s.scanWords(p)
	case Fields:
		s.scanFields(p)
	default:
		s.scanChars(p)
	}
	if s.inside {
		s.head = p.n
	}
	s.tail = max(s.line, s.head)
	s.tokens = uint64(len(s.words)) - s.sentences
}

// endLine ends the line whose line feed stands at a place. If the line began in
// another piece, only whoever knows that one can tell whether it is a sentence.
func (s *scanner) endLine(text []byte, feed int) {
	switch {
	case s.inside:
		s.head, s.inside = feed+1, false
		s.endSentence()
	case len(s.words) > s.started:
		if s.sum {
			s.digest.addSum(sha256.Sum256(withoutLineEnd(text[s.line : feed+1])))
		}
		s.endSentence()
	}
	s.line = feed + 1
}

func (s *scanner) endSentence() {
	s.words = append(s.words, EndOfSentence)
	s.sentences++
	s.started = len(s.words)
}

// scanChars finds the tokens that [Tokenizer.Split] finds with [Chars].
func (s *scanner) scanChars(p piece) {
	visit := func(token []byte) { s.words = append(s.words, s.lexicon.number(token)) }
	for s.line < p.n {
		feed := bytes.IndexByte(p.text[s.line:p.n], '\n')
		end := p.n
		if feed >= 0 {
			end = s.line + feed
		}
		line := withoutLineEnd(p.text[s.line:min(end+1, p.n)])
		space := s.inside && p.blank
		if !s.asciiChars(line, s.inside, space) {
			s.tokenizer.split(line, s.inside, space, visit)
		}
		s.led = s.led || space && len(s.words) > 0
		if feed < 0 {
			return
		}
		s.endLine(p.text, end)
	}
}

// What an ASCII character is to word boundaries, and to the fast paths. The
// letters in capitals are property values of UAX #29.
const (
	letter  = 1 << iota // ALetter
	digit               // Numeric
	low                 // ExtendNumLet: the low line
	midWord             // MidLetter, MidNumLet, Single_Quote: : . '
	midNum              // MidNum, MidNumLet, Single_Quote: , ; . '
	white               // unicode.IsSpace
	control             // shows nothing
	high                // no ASCII, nor are what it may stand for
	wordy   = letter | digit | low
)

// classOf is indexed by bytes.
var classOf = func() (of [256]uint8) {
	for c := range of {
		switch {
		case c >= utf8.RuneSelf:
			of[c] = high
		case unicode.IsLetter(rune(c)):
			of[c] = letter
		case unicode.IsDigit(rune(c)):
			of[c] = digit
		case unicode.IsSpace(rune(c)):
			of[c] = white
		case unicode.IsControl(rune(c)):
			of[c] = control
		}
	}
	of['_'] = low
	of[':'] = midWord
	of['.'], of['\''] = midWord|midNum, midWord|midNum
	of[','], of[';'] = midNum, midNum
	return of
}()

// Eight bytes at a time: constants with the same byte everywhere.
const (
	eachHigh  = 0x8080808080808080
	eachCase  = 0x2020202020202020
	eachOne   = 0x0101010101010101
	fromSmall = eachOne * (0x80 - 'a')     // added, it carries into the high bit from 'a' on
	pastSmall = eachOne * (0x80 - 'z' - 1) // and this after 'z'
)

// letters returns a high bit for every byte of x that is an ASCII letter.
func letters(x uint64) uint64 {
	h := (x | eachCase) &^ eachHigh
	return (h + fromSmall) &^ (h + pastSmall) &^ x & eachHigh
}

// lowerASCII returns text with its ASCII capitals in lower case, in buffer.
func lowerASCII(buffer, text []byte) []byte {
	buffer = append(buffer[:0], text...)
	i := 0
	for ; i+8 <= len(buffer); i += 8 {
		x := binary.LittleEndian.Uint64(buffer[i:])
		binary.LittleEndian.PutUint64(buffer[i:], x|letters(x)>>2)
	}
	for ; i < len(buffer); i++ {
		if c := buffer[i]; classOf[c] == letter {
			buffer[i] = c | 0x20
		}
	}
	return buffer
}
