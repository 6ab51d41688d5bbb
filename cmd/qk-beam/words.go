package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"qk/data"
)

// wordsFn counts the words of blocks.
type wordsFn struct {
	Settings settings
	Limits   limits

	counts map[string]int64
}

// StartBundle forgets what a bundle that failed has left.
func (f *wordsFn) StartBundle(_ context.Context, _ func(string, int64)) {
	f.counts = map[string]int64{}
}

// ProcessElement counts the words of a block, and emits those of the bundle so far
// where they are many.
func (f *wordsFn) ProcessElement(ctx context.Context, b block, emit func(string, int64)) error {
	o := f.Settings.numbering()
	o.NoDigest = true
	return reported(b.pieces(ctx, o, func(p piece) error {
		lexicon := p.Lexicons[0]
		for id := range uint32(lexicon.Len()) {
			if n := lexicon.N(id); n > 0 {
				f.counts[string(lexicon.Text(id))] += int64(n)
			}
		}
		if len(f.counts) >= f.Limits.Words {
			f.flush(emit)
		}
		return nil
	}))
}

// FinishBundle emits the words of the bundle, each with a part of its count. The empty
// word, which no text has, sees to it that there is something to choose from.
func (f *wordsFn) FinishBundle(_ context.Context, emit func(string, int64)) {
	f.flush(emit)
	emit("", 0)
}

func (f *wordsFn) flush(emit func(string, int64)) {
	for word, n := range f.counts { // in any order: they are about to be shuffled
		emit(word, n)
	}
	clear(f.counts)
}

// sumFn adds up the counts of a word.
type sumFn struct{}

// MergeAccumulators returns the sum, or an error above 2^63−1.
func (*sumFn) MergeAccumulators(a, b int64) (int64, error) {
	if a > math.MaxInt64-b {
		return 0, reported(fmt.Errorf("a word occurs more than 2^63-1 times"))
	}
	return a + b, nil
}

// wordCount is how often the text holds a word.
type wordCount struct {
	Text string
	N    int64
}

// mostFrequentFirst is the order in which words enter a vocabulary.
func mostFrequentFirst(a, b wordCount) int {
	return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Text, b.Text))
}

// pairUpFn makes a word and its count one element.
func pairUpFn(word string, n int64) wordCount { return wordCount{word, n} }

// chosen is an accumulator of [chooseFn].
type chosen struct {
	Words []wordCount
	Left  bool // whether any word was left out
	Any   bool // whether there was any word
}

// chooseFn chooses the words of the vocabulary: those counted at least MinCount
// times, of these the MaxVocab most frequent, or all for 0.
type chooseFn struct {
	MinCount int64
	MaxVocab int
	Boundary bool
}

// CreateAccumulator returns the choice from no words.
func (f *chooseFn) CreateAccumulator() chosen { return chosen{} }

// AddInput adds a word. Those that cannot be chosen any more are dropped now and
// then, not at each word.
func (f *chooseFn) AddInput(c chosen, w wordCount) chosen {
	if w.Text == "" {
		return c
	}
	c.Any = true
	if w.N < f.MinCount {
		c.Left = true
		return c
	}
	c.Words = append(c.Words, w)
	if f.MaxVocab > 0 && len(c.Words) >= 2*f.MaxVocab+1000 {
		return f.trim(c)
	}
	return c
}

// MergeAccumulators returns the choice from the words of both.
func (f *chooseFn) MergeAccumulators(a, b chosen) chosen {
	return f.trim(chosen{Words: append(a.Words, b.Words...), Left: a.Left || b.Left, Any: a.Any || b.Any})
}

// ExtractOutput returns the vocabulary, packed. See [data.Load]: [data.Unknown] is in it
// where words were left out, and [data.Boundary] with boundaries.
func (f *chooseFn) ExtractOutput(c chosen) ([]byte, error) {
	c = f.trim(c)
	if !c.Any {
		return nil, reported(data.ErrNoWords)
	}
	if len(c.Words) == 0 {
		return nil, reported(fmt.Errorf("no word occurs %d times, so --min-count %d leaves none: lower it", f.MinCount, f.MinCount))
	}
	words := make([]string, len(c.Words))
	for i, w := range c.Words {
		words[i] = w.Text
	}
	return newVocabulary(words, c.Left, f.Boundary).pack(), nil
}

func (f *chooseFn) trim(c chosen) chosen {
	if f.MaxVocab > 0 && len(c.Words) > f.MaxVocab {
		slices.SortFunc(c.Words, mostFrequentFirst)
		c.Words, c.Left = c.Words[:f.MaxVocab], true
	}
	return c
}
