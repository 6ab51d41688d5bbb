package train

import (
	"fmt"

	"qk/data"
)

// Token is a word of a text that somebody typed.
type Token struct {
	Text  string
	Word  data.Word // [data.Unknown] where Text is not in the vocabulary but that is, else −1
	Known bool      // Text is in the vocabulary
}

// Tokens splits the beginning of a sentence as the text of the experiment was split, with
// the boundary before it.
func (e *Experiment) Tokens(text string) []Token {
	var tokens []Token
	vocab := e.Corpus.Vocab
	if b := e.Corpus.Boundary; b >= 0 {
		tokens = append(tokens, Token{vocab.Text(b), b, true})
	}
	unknown, ok := vocab.Lookup(data.Unknown)
	if !ok {
		unknown = -1
	}
	e.Config.Options().Split([]byte(text), func(token []byte) {
		t := Token{Text: string(token), Word: unknown}
		if w, ok := vocab.Lookup(t.Text); ok {
			t.Word, t.Known = w, true
		}
		tokens = append(tokens, t)
	})
	return tokens
}

// Split turns the beginning of a sentence into words of the vocabulary. A word that it
// does not have becomes [data.Unknown] where the vocabulary has that, else it is an
// error.
func (e *Experiment) Split(text string) ([]data.Word, error) {
	var words []data.Word
	for _, t := range e.Tokens(text) {
		if t.Word < 0 {
			_, err := e.Corpus.Vocab.Find(t.Text)
			return nil, err
		}
		words = append(words, t.Word)
	}
	switch {
	case len(words) == 0 || len(words) == 1 && words[0] == e.Corpus.Boundary && text != "":
		return nil, fmt.Errorf("%q holds no words: give the beginning of a sentence", text)
	}
	return words, nil
}
