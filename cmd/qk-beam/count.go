package main

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"qk/cmd/qk-beam/internal/runs"
	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// tables lists what can be counted.
var tables = [...]table.Name{table.Vocabulary, table.Transitions, table.Cooccurrences, table.Pairs}

// The places of the tables.
const (
	inVocabulary = iota
	inTransitions
	inCooccurrences
	inPairs
)

// group packs the place of a table and a range of current words.
func group(t, r int) int64 { return int64(t)<<32 | int64(r) }

// ungroup is the inverse of group.
func ungroup(g int64) (t, r int) { return int(g >> 32), int(g & (1<<32 - 1)) }

// countFn counts blocks. Its first output are runs of counts, each under its group,
// its second output the totals of a bundle.
type countFn struct {
	Settings settings
	Tables   []string // that are wanted
	Ranges   int
	Limits   limits

	words, positions, sentences beam.Counter

	numbers  *numbers
	layout   runs.Layout
	partial  [len(tables)]*runs.Partial // nil where not wanted
	of       []data.Word                // the number of each word of a piece
	sentence []data.Word
	earlier  []data.Word
	totals   totals
}

// Setup makes the metrics.
func (f *countFn) Setup() {
	f.words = beam.NewCounter("qk", "words")
	f.positions = beam.NewCounter("qk", "positions")
	f.sentences = beam.NewCounter("qk", "sentences")
}

// StartBundle forgets what a bundle that failed has left.
func (f *countFn) StartBundle(_ context.Context, _ []byte, _ func(int64, []byte), _ func(totals)) {
	f.partial = [len(tables)]*runs.Partial{}
	f.totals = noTotals()
}

// ProcessElement counts a block.
func (f *countFn) ProcessElement(ctx context.Context, b block, vocabulary []byte, emitRun func(int64, []byte), _ func(totals)) error {
	if err := f.use(vocabulary); err != nil {
		return reported(err)
	}
	return reported(b.pieces(ctx, f.Settings.numbering(), func(p piece) error {
		before := f.totals.Positions
		if err := f.count(p, emitRun); err != nil {
			return err
		}
		f.words.Inc(ctx, int64(p.Tokens))
		f.sentences.Inc(ctx, int64(p.Sentences))
		f.positions.Inc(ctx, f.totals.Positions-before)
		return nil
	}))
}

// FinishBundle emits the runs and the totals of the bundle.
func (f *countFn) FinishBundle(_ context.Context, _ []byte, emitRun func(int64, []byte), emitTotals func(totals)) error {
	if err := f.flush(emitRun); err != nil {
		return reported(err)
	}
	emitTotals(f.totals)
	return nil
}

// use prepares to count with a vocabulary, which is the same in all of a job.
func (f *countFn) use(vocabulary []byte) error {
	if f.numbers == nil || !bytes.Equal(f.numbers.packed, vocabulary) {
		n, err := newNumbers(vocabulary, f.Settings.Boundary)
		if err != nil {
			return err
		}
		f.numbers, f.layout = n, runs.NewLayout(len(n.words), f.Ranges)
	}
	for t, name := range tables {
		if f.partial[t] == nil && (t == inVocabulary || slices.Contains(f.Tables, string(name))) {
			f.partial[t] = runs.NewPartial(f.layout.Ranges())
		}
	}
	return nil
}

// errNewWord says that a text has a word that it did not have when its words were
// counted.
var errNewWord = errors.New("the text was changed while it was counted: wait until nothing writes to it, then count again")

// count counts a piece.
func (f *countFn) count(p piece, emit func(int64, []byte)) error {
	lexicon := p.Lexicons[0]
	f.of = f.of[:0]
	for id := range uint32(lexicon.Len()) {
		w, ok := f.numbers.index[string(lexicon.Text(id))]
		if !ok {
			w = f.numbers.unknown
			f.totals.Unknown += int64(lexicon.N(id))
		}
		if w < 0 && lexicon.N(id) > 0 {
			return errNewWord
		}
		f.of = append(f.of, w)
	}
	f.totals.Bytes += int64(p.Bytes)
	f.totals.Tokens += int64(p.Tokens)
	f.totals.Sentences += int64(p.Sentences)
	f.totals.Digest = addDigests(f.totals.Digest, p.Digest[:])

	boundary := f.numbers.boundary
	f.sentence = f.sentence[:0]
	for _, id := range p.Words {
		if len(f.sentence) == 0 && boundary >= 0 {
			f.sentence = append(f.sentence, boundary)
		}
		if id != text.EndOfSentence {
			w := f.of[id]
			f.observe(inVocabulary, w)
			f.sentence = append(f.sentence, w)
			continue
		}
		if boundary >= 0 {
			f.sentence = append(f.sentence, boundary)
		}
		if err := f.observeSentence(emit); err != nil {
			return err
		}
		f.sentence = f.sentence[:0]
	}
	return nil
}

// observeSentence counts the positions of the sentence.
func (f *countFn) observeSentence(emit func(int64, []byte)) error {
	s := f.sentence
	pairs := f.partial[inCooccurrences] != nil || f.partial[inPairs] != nil
	for i := 0; i+1 < len(s); i++ {
		f.totals.Positions++
		w, y := s[i], s[i+1]
		f.observe(inTransitions, w, y)
		if pairs {
			f.earlier = data.EarlierWords(f.earlier[:0], s[max(0, i-f.Settings.Context):i], f.numbers.boundary)
			for _, u := range f.earlier {
				f.observe(inCooccurrences, w, u)
				f.observe(inPairs, w, y, u)
			}
		}
		if f.observed() >= f.Limits.Observations {
			if err := f.flush(emit); err != nil {
				return err
			}
		}
	}
	return nil
}

// observe counts one row of a table.
func (f *countFn) observe(t int, w data.Word, others ...data.Word) {
	if p := f.partial[t]; p != nil {
		p.Observe(f.layout.Range(w), f.layout.Pack(w, others...))
		f.totals.Observed[t]++
	}
}

// observed returns how many observations wait to be added up.
func (f *countFn) observed() int {
	n := 0
	for _, p := range f.partial {
		if p != nil {
			n += p.Len()
		}
	}
	return n
}

// flush emits what was observed as runs.
func (f *countFn) flush(emit func(int64, []byte)) error {
	for t, p := range f.partial {
		if p == nil {
			continue
		}
		if err := p.Flush(func(r int, run []byte) { emit(group(t, r), run) }); err != nil {
			return err
		}
	}
	return nil
}
