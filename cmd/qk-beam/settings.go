package main

import (
	"qk/data"
	"qk/data/table"
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

// numbering returns how the words of a block are numbered: by one goroutine, as a
// worker has others for other blocks.
func (s settings) numbering() text.NumberOptions {
	o := text.NumberOptions{
		Tokenizer: text.Tokenizer{Tokens: text.Tokens(s.Tokens), KeepCase: s.KeepCase, Punctuation: s.Punctuation},
		Workers:   1,
		NoSHA256:  true,
	}
	if s.Boundary {
		o.Boundary = data.Boundary
	}
	return o
}

// table returns the settings as they are kept.
func (s settings) table() table.Settings {
	return table.Settings{Tokens: s.Tokens, KeepCase: s.KeepCase, Punctuation: s.Punctuation, Boundary: s.Boundary, Context: s.Context}
}
