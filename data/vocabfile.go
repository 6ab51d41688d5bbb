package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"qk/data/text"
)

// ReadVocabulary reads the words of a vocabulary, one a line, in any order. Errors
// name the flag --vocab, the file, which is called name, and the line: of one that is no
// word, of one that repeats another, and of a file without lines. Those of the text
// itself wrap those of [text.Lines].
func ReadVocabulary(r io.Reader, name string) ([]string, error) {
	var words []string
	seen := map[string]int{}
	err := text.Lines(r, name, func(line int, word []byte) error {
		w := string(word)
		if why := badWord(w); why != "" {
			return fmt.Errorf("--vocab %s: line %d %s: give one word a line", name, line, why)
		}
		if first, again := seen[w]; again {
			return fmt.Errorf("--vocab %s: line %d holds %q, which is in line %d already: give each word once", name, line, w, first)
		}
		seen[w] = line
		words = append(words, w)
		return nil
	})
	if bad := (*text.Error)(nil); errors.As(err, &bad) {
		return nil, fmt.Errorf("--vocab %w", err)
	}
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("--vocab %s: the file is empty: give one word a line", name)
	}
	return words, nil
}

// badWord says what is wrong with a line, if anything is. One with white space in
// it can be a word, but with white space at an end it is a mistake.
func badWord(w string) string {
	switch {
	case w == "":
		return "is empty"
	case strings.TrimFunc(w, unicode.IsSpace) == "" && w != " ":
		return "holds nothing but white space"
	case strings.TrimFunc(w, unicode.IsSpace) != w && w != " ": // a blank is a word of --tokens chars
		return fmt.Sprintf("holds %q, with white space at an end", w)
	}
	return ""
}

// ReadVocabularyJSON is [ReadVocabulary] for a JSON array of words, such as the
// vocabulary.json of a run. Its errors name the number of a word, from 1.
func ReadVocabularyJSON(r io.Reader, name string) ([]string, error) {
	var words []string
	dec := json.NewDecoder(r)
	if err := dec.Decode(&words); err != nil {
		return nil, fmt.Errorf("--vocab %s: %w: give a JSON array of words, such as the vocabulary.json of a run", name, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("--vocab %s: something follows the JSON array of words: leave it out", name)
	}
	seen := map[string]int{}
	for i, w := range words {
		if w == "" { // with white space it can be a word of --tokens chars
			return nil, fmt.Errorf("--vocab %s: word %d is empty: give an array of words", name, i+1)
		}
		if first, again := seen[w]; again {
			return nil, fmt.Errorf("--vocab %s: word %d, %q, is word %d already: give each word once", name, i+1, w, first)
		}
		seen[w] = i + 1
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("--vocab %s: the array is empty: give the words", name)
	}
	return words, nil
}
