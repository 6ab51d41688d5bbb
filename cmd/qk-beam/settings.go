package main

import (
	"context"
	"fmt"

	"qk/data"
	"qk/data/text"
)

// settings say how text becomes counts.
type settings struct {
	Tokens      string
	KeepCase    bool
	Punctuation bool
	Boundary    bool
	Context     int
}

// tokenizer returns what splits lines into words.
func (s settings) tokenizer() text.Tokenizer {
	return text.Tokenizer{Tokens: text.Tokens(s.Tokens), KeepCase: s.KeepCase, Punctuation: s.Punctuation}
}

// sentences visits the words of a block: token for each, and end, with the line, after
// the last one of each line that has any. It returns the bytes of the block.
func (s settings) sentences(ctx context.Context, b block, token func([]byte), end func(line []byte)) (int64, error) {
	tokenizer := s.tokenizer()
	return b.lines(ctx, func(number int, line []byte) error {
		n, clash := 0, false
		tokenizer.Split(line, func(word []byte) {
			n++
			clash = clash || s.Boundary && string(word) == data.Boundary
			token(word)
		})
		if clash {
			return &lineError{b.Name, number, fmt.Sprintf("holds the word %s itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out", data.Boundary)}
		}
		if n > 0 {
			end(line)
		}
		return nil
	})
}
