package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"qk/cmd/qk-beam/internal/runs"
	"qk/data"
	"qk/data/table"
)

// manyObservations is how many observations, of 8 bytes each, a bundle collects
// before it adds up equal ones and hands them on.
const manyObservations = 1 << 22

// tables lists what can be counted; a group is the place of a table here and a range
// of current words.
var tables = [...]table.Name{table.Vocabulary, table.Transitions, table.Cooccurrences, table.Pairs}

// group packs the place of a table and a range.
func group(t, r int) int64 { return int64(t)<<32 | int64(r) }

// ungroup is the inverse of group.
func ungroup(g int64) (t, r int) { return int(g >> 32), int(g & (1<<32 - 1)) }

// countFn counts blocks. Its first output are runs of counts, each under its group,
// its second output the totals of a bundle.
type countFn struct {
	Settings settings
	Tables   []string // that are wanted
	Ranges   int

	words, positions, sentences beam.Counter

	v        *numbered
	layout   runs.Layout
	partial  [len(tables)]*runs.Partial // nil where not wanted
	sentence []data.Word
	earlier  []data.Word
	sum      [4]uint64 // digest, the lowest word first
	totals   totals
	failed   error // of the block
}

// errNewWord says that a text has a word that it did not have when its words were
// counted.
var errNewWord = errors.New("the text changed while it was counted: wait until it is complete, then count again")

// Setup makes the metrics.
func (f *countFn) Setup() {
	f.words = beam.NewCounter("qk", "words")
	f.positions = beam.NewCounter("qk", "positions")
	f.sentences = beam.NewCounter("qk", "sentences")
}

// StartBundle forgets what a bundle that failed has left.
func (f *countFn) StartBundle(_ context.Context, _ []byte, _ func(int64, []byte), _ func(totals)) {
	f.partial = [len(tables)]*runs.Partial{}
	f.totals, f.sum = totals{}, [4]uint64{}
}

// ProcessElement counts a block.
func (f *countFn) ProcessElement(ctx context.Context, b block, vocabulary []byte, emitRun func(int64, []byte), _ func(totals)) error {
	if err := f.use(vocabulary); err != nil {
		return reported(err)
	}
	before := f.totals
	f.failed = nil
	f.begin()
	n, err := f.Settings.sentences(ctx, b, f.token, func(line []byte) {
		f.end(line)
		if f.failed == nil && f.observed() >= manyObservations {
			f.failed = f.flush(emitRun)
		}
		f.begin()
	})
	if err == nil {
		err = f.failed
	}
	f.totals.Bytes += n
	f.words.Inc(ctx, f.totals.Tokens-before.Tokens)
	f.positions.Inc(ctx, f.totals.Positions-before.Positions)
	f.sentences.Inc(ctx, f.totals.Sentences-before.Sentences)
	return reported(err)
}

// FinishBundle emits the runs and the totals of the bundle.
func (f *countFn) FinishBundle(_ context.Context, _ []byte, emitRun func(int64, []byte), emitTotals func(totals)) error {
	if err := f.flush(emitRun); err != nil {
		return reported(err)
	}
	f.totals.Digest = f.digest()
	emitTotals(f.totals)
	return nil
}

// use prepares to count with a vocabulary, which is the same in all of a job.
func (f *countFn) use(vocabulary []byte) error {
	if f.v == nil || !bytes.Equal(f.v.packed, vocabulary) {
		v, err := number(vocabulary, f.Settings.Boundary)
		if err != nil {
			return err
		}
		f.v, f.layout = v, runs.NewLayout(len(v.words), f.Ranges)
	}
	for t, name := range tables {
		if f.partial[t] == nil && (name == table.Vocabulary || slices.Contains(f.Tables, string(name))) {
			f.partial[t] = runs.NewPartial(f.layout.Ranges())
		}
	}
	return nil
}

// begin starts a sentence.
func (f *countFn) begin() {
	f.sentence = f.sentence[:0]
	if f.v.boundary >= 0 {
		f.sentence = append(f.sentence, f.v.boundary)
	}
}

// token adds a word to the sentence.
func (f *countFn) token(word []byte) {
	w, ok := f.v.index[string(word)]
	if !ok {
		w = f.v.unknown
		f.totals.Unknown++
	}
	if w < 0 {
		f.failed = errNewWord
		return
	}
	f.totals.Tokens++
	f.observe(0, w)
	f.sentence = append(f.sentence, w)
}

// end counts the sentence, which is the given line.
func (f *countFn) end(line []byte) {
	if f.v.boundary >= 0 {
		f.sentence = append(f.sentence, f.v.boundary)
	}
	f.totals.Sentences++
	f.add(sha256.Sum256(line))
	s := f.sentence
	for i := 0; i+1 < len(s); i++ {
		f.totals.Positions++
		w, y := s[i], s[i+1]
		f.observe(1, w, y)
		if f.partial[2] == nil && f.partial[3] == nil {
			continue
		}
		f.earlier = data.EarlierWords(f.earlier[:0], s[max(0, i-f.Settings.Context):i], f.v.boundary)
		for _, u := range f.earlier {
			f.observe(2, w, u)
			f.observe(3, w, y, u)
		}
	}
}

// observe counts one row of a table.
func (f *countFn) observe(t int, w data.Word, others ...data.Word) {
	if p := f.partial[t]; p != nil {
		p.Observe(f.layout.Range(w), f.layout.Pack(w, others...))
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

// add adds the digest of a line to that of the bundle.
func (f *countFn) add(line [digestBytes]byte) {
	var carry uint64
	for i := range f.sum {
		at := digestBytes - 8*(i+1)
		f.sum[i], carry = bits.Add64(f.sum[i], binary.BigEndian.Uint64(line[at:]), carry)
	}
}

// digest returns the digest of the bundle, the highest byte first.
func (f *countFn) digest() []byte {
	d := make([]byte, digestBytes)
	for i, word := range f.sum {
		binary.BigEndian.PutUint64(d[digestBytes-8*(i+1):], word)
	}
	return d
}
