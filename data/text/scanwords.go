package text

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/clipperhouse/uax29/v2/words"
)

// scanWords finds the tokens that [Tokenizer.Split] finds with [Words], line by
// line.
//
// In ASCII the rules of UAX #29 come to this: a token is a run of letters, digits
// and low lines, which goes on across one of : . ' between two letters and across
// one of , ; . ' between two digits; every other character stands alone. A token
// that touches a character outside ASCII, or could if it went on, is left to
// package words, from its beginning. That the two agree needs no more than that
// package words, too, looks at nothing before the beginning of a token.
func (s *scanner) scanWords(p piece) {
	var (
		b, n, l    = p.text, p.n, s.lexicon
		found      = s.words
		toLower    = uint64(eachCase)
		keepsMarks = s.tokenizer.Punctuation
		floor      = 0 // where the last token from package words ended, or the line began
		lineEnd    = 0 // of the line at hand, if it is past pos
	)
	if s.tokenizer.KeepCase {
		toLower = 0
	}
	for pos := 0; pos < n; {
		// Most tokens are up to fifteen letters with something after them that ends
		// a token, usually a space.
		x := binary.LittleEndian.Uint64(b[pos:])
		k := bits.TrailingZeros64(letters(x)^eachHigh) >> 3
		if k == 8 {
			k += bits.TrailingZeros64(letters(binary.LittleEndian.Uint64(b[pos+8:]))^eachHigh) >> 3
		}
		if k > 0 && k < 16 {
			c := classOf[b[pos+k]]
			if c&(wordy|high|midWord) == 0 || c&midWord != 0 && classOf[b[pos+k+1]]&(letter|high) == 0 {
				x |= toLower
				if k <= 8 {
					found = append(found, l.short(x&(^uint64(0)>>(64-8*uint(k))), k))
				} else {
					found = append(found, l.medium(x, binary.LittleEndian.Uint64(b[pos+k-8:])|toLower, k))
				}
				pos += k
				if b[pos] == ' ' {
					pos++
				}
				continue
			}
		}
		first := classOf[b[pos]]
		i := pos + 1
		switch {
		case b[pos] == '\n':
			s.words = found
			s.endLine(b, pos)
			found = s.words
			pos++
			floor = pos
			continue
		case first&white != 0:
			pos++
			continue
		case first&wordy != 0:
			end, all := asciiWord(b, pos)
			if end < 0 {
				break
			}
			if keepsMarks || all&(letter|digit) != 0 {
				found = append(found, s.ascii(b, pos, end, toLower))
			}
			pos = end
			continue
		case first&high == 0 && classOf[b[i]]&high == 0:
			if keepsMarks && first&control == 0 {
				found = append(found, l.short(uint64(b[pos]), 1))
			}
			pos = i
			continue
		}

		// White space can be part of a token with a mark after it.
		start := pos
		for start > floor && classOf[b[start-1]]&white != 0 {
			start--
		}
		if lineEnd <= pos {
			lineEnd = pos + bytes.IndexByte(b[pos:], '\n')
		}
		s.words = found
		pos = s.wordsThrough(b[:lineEnd], start, pos)
		found = s.words
		floor = pos
	}
	s.words = found
}

// asciiWord returns where the word that begins at a place ends and the classes of
// its characters, or −1 if it cannot be told without a character outside ASCII.
func asciiWord(b []byte, pos int) (end int, all uint8) {
	all = classOf[b[pos]]
	i := pos + 1
	for {
		if k := bits.TrailingZeros64(letters(binary.LittleEndian.Uint64(b[i:]))^eachHigh) >> 3; k > 0 {
			i += k
			all |= letter
			if k == 8 {
				continue
			}
		}
		c := classOf[b[i]]
		switch {
		case c&wordy != 0:
			all |= c
			i++
			continue
		case c&high != 0:
			return -1, 0
		case c&(midWord|midNum) != 0:
			before, after := classOf[b[i-1]], classOf[b[i+1]]
			if after&high != 0 {
				return -1, 0
			}
			if c&midWord != 0 && before&after&letter != 0 || c&midNum != 0 && before&after&digit != 0 {
				all |= after
				i += 2
				continue
			}
		}
		return i, all
	}
}

// ascii numbers the ASCII token b[pos:end].
func (s *scanner) ascii(b []byte, pos, end int, toLower uint64) uint32 {
	text := b[pos:end]
	if toLower != 0 {
		if n := len(text); n <= 16 {
			return s.asciiShort(b, pos, n)
		}
		s.lower = lowerASCII(s.lower, text)
		text = s.lower
	}
	return s.lexicon.number(text)
}

// asciiShort numbers an ASCII token of up to 16 bytes in lower case.
func (s *scanner) asciiShort(b []byte, pos, n int) uint32 {
	x := binary.LittleEndian.Uint64(b[pos:])
	x |= letters(x) >> 2
	if n <= 8 {
		return s.lexicon.short(x&(^uint64(0)>>(8*uint(8-n))), n)
	}
	y := binary.LittleEndian.Uint64(b[pos+n-8:])
	return s.lexicon.medium(x, y|letters(y)>>2, n)
}

// wordsThrough takes tokens from package words, from start on, until they are past
// a place, and returns where the last one ends. The line is not to end before.
func (s *scanner) wordsThrough(line []byte, start, place int) int {
	for start <= place {
		n, segment, _ := words.SplitFunc(line[start:], true)
		start += n
		s.numberRaw(segment)
	}
	return start
}

// numberRaw numbers a token as it stands in the text, if it is kept. Trimming,
// dropping and lower case are decided once for each.
func (s *scanner) numberRaw(segment []byte) {
	if known, ok := s.seen[string(segment)]; ok {
		if known > 0 {
			s.lexicon.n[known-1]++
			s.words = append(s.words, known-1)
		}
		return
	}
	token := bytes.TrimSpace(segment)
	var known uint32
	if s.tokenizer.keeps(token) {
		if !s.tokenizer.KeepCase {
			s.lower = appendLower(s.lower[:0], token)
			token = s.lower
		}
		id := s.lexicon.number(token)
		s.words = append(s.words, id)
		known = id + 1
	}
	if len(s.seen) < maxSeen && len(segment) <= maxSeenLength {
		s.seen[string(segment)] = known
	}
}

// maxSeen and maxSeenLength bound the memory of scanner.seen.
const (
	maxSeen       = 1 << 16
	maxSeenLength = 64
)
