package tally

import (
	"context"
	"encoding/hex"
	"runtime"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// Count counts the wanted tables of the sources, read one after the other, and gives
// the rows of each table to sink in ascending order. A call has some rows of one
// table, which are valid during the call only; calls never overlap. The tables may
// alternate, but pairs come after the transitions of the same two words, and before
// the transitions of the next call. How the rows are shared out among calls is not
// told; what they are hangs neither on the number of workers nor on the memory.
//
// The counts are those of [data.Count]: c1(w,y), c2(u,w) and c2(u,w,y), where an
// earlier word u is a distinct word among the last Context words before w in the
// sentence, and never the boundary.
//
// A text without words, or without transitions, is an error (the latter wraps
// [data.ErrNoTransitions]) unless the vocabulary is fixed: then it is a part of a
// larger text. An error of sink ends the count and is returned as it is.
func Count(ctx context.Context, sources []*text.Source, o Options, sink func(table.Name, table.Rows) error) (*Result, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Memory == 0 {
		o.Memory = DefaultMemory()
	}
	defer limitMemory(o.Memory)()
	return count(ctx, sources, &o, planFor, newTemporary(o.Temp), sink)
}

// count is Count with a plan and temporary files of choice.
func count(ctx context.Context, sources []*text.Source, o *Options, planned func(*Options, facts) (plan, error), temp temporary, sink func(table.Name, table.Rows) error) (_ *Result, err error) {
	p, err := planned(o, facts{})
	if err != nil {
		return nil, err
	}
	s := &stream{shape: shape{p.shift, 0}.reaching(min(haloFor(o.contextNeeded()), p.halo)), limit: p.stream, temp: temp}
	defer func() {
		if failed := s.close(); err == nil {
			err = failed
		}
	}()
	numbered, err := read(ctx, sources, o, s, p)
	if err != nil {
		return nil, err
	}
	v, err := settle(numbered.Lexicons, o)
	if err != nil {
		return nil, err
	}
	r := newResult(o, v, numbered)
	if o.Vocabulary == nil {
		switch {
		case r.Totals.Tokens == 0:
			return nil, data.ErrNoWords
		case r.Totals.Positions == 0:
			return nil, data.ErrNoTransitions
		}
	}
	if o.Settled != nil {
		if err := o.Settled(v.words); err != nil {
			return nil, err
		}
	}
	if r.Totals.Tokens == 0 {
		return r, nil
	}
	numbered.Lexicons = nil // their memory is needed
	if p, err = planned(o, s.facts(v)); err != nil {
		return nil, err
	}
	if p.segment < s.n && s.file == nil {
		if err := s.spill(); err != nil { // to have more memory for a segment
			return nil, err
		}
	}
	c := counting{o: o, plan: p, v: v, s: s, temp: temp, sink: sink, result: r, tell: &teller{call: o.Progress}}
	c.tell.phase(Counting, r.Totals.Positions*o.passes())
	if len(v.words) <= 1<<16-1 {
		err = countSegments[uint16, uint32](ctx, &c)
	} else {
		err = countSegments[uint32, uint64](ctx, &c)
	}
	if err != nil {
		return nil, err
	}
	if s.file != nil {
		r.Spilled += s.file.end
	}
	return r, nil
}

// passes is how often the positions are gone through.
func (o *Options) passes() int64 {
	n := int64(0)
	if o.wants(table.Pairs) || o.wants(table.Transitions) {
		n++
	}
	if o.wants(table.Cooccurrences) {
		n++
	}
	return n
}

// read has the words numbered and keeps the numbers.
func read(ctx context.Context, sources []*text.Source, o *Options, s *stream, p plan) (*text.Numbered, error) {
	n := text.NumberOptions{Tokenizer: o.Tokenizer, Workers: o.Workers, NoDigest: o.NoDigest, NoSHA256: o.NoSHA256}
	if o.Boundary {
		n.Boundary = data.Boundary
		// Every sentence comes after the end of another, the first too.
		if err := s.add(text.Chunk{Words: []uint32{text.EndOfSentence}}, 1); err != nil {
			return nil, err
		}
	}
	if o.Progress != nil {
		n.Progress = func(p text.Progress) { o.Progress(Progress{Reading, p.Done, max(0, p.Total)}) }
	}
	return text.Number(ctx, sources, n, func(c text.Chunk) error {
		if p.reading > 0 && usedMemory() > p.reading {
			if err := s.relieve(o, p.reading); err != nil {
				return err
			}
		}
		return s.add(c, p.piece)
	})
}

// contextNeeded is the context, or 0 where no earlier words are counted.
func (o *Options) contextNeeded() int {
	if o.wants(table.Pairs) || o.wants(table.Cooccurrences) {
		return o.Context
	}
	return 0
}

// contextWithin is the context needed in sentences of at most so many words.
func (o *Options) contextWithin(longest int64) int {
	if context := o.contextNeeded(); context > 0 {
		return int(min(int64(context), max(1, longest-1)))
	}
	return 0
}

// haloFor rounds a small context up, so that a window has a constant size.
func haloFor(context int) int {
	for _, n := range []int{8, 16} {
		if context > 0 && context <= n {
			return n
		}
	}
	return context
}

func newResult(o *Options, v *vocabulary, n *text.Numbered) *Result {
	positions := int64(n.Tokens) - int64(n.Sentences)
	if o.Boundary {
		positions = int64(n.Tokens) + int64(n.Sentences)
	}
	r := &Result{
		Settings: o.Settings(),
		Words:    v.words,
		Totals: table.Totals{
			Bytes: int64(n.Bytes), Sentences: int64(n.Sentences), Tokens: int64(n.Tokens),
			Unknown: v.unknown, Positions: positions,
		},
		Rows: map[table.Name]int64{},
	}
	if !o.NoDigest {
		r.Totals.Digest = hex.EncodeToString(n.Digest[:])
	}
	if !o.NoSHA256 {
		r.SHA256 = hex.EncodeToString(n.SHA256[:])
	}
	return r
}
