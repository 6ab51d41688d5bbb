package data

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"strings"

	"qk/data/text"
)

// Word is the number of a word in a [Vocabulary], from 0 to V−1. Rows and
// columns of every [V,V] table and rows of Q and K are numbered by it.
type Word int32

// The words that stand for something other than themselves.
const (
	// Boundary stands before the first and after the last word of a sentence
	// when [Options.Boundary] is on. It can be a current word and a next word,
	// never an earlier one.
	Boundary = "<s>"
	// Unknown stands for every word that the vocabulary leaves out.
	Unknown = "<unk>"
)

// Vocabulary numbers the words of a corpus in byte order, so that the same set
// of words always has the same numbers.
type Vocabulary struct {
	words []string
	index map[string]Word
}

// NewVocabulary numbers the given words in byte order; repeated words count
// once.
func NewVocabulary(words []string) *Vocabulary {
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	v := &Vocabulary{words: sorted, index: make(map[string]Word, len(sorted))}
	for i, s := range sorted {
		v.index[s] = Word(i)
	}
	return v
}

// Len returns V.
func (v *Vocabulary) Len() int { return len(v.words) }

// Text returns the text of word w, which must be below V.
func (v *Vocabulary) Text(w Word) string { return v.words[w] }

// Texts returns the texts of the given words, in their order.
func (v *Vocabulary) Texts(ws []Word) []string {
	texts := make([]string, len(ws))
	for i, w := range ws {
		texts[i] = v.words[w]
	}
	return texts
}

// All returns a copy of every word's text, in the order of the numbers.
func (v *Vocabulary) All() []string { return slices.Clone(v.words) }

// Lookup returns the number of a word, and whether the vocabulary has it.
func (v *Vocabulary) Lookup(text string) (Word, bool) {
	w, ok := v.index[text]
	return w, ok
}

// Find is Lookup for words that a user typed: the error of a word that the
// vocabulary lacks is an [*UnknownWordError], which proposes the nearest words.
func (v *Vocabulary) Find(word string) (Word, error) {
	if w, ok := v.index[word]; ok {
		return w, nil
	}
	return 0, &UnknownWordError{Word: word, Nearest: text.Nearest(word, v.words, 3)}
}

// UnknownWordError says that a word is not in the vocabulary.
type UnknownWordError struct {
	Word    string   // the word asked for
	Nearest []string // the words of the vocabulary that are most like it
}

func (e *UnknownWordError) Error() string {
	if len(e.Nearest) == 0 {
		return fmt.Sprintf("word %q is not in the vocabulary: `qk count` lists the words of a corpus", e.Word)
	}
	quoted := make([]string, len(e.Nearest))
	for i, s := range e.Nearest {
		quoted[i] = fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("word %q is not in the vocabulary: the nearest words are %s", e.Word, strings.Join(quoted, ", "))
}

// wordCount is a word of the text before the vocabulary is settled.
type wordCount struct {
	text string
	n    uint64
}

// keep chooses the words that enter the vocabulary: those counted at least
// minCount times, of these the maxVocab most frequent (0 means all), equal
// counts in byte order. It returns a flag for every word.
func keep(words []wordCount, minCount uint64, maxVocab int) []bool {
	order := make([]int, 0, len(words))
	for i, w := range words {
		if w.n >= minCount {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(a, b int) bool {
		x, y := words[order[a]], words[order[b]]
		return cmp.Or(cmp.Compare(y.n, x.n), cmp.Compare(x.text, y.text)) < 0
	})
	if maxVocab > 0 && len(order) > maxVocab {
		order = order[:maxVocab]
	}
	kept := make([]bool, len(words))
	for _, i := range order {
		kept[i] = true
	}
	return kept
}

// keep chooses the words of the text that enter the vocabulary.
func (l *loader) keep() ([]bool, error) {
	if l.opts.Words == nil {
		return keep(l.words, max(1, l.opts.MinCount), l.opts.MaxVocab), nil
	}
	listed := make(map[string]bool, len(l.opts.Words))
	for _, w := range l.opts.Words {
		listed[w] = true
	}
	switch {
	case l.opts.Boundary && !listed[Boundary]:
		return nil, fmt.Errorf("the list of words has no %s, which --boundary puts at both ends of every sentence: add it to the list, or leave out --boundary", Boundary)
	case l.opts.HoldOut > 0 && !listed[Unknown]:
		return nil, fmt.Errorf("the list of words has no %s, which words of the held-out sentences become: add it to the list, or leave out --holdout", Unknown)
	}
	kept, any := make([]bool, len(l.words)), false
	for i, w := range l.words {
		kept[i] = listed[w.text]
		any = any || kept[i]
	}
	if !any {
		return nil, fmt.Errorf("no word of the text is in the list of words, which begins with %q: give the list that belongs to the text, and --tokens, --keep-case and --punctuation as it needs them", l.opts.Words[0])
	}
	return kept, nil
}

// compareWords orders sets of words by their numbers, the shorter first when
// one begins the other.
func compareWords(a, b []Word) int { return slices.Compare(a, b) }

// wordsKey packs words into a string that is equal for equal sequences only.
func wordsKey(b *bytes.Buffer, ws []Word) string {
	writeKey(b, ws)
	return b.String()
}

// writeKey is wordsKey that leaves the key in the buffer.
func writeKey(b *bytes.Buffer, ws []Word) {
	b.Reset()
	b.Grow(4 * len(ws))
	key := b.AvailableBuffer()
	for _, w := range ws {
		key = binary.LittleEndian.AppendUint32(key, uint32(w))
	}
	b.Write(key)
}
