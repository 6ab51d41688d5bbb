package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"

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
	// Words, unless nil, are the vocabulary, whatever the text holds: [NewVocabulary]
	// numbers them. Every other word of the text becomes [Unknown]; where that is not
	// among Words it comes on top and is silent, see [Corpus.Silent]. MinCount and
	// MaxVocab are then without effect.
	Words []string
}

// Sentence is a line of the text as words, and how many lines are equal to it.
type Sentence struct {
	Words []Word
	N     uint64
}

// Corpus is a text as numbered words.
type Corpus struct {
	Name   string      // as in [text.Source], or as of [text.Names]
	SHA256 string      // of the bytes of the text, decompressed, in hexadecimal
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

	uncounted uint64 // sentences that Sentences does not hold, see [Tallied]
	silent    bool   // see [Corpus.Silent]
}

// Silent returns the number of the word that is neither a current word nor an
// earlier one, only a next word, or −1 without it. It is [Unknown] where the
// vocabulary was given without it, see [Options.Words]: whoever gave it has nothing
// to say of such a word.
func (c *Corpus) Silent() Word {
	if c.silent {
		if w, ok := c.Vocab.Lookup(Unknown); ok {
			return w
		}
	}
	return -1
}

// Lines returns the number of training sentences, equal ones counted each time.
func (c *Corpus) Lines() uint64 { return c.uncounted + lines(c.Sentences) }

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

// ErrNoWords says that a text has nothing in it.
var ErrNoWords = errors.New("the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too")

// Load is [LoadAll] for one text.
func Load(src *text.Source, opts Options) (*Corpus, error) {
	return LoadAll(context.Background(), []*text.Source{src}, opts, nil)
}

// LoadAll reads texts one after another, splits them into words and numbers them:
// a corpus like that of one text, but that the end of a text ends a sentence.
// Progress, unless nil, is called as [text.Number] does. Errors name the text, and
// the line and byte offset where there is one; that of ctx is returned as it is.
func LoadAll(ctx context.Context, sources []*text.Source, opts Options, progress func(text.Progress)) (*Corpus, error) {
	l := loader{opts: opts, seen: map[string]int{}}
	sum, err := l.read(ctx, sources, progress)
	if err != nil {
		return nil, err
	}
	corpus, err := l.corpus()
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", text.Names(sources), err)
	}
	corpus.Name = text.Names(sources)
	if len(sources) == 1 {
		corpus.Name = sources[0].Name
	}
	corpus.SHA256 = hex.EncodeToString(sum[:])
	return corpus, nil
}

// loader numbers words in the order in which they turn up, as the vocabulary is
// known only at the end.
type loader struct {
	opts      Options
	words     []wordCount // with the counts of the training part
	sentences []Sentence
	parts     []Part         // of the sentences
	seen      map[string]int // key of a sentence to its place in sentences
	tokens    uint64         // of the training part
	current   []Word
	key       bytes.Buffer
}

// errManyWords says that words cannot be numbered.
var errManyWords = errors.New("more distinct words than 31 bits can number: split the text, or give words that recur, for example with --tokens words")

// read numbers and counts the words of texts, and returns the SHA-256 of their
// bytes.
func (l *loader) read(ctx context.Context, sources []*text.Source, progress func(text.Progress)) ([sha256.Size]byte, error) {
	// One worker is enough: to find equal sentences takes as long as to split them.
	o := text.NumberOptions{Tokenizer: l.opts.Tokenizer, Workers: 1, NoDigest: true, Progress: progress}
	if l.opts.Boundary {
		o.Boundary = Boundary
	}
	n, err := text.Number(ctx, sources, o, func(c text.Chunk) error {
		for _, w := range c.Words {
			switch {
			case w == text.EndOfSentence:
				l.sentence()
			case w > math.MaxInt32:
				return fmt.Errorf("corpus %s: %w", text.Names(sources), errManyWords)
			default:
				l.current = append(l.current, Word(w))
			}
		}
		return nil
	})
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	l.count(n.Lexicons[0])
	return n.SHA256, nil
}

// sentence takes the words since the sentence before.
func (l *loader) sentence() {
	writeKey(&l.key, l.current)
	i, ok := l.seen[string(l.key.Bytes())]
	if !ok {
		i = len(l.sentences)
		l.seen[l.key.String()] = i
		l.sentences = append(l.sentences, Sentence{Words: append([]Word(nil), l.current...)})
	}
	l.sentences[i].N++
	l.current = l.current[:0]
}

// count takes the words of a lexicon, parts the sentences, and counts how often the
// words are in those of training.
func (l *loader) count(lexicon *text.Lexicon) {
	l.words = make([]wordCount, lexicon.Len())
	for w := range l.words {
		l.words[w].text = string(lexicon.Text(uint32(w)))
	}
	l.part()
	for i, s := range l.sentences {
		if l.parts[i] != Training {
			continue
		}
		l.tokens += s.N * uint64(len(s.Words))
		for _, w := range s.Words {
			l.words[w].n += s.N
		}
	}
}

// corpus settles the vocabulary and renumbers the sentences by it.
func (l *loader) corpus() (*Corpus, error) {
	if len(l.sentences) == 0 {
		return nil, ErrNoWords
	}
	if err := l.whole(); err != nil {
		return nil, err
	}
	kept, err := l.keep()
	if err != nil {
		return nil, err
	}
	corpus := &Corpus{Tokens: l.tokens, Boundary: -1}
	texts := slices.Clone(l.opts.Words)
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
	corpus.silent = l.opts.Words != nil && !slices.Contains(l.opts.Words, Unknown)
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
