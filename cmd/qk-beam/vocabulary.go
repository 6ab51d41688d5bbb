package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"qk/data"
	"qk/data/text"
)

// errNoWords says that a text has nothing in it.
var errNoWords = errors.New("the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too")

// packVocabulary makes the words of a vocabulary, in order, one string of bytes, each
// after its length. As such it reaches every worker.
func packVocabulary(words []string) []byte {
	var packed []byte
	for _, w := range words {
		packed = append(binary.AppendUvarint(packed, uint64(len(w))), w...)
	}
	return packed
}

// unpackVocabulary is the inverse of packVocabulary.
func unpackVocabulary(packed []byte) ([]string, error) {
	var words []string
	for len(packed) > 0 {
		n, size := binary.Uvarint(packed)
		if size <= 0 || n > uint64(len(packed)-size) {
			return nil, errors.New("the vocabulary did not reach the worker whole: run the job again")
		}
		words = append(words, string(packed[size:size+int(n)]))
		packed = packed[size+int(n):]
	}
	return words, nil
}

// numbered is a vocabulary as a worker uses it.
type numbered struct {
	packed   []byte
	words    []string
	index    map[string]data.Word
	unknown  data.Word // number of data.Unknown, or −1
	boundary data.Word // number of data.Boundary with --boundary, or −1
}

// number unpacks a vocabulary.
func number(packed []byte, boundary bool) (*numbered, error) {
	words, err := unpackVocabulary(packed)
	if err != nil {
		return nil, err
	}
	v := &numbered{packed: bytes.Clone(packed), words: words, index: make(map[string]data.Word, len(words)), unknown: -1, boundary: -1}
	for i, w := range words {
		v.index[w] = data.Word(i)
	}
	if w, ok := v.index[data.Unknown]; ok {
		v.unknown = w
	}
	if w, ok := v.index[data.Boundary]; ok && boundary {
		v.boundary = w
	}
	return v, nil
}

// vocabularyFn reads a vocabulary from a file of one word a line.
type vocabularyFn struct {
	Boundary bool
}

// ProcessElement emits the vocabulary, packed, with [data.Unknown] and, with
// boundaries, [data.Boundary].
func (f *vocabularyFn) ProcessElement(ctx context.Context, name string, emit func([]byte)) error {
	words, err := readVocabulary(ctx, name)
	if err != nil {
		return reported(err)
	}
	words = append(words, data.Unknown)
	if f.Boundary {
		words = append(words, data.Boundary)
	}
	emit(packVocabulary(data.NewVocabulary(words).All()))
	return nil
}

// readVocabulary reads a file of one word a line. The order of the lines makes no
// difference; a word that is there twice is a mistake.
func readVocabulary(ctx context.Context, name string) ([]string, error) {
	in, err := openFile(ctx, "--vocab", name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var words []string
	first := map[string]int{}
	err = text.Lines(in, name, func(line int, word []byte) error {
		if len(word) == 0 {
			return nil
		}
		if before, again := first[string(word)]; again {
			return &lineError{name, line, fmt.Sprintf("has the word %q once more, it is in line %d already: give each word once", word, before)}
		}
		first[string(word)] = line
		words = append(words, string(word))
		return nil
	})
	if err == nil && len(words) == 0 {
		err = fmt.Errorf("--vocab %s: the file holds no words: give one a line", name)
	}
	return slices.Clip(words), err
}
