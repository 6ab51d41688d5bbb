package train

import (
	"fmt"

	"qk/data"
)

// Split turns the beginning of a sentence into words of the vocabulary. A word that it
// does not have becomes [data.Unknown] where the vocabulary has that, else it is an
// error.
func (e *Experiment) Split(text string) ([]data.Word, error) {
	var words []data.Word
	var unknown error
	vocab := e.Corpus.Vocab
	if e.Corpus.Boundary >= 0 {
		words = append(words, e.Corpus.Boundary)
	}
	e.Config.Options().Split([]byte(text), func(token []byte) {
		w, err := vocab.Find(string(token))
		if err != nil {
			if unk, ok := vocab.Lookup(data.Unknown); ok {
				w = unk
			} else if unknown == nil {
				unknown = err
			}
		}
		words = append(words, w)
	})
	switch {
	case unknown != nil:
		return nil, unknown
	case len(words) == 0 || len(words) == 1 && words[0] == e.Corpus.Boundary && text != "":
		return nil, fmt.Errorf("%q holds no words: give the beginning of a sentence", text)
	}
	return words, nil
}
