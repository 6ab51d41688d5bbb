package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"

	"qk/data/text"
)

// Options says how a text becomes words and a vocabulary. The zero value with
// Tokens set to [text.Words] is the default of the program.
type Options struct {
	text.Tokenizer
	// Boundary puts the word [Boundary] before the first and after the last
	// word of every sentence.
	Boundary bool
	// MinCount leaves words out that the text holds fewer times.
	MinCount uint64
	// MaxVocab keeps that many words at most, the most frequent ones; 0 keeps
	// all. [Boundary] and [Unknown] come on top.
	MaxVocab int
}

// Sentence is a line of the text as words, and how many lines are equal to it.
type Sentence struct {
	Words []Word
	N     uint64
}

// Corpus is a text as numbered words.
type Corpus struct {
	Name   string      // as in [text.Source]
	SHA256 string      // of the bytes of the text, in hexadecimal
	Vocab  *Vocabulary // of the words that occur
	// Sentences are the distinct sentences in the order of their first
	// occurrence; N counts the lines.
	Sentences []Sentence
	// Tokens is the number of words in the text, boundaries not counted, and
	// Unknown the number of them that became [Unknown].
	Tokens, Unknown uint64
	// Boundary is the number of the word [Boundary], or −1 without it.
	Boundary Word
}

// Lines returns the number of sentences, equal ones counted each time.
func (c *Corpus) Lines() uint64 {
	var n uint64
	for _, s := range c.Sentences {
		n += s.N
	}
	return n
}

// ErrNoWords says that a text has nothing in it.
var ErrNoWords = errors.New("the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too")

// Load reads a text, splits it into words and numbers them. Errors name the
// text, and the line and byte offset where there is one.
func Load(src *text.Source, opts Options) (*Corpus, error) {
	r, err := src.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()

	l := loader{name: text.DisplayName(src.Name), opts: opts, ids: map[string]Word{}, seen: map[string]int{}}
	sum := sha256.New()
	if err := text.Lines(io.TeeReader(r, sum), src.Name, l.line); err != nil {
		return nil, err
	}
	corpus, err := l.corpus()
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", text.DisplayName(src.Name), err)
	}
	corpus.Name = src.Name
	corpus.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return corpus, nil
}

// loader numbers words in the order in which they turn up, as the vocabulary is
// known only at the end.
type loader struct {
	name      string
	opts      Options
	ids       map[string]Word
	words     []wordCount
	sentences []Sentence
	seen      map[string]int // key of a sentence to its place in sentences
	tokens    uint64
	current   []Word
	key       bytes.Buffer
}

func (l *loader) line(number int, text []byte) error {
	l.current = l.current[:0]
	var clash error
	l.opts.Split(text, func(token []byte) {
		if l.opts.Boundary && string(token) == Boundary {
			clash = fmt.Errorf("%s: line %d holds the word %s itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out", l.name, number, Boundary)
		}
		l.current = append(l.current, l.number(token))
	})
	if clash != nil {
		return clash
	}
	if len(l.current) == 0 {
		return nil
	}
	l.tokens += uint64(len(l.current))
	key := wordsKey(&l.key, l.current)
	i, ok := l.seen[key]
	if !ok {
		i = len(l.sentences)
		l.seen[key] = i
		l.sentences = append(l.sentences, Sentence{Words: append([]Word(nil), l.current...)})
	}
	l.sentences[i].N++
	return nil
}

func (l *loader) number(token []byte) Word {
	id, ok := l.ids[string(token)]
	if !ok {
		if len(l.words) == math.MaxInt32 {
			panic("data: more distinct words than 32 bits can number")
		}
		id = Word(len(l.words))
		text := string(token)
		l.ids[text] = id
		l.words = append(l.words, wordCount{text: text})
	}
	l.words[id].n++
	return id
}

// corpus settles the vocabulary and renumbers the sentences by it.
func (l *loader) corpus() (*Corpus, error) {
	if len(l.words) == 0 {
		return nil, ErrNoWords
	}
	kept := keep(l.words, l.opts.MinCount, l.opts.MaxVocab)
	corpus := &Corpus{Tokens: l.tokens, Boundary: -1}
	var texts []string
	for i, w := range l.words {
		if kept[i] {
			texts = append(texts, w.text)
		} else {
			corpus.Unknown += w.n
		}
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("no word occurs %d times, so --min-count %d leaves none: lower it", l.opts.MinCount, l.opts.MinCount)
	}
	if corpus.Unknown > 0 {
		texts = append(texts, Unknown)
	}
	if l.opts.Boundary {
		texts = append(texts, Boundary)
	}
	corpus.Vocab = NewVocabulary(texts)

	renumber := make([]Word, len(l.words))
	for i, w := range l.words {
		text := w.text
		if !kept[i] {
			text = Unknown
		}
		renumber[i], _ = corpus.Vocab.Lookup(text)
	}
	if l.opts.Boundary {
		corpus.Boundary, _ = corpus.Vocab.Lookup(Boundary)
	}
	corpus.Sentences = l.renumbered(renumber, corpus.Boundary)
	return corpus, nil
}

// renumbered puts the final numbers in place and adds the boundaries. Sentences
// that differ only in words that became unknown are equal now and are merged.
func (l *loader) renumbered(renumber []Word, boundary Word) []Sentence {
	seen := make(map[string]int, len(l.sentences))
	var merged []Sentence
	for _, s := range l.sentences {
		words := make([]Word, 0, len(s.Words)+2)
		if boundary >= 0 {
			words = append(words, boundary)
		}
		for _, w := range s.Words {
			words = append(words, renumber[w])
		}
		if boundary >= 0 {
			words = append(words, boundary)
		}
		key := wordsKey(&l.key, words)
		i, ok := seen[key]
		if !ok {
			i = len(merged)
			seen[key] = i
			merged = append(merged, Sentence{Words: words})
		}
		merged[i].N += s.N
	}
	return merged
}
