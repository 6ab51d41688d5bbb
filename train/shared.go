package train

import (
	"fmt"
	"sync"

	"qk/data"
	"qk/data/text"
	"qk/graph"
)

// Counting is the part of the settings that decides what is counted in a text.
// It can be compared: experiments of equal Counting can share what is counted.
type Counting struct {
	Corpus                        CorpusNames
	Counts, Table                 bool
	Tokens                        text.Tokens
	Boundary, KeepCase, Punctuate bool
	MinCount                      uint64
	MaxVocab, Context             int
	HoldOut                       float64
	Null                          bool // only where sentences are held out: it has a part in how votes are smoothed
}

// Counting returns the part of the settings that decides what is counted.
func (c Config) Counting() Counting {
	k := Counting{
		Corpus: c.Corpus, Counts: c.Counts, Table: c.Table(),
		Tokens: c.Tokens, Boundary: c.Boundary, KeepCase: c.KeepCase, Punctuate: c.Punctuation,
		MinCount: c.MinCount, MaxVocab: c.MaxVocab, Context: c.Context, HoldOut: c.HoldOut,
		Null: c.Null && c.HoldOut > 0,
	}
	if c.Counts { // the directory has settings of its own
		k = Counting{Corpus: c.Corpus, Counts: true, Table: k.Table}
	}
	return k
}

// shared is what experiments on the same counted text compute once.
type shared struct {
	mutex   sync.Mutex
	ladders map[ladderKey]func() (data.Ladder, error)
	// The reference losses of the parts, where sentences are held out.
	training, heldOut func() *data.Rungs
}

// ladderKey is what the reference losses hang on beside the counts.
type ladderKey struct {
	task      graph.Task
	objective graph.Objective
	null      bool
	rank      int // where the floor is one of a rank, else 0
}

// With returns an experiment of other settings on the same counted text. Masks,
// estimates of votes, and reference losses are computed once for all such
// experiments, which may be used at the same time, each by one goroutine. c must be
// valid, and its [Config.Counting] that of e; what it leaves unset is completed.
func (e *Experiment) With(c Config) (*Experiment, error) {
	if c.Counting() != e.Config.Counting() {
		return nil, fmt.Errorf("train: these settings need another count: %+v, not %+v", c.Counting(), e.Config.Counting())
	}
	if c.Counts {
		from := e.Config
		c.Tokens, c.KeepCase, c.Punctuation, c.Boundary, c.Context = from.Tokens, from.KeepCase, from.Punctuation, from.Boundary, from.Context
	}
	if err := c.fit(e.Counts); err != nil {
		return nil, err
	}
	e.share()
	with := *e
	with.Config = c
	return &with, nil
}

// share makes room for what is computed once.
func (e *Experiment) share() *shared {
	if e.shared == nil {
		s := &shared{ladders: map[ladderKey]func() (data.Ladder, error){}}
		voters, heldOut, null := e.Voters, e.heldOut, e.Config.Null
		s.training = sync.OnceValue(func() *data.Rungs { return voters().Rungs(null, 0) })
		s.heldOut = sync.OnceValue(func() *data.Rungs { return heldOut.Rungs(null, s.training().Scale) })
		e.shared = s
	}
	return e.shared
}

// Ladder returns the reference losses of the experiment's objective. They are
// computed at the first call.
func (e *Experiment) Ladder() (data.Ladder, error) {
	s, c := e.share(), e.Config
	key := ladderKey{task: c.Task, objective: c.Objective, null: c.Null}
	if c.Objective == graph.Squared {
		key.rank = c.Rank
	}
	s.mutex.Lock()
	compute, ok := s.ladders[key]
	if !ok {
		compute = sync.OnceValues(e.computeLadder)
		s.ladders[key] = compute
	}
	s.mutex.Unlock()
	return compute()
}
