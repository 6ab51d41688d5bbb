package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"qk/data"
)

// vocabulary is the words of a job in byte order, which is that of their numbers.
type vocabulary struct {
	words []string
	// known tells that the text may hold data.Unknown as a word like any other, which
	// is in the vocabulary as such.
	known bool
}

// newVocabulary makes a vocabulary of words, with data.Unknown if other words of the
// text are left out, and with data.Boundary if there are boundaries.
func newVocabulary(words []string, left, boundary bool) vocabulary {
	v := vocabulary{known: slices.Contains(words, data.Unknown)}
	if left {
		words = append(words, data.Unknown)
	}
	if boundary {
		words = append(words, data.Boundary)
	}
	v.words = data.NewVocabulary(words).All()
	return v
}

// pack makes a vocabulary a string of bytes, as which it reaches every worker: 1 if
// known, else 0, and then each word after its length.
func (v vocabulary) pack() []byte {
	packed := []byte{0}
	if v.known {
		packed[0] = 1
	}
	for _, w := range v.words {
		packed = append(binary.AppendUvarint(packed, uint64(len(w))), w...)
	}
	return packed
}

// errVocabulary says that bytes are no packed vocabulary.
var errVocabulary = errors.New("the vocabulary did not reach the worker whole: run the job again")

// unpack is the inverse of pack.
func unpack(packed []byte) (vocabulary, error) {
	var v vocabulary
	if len(packed) == 0 || packed[0] > 1 {
		return v, errVocabulary
	}
	v.known, packed = packed[0] == 1, packed[1:]
	for len(packed) > 0 {
		n, size := binary.Uvarint(packed)
		if size <= 0 || n > uint64(len(packed)-size) {
			return v, errVocabulary
		}
		v.words = append(v.words, string(packed[size:size+int(n)]))
		packed = packed[size+int(n):]
	}
	return v, nil
}

// numbers finds the numbers of words.
type numbers struct {
	vocabulary
	packed   []byte
	index    map[string]data.Word
	unknown  data.Word // number of data.Unknown, or −1
	boundary data.Word // number of data.Boundary with boundaries, or −1
}

// newNumbers prepares to find the numbers of words.
func newNumbers(packed []byte, boundary bool) (*numbers, error) {
	v, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	n := &numbers{vocabulary: v, packed: bytes.Clone(packed), index: make(map[string]data.Word, len(v.words)), unknown: -1, boundary: -1}
	for i, w := range v.words {
		n.index[w] = data.Word(i)
	}
	if w, ok := n.index[data.Unknown]; ok {
		n.unknown = w
	}
	if w, ok := n.index[data.Boundary]; ok && boundary {
		n.boundary = w
	}
	if !n.known {
		delete(n.index, data.Unknown)
	}
	return n, nil
}

// vocabularyFn reads a vocabulary from a file of one word a line.
type vocabularyFn struct {
	Boundary bool
}

// ProcessElement emits the vocabulary, packed. data.Unknown is in it, as there may be
// other words in other parts of a text.
func (f *vocabularyFn) ProcessElement(ctx context.Context, name string, emit func([]byte)) error {
	words, err := readVocabulary(ctx, name)
	if err != nil {
		return reported(err)
	}
	emit(newVocabulary(words, true, f.Boundary).pack())
	return nil
}

// readVocabulary reads a file of one word a line.
func readVocabulary(ctx context.Context, name string) ([]string, error) {
	in, err := openFile(ctx, "--vocab", name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return data.ReadVocabulary(in, name)
}
