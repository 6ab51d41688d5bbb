package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"qk/data/table"
	"qk/data/text"
)

// vocabularyFile is the table of words in a directory of counts.
const vocabularyFile = "vocabulary.parquet"

// readVocab reads the words of a vocabulary: of a file with one word a line, or of
// a count, given as its directory or as the vocabulary in it.
func readVocab(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w: give a file with one word a line, or the %s of a count", shown(name), pathless(err), vocabularyFile)
	}
	if info.IsDir() || filepath.Ext(name) == ".parquet" {
		return vocabOfCount(name, info.IsDir())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w", shown(name), pathless(err))
	}
	defer f.Close()
	var words []string
	seen := map[string]int{}
	err = text.Lines(f, name, func(line int, word []byte) error {
		w := string(word)
		if why := badWord(w); why != "" {
			return fmt.Errorf("--vocab %s: line %d %s: give one word a line", shown(name), line, why)
		}
		if first, again := seen[w]; again {
			return fmt.Errorf("--vocab %s: line %d holds %q, which is in line %d already: give each word once", shown(name), line, w, first)
		}
		seen[w] = line
		words = append(words, w)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("--vocab %s: the file is empty: give one word a line", shown(name))
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

// vocabOfCount reads the words of a count, all of them: that of [data.Unknown] and
// that of the boundary too.
func vocabOfCount(name string, isDir bool) ([]string, error) {
	dir := name
	if !isDir {
		if filepath.Base(name) != vocabularyFile {
			return nil, fmt.Errorf("--vocab %s: of a count, give its %s", shown(name), vocabularyFile)
		}
		dir = filepath.Dir(name)
	}
	c, err := table.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w", shown(name), err)
	}
	var words []string
	for _, w := range c.Words() {
		words = append(words, w.Text)
	}
	return words, nil
}

// pathless drops what package os puts before an error, as the message names the
// file already.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
