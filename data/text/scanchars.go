package text

// asciiChars numbers the tokens that [Tokenizer.Split] finds with [Chars] in a line
// of ASCII, where every character is a cluster of its own, and reports whether the
// line is one. White space at the end of a line, a CR there included, has no token.
func (s *scanner) asciiChars(line []byte, started, space bool) bool {
	for _, c := range line {
		if classOf[c]&high != 0 {
			return false
		}
	}
	kept := uint8(letter | digit)
	if s.tokenizer.Punctuation {
		kept = ^uint8(white | control)
	}
	for _, c := range line {
		class := classOf[c]
		switch {
		case class&white != 0:
			space = true
		case class&kept != 0 || class == 0 && s.tokenizer.Punctuation:
			if started && space {
				s.words = append(s.words, s.lexicon.short(' ', 1))
			}
			if class == letter && !s.tokenizer.KeepCase {
				c |= 0x20
			}
			s.words = append(s.words, s.lexicon.short(uint64(c), 1))
			started, space = true, false
		}
	}
	return true
}
