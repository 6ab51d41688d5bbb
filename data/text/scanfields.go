package text

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// pastSpace, added, carries into the high bit of every byte after the space.
const pastSpace = eachOne * (0x80 - ' ' - 1)

// scanFields finds the tokens that [Tokenizer.Split] finds with [Fields], line by
// line.
func (s *scanner) scanFields(p piece) {
	b, n := p.text, p.n
	for pos := 0; pos < n; {
		// The characters of a field that are neither below the space nor outside
		// ASCII, up to eight of them.
		x := binary.LittleEndian.Uint64(b[pos:])
		plain := ((x &^ eachHigh) + pastSpace) &^ x & eachHigh
		k := bits.TrailingZeros64(plain^eachHigh) >> 3
		if k > 0 && k < 8 && classOf[b[pos+k]]&white != 0 {
			if !s.tokenizer.KeepCase {
				x |= letters(x) >> 2
			}
			s.words = append(s.words, s.lexicon.short(x&(1<<(8*uint(k))-1), k))
			pos += k
			continue
		}
		if b[pos] == '\n' {
			s.endLine(b, pos)
			pos++
			continue
		}
		if space := spaceAt(b, pos); space > 0 {
			pos += space
			continue
		}
		end, ascii := pos, true
		for spaceAt(b, end) == 0 {
			if b[end] < utf8.RuneSelf {
				end++
				continue
			}
			_, size := utf8.DecodeRune(b[end:])
			end += size
			ascii = false
		}
		switch field := b[pos:end]; {
		case s.tokenizer.KeepCase:
			s.words = append(s.words, s.lexicon.number(field))
		case ascii:
			s.words = append(s.words, s.ascii(b, pos, end, eachCase))
		default:
			s.lower = appendLower(s.lower[:0], field)
			s.words = append(s.words, s.lexicon.number(s.lower))
		}
		pos = end
	}
}

// spaceAt returns the length of the white space character at a place, or 0.
func spaceAt(b []byte, pos int) int {
	if c := b[pos]; c < utf8.RuneSelf {
		return int(classOf[c]&white) / white
	}
	if r, size := utf8.DecodeRune(b[pos:]); unicode.IsSpace(r) {
		return size
	}
	return 0
}
