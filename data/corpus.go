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
	// HoldOut is the share of the sentences to hold out, in (0,1), see [Part]; 0
	// holds out none. The vocabulary is then that of the training sentences, with
	// [Unknown] always part of it.
	HoldOut float64
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
	// Sentences are the distinct training sentences, all there are unless some are
	// held out, in the order of their first occurrence; N counts the lines.
	Sentences []Sentence
	// Tuning and HeldOut are the sentences of the other parts, see [Part]. In a text
	// with parts sentences are distinct as they were read, and may be equal in the
	// words of the vocabulary.
	Tuning, HeldOut []Sentence
	// Tokens is the number of words in Sentences, boundaries not counted, and
	// Unknown the number of them that became [Unknown].
	Tokens, Unknown uint64
	// Boundary is the number of the word [Boundary], or −1 without it.
	Boundary Word
}

// Lines returns the number of training sentences, equal ones counted each time.
func (c *Corpus) Lines() uint64 { return lines(c.Sentences) }

// LinesIn is [Corpus.Lines] for any part.
func (c *Corpus) LinesIn(p Part) uint64 {
	return lines([parts][]Sentence{c.Sentences, c.Tuning, c.HeldOut}[p])
}

func lines(sentences []Sentence) uint64 {
	var n uint64
	for _, s := range sentences {
		n += s.N
	}
	return n
}

// errNoWords says that a text has nothing in it.
var errNoWords = errors.New("the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too")

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
	words     []wordCount // with the counts of the training part
	sentences []Sentence
	parts     []Part         // of the sentences
	seen      map[string]int // key of a sentence to its place in sentences
	tokens    uint64         // of the training part
	current   []Word
	text      []byte // of the sentence under way, see [partOf]
	key       bytes.Buffer
}

func (l *loader) line(number int, text []byte) error {
	l.current, l.text = l.current[:0], l.text[:0]
	var clash error
	l.opts.Split(text, func(token []byte) {
		if l.opts.Boundary && string(token) == Boundary {
			clash = fmt.Errorf("%s: line %d holds the word %s itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out", l.name, number, Boundary)
		}
		l.current = append(l.current, l.number(token))
		if l.opts.HoldOut > 0 {
			l.text = append(append(l.text, token...), 0)
		}
	})
	if clash != nil {
		return clash
	}
	if len(l.current) == 0 {
		return nil
	}
	key := wordsKey(&l.key, l.current)
	i, ok := l.seen[key]
	if !ok {
		i = len(l.sentences)
		l.seen[key] = i
		l.sentences = append(l.sentences, Sentence{Words: append([]Word(nil), l.current...)})
		l.parts = append(l.parts, partOf(l.text, l.opts.HoldOut))
	}
	l.sentences[i].N++
	if l.parts[i] == Training {
		l.tokens += uint64(len(l.current))
		for _, w := range l.current {
			l.words[w].n++
		}
	}
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
	return id
}

// corpus settles the vocabulary and renumbers the sentences by it.
func (l *loader) corpus() (*Corpus, error) {
	if len(l.words) == 0 {
		return nil, errNoWords
	}
	if err := l.whole(); err != nil {
		return nil, err
	}
	kept := keep(l.words, max(1, l.opts.MinCount), l.opts.MaxVocab)
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
	if corpus.Unknown > 0 || l.opts.HoldOut > 0 {
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
	corpus.Sentences = l.renumbered(renumber, corpus.Boundary, Training)
	corpus.Tuning = l.renumbered(renumber, corpus.Boundary, Tuning)
	corpus.HeldOut = l.renumbered(renumber, corpus.Boundary, HeldOut)
	return corpus, nil
}

// whole makes sure that every part has a sentence with a transition.
func (l *loader) whole() error {
	if l.opts.HoldOut == 0 {
		return nil
	}
	var have [parts]bool
	for i, s := range l.sentences {
		if len(s.Words) > 1 || l.opts.Boundary {
			have[l.parts[i]] = true
		}
	}
	for p, ok := range have {
		if !ok {
			return errEmptyPart(Part(p), l.opts.HoldOut, len(l.sentences))
		}
	}
	return nil
}

// renumbered puts the final numbers of a part in place and adds the boundaries.
// Sentences that differ only in words that became unknown are equal now and are
// merged, unless some are held out: then a sentence stays what a part is made of.
func (l *loader) renumbered(renumber []Word, boundary Word, part Part) []Sentence {
	seen := map[string]int{}
	var merged []Sentence
	for i, s := range l.sentences {
		if l.parts[i] != part {
			continue
		}
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
		if l.opts.HoldOut > 0 {
			merged = append(merged, Sentence{words, s.N})
			continue
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
