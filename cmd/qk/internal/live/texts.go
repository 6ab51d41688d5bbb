package live

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// texts are the counted texts of the sessions. Tabs that count the same text share
// what is counted, which is most of what a tab needs.
type texts struct {
	words   int // of a vocabulary at most
	budget  *budget
	mutex   sync.Mutex
	entries map[textKey]*counted
}

// textKey is all that a count hangs on.
type textKey struct {
	counting train.Counting
	sum      [sha256.Size]byte // of a text that is not built in
}

// counted is a text that some sessions use.
type counted struct {
	key    textKey
	users  int
	memory int64

	once  sync.Once
	e     *train.Experiment
	notes []string
	err   error

	gates func() (*gates, error)
}

// take counts a text, or finds it counted; release has to follow once the error is nil.
func (t *texts) take(c train.Config, own []byte) (*counted, error) {
	key := textKey{counting: c.Counting()}
	if own != nil {
		key.sum = sha256.Sum256(own)
	}
	t.mutex.Lock()
	entry, ok := t.entries[key]
	if !ok {
		entry = &counted{key: key}
		t.entries[key] = entry
	}
	entry.users++
	t.mutex.Unlock()
	entry.once.Do(func() { t.count(entry, c, own) })
	if entry.err != nil {
		t.release(entry)
		return nil, entry.err
	}
	return entry, nil
}

// release gives a counted text back; without users it is forgotten.
func (t *texts) release(entry *counted) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if entry.users--; entry.users == 0 {
		t.budget.give(entry.memory)
		delete(t.entries, entry.key)
	}
}

// count reads and counts the text of an entry.
func (t *texts) count(entry *counted, c train.Config, own []byte) {
	source, err := sourceOf(c, own)
	if err != nil {
		entry.err = err
		return
	}
	if c, entry.notes, entry.err = t.fewer(c, source); entry.err != nil {
		return
	}
	if entry.e, entry.err = train.NewExperiment(c, source); entry.err != nil {
		return
	}
	entry.gates = sync.OnceValues(func() (*gates, error) { return newGates(entry.e.Counts) })
	memory := footprint(entry.e) + int64(len(own))
	if entry.err = t.budget.take(memory); entry.err == nil {
		entry.memory = memory
	}
}

func sourceOf(c train.Config, own []byte) (*text.Source, error) {
	if own != nil {
		return text.FromBytes(string(c.Corpus), own), nil
	}
	return text.Open(string(c.Corpus), nil)
}

// fewer keeps the most frequent words of a text that has more than the page takes.
func (t *texts) fewer(c train.Config, source *text.Source) (train.Config, []string, error) {
	corpus, err := data.LoadAll(context.Background(), []*text.Source{source}, c.Options(), nil)
	if err != nil {
		return c, nil, err
	}
	if have := corpus.Vocab.Len(); have > t.words {
		c.MaxVocab = t.words - 2 // and the unknown word, and the boundary
		return c, []string{fmt.Sprintf("the text has %d different words: the %d most frequent are kept, as with --max-vocab %d, and the others are one word, %s", have, c.MaxVocab, c.MaxVocab, data.Unknown)}, nil
	}
	return c, nil, nil
}

// footprint is about how many bytes a counted text takes, with its masks: measured on a
// megabyte of plays, in which 25 of 26 MB are found.
func footprint(e *train.Experiment) int64 {
	c := e.Counts
	n := 28*int64(c.PairCells) + 12*int64(e.Corpus.Tokens) + 48*int64(len(c.Positions())) + 5*votes(c)
	for w, row := range c.Transitions {
		n += 16 * int64(len(row.Cells))
		if c.Pairs != nil {
			n += 160 * int64(len(c.Pairs[w]))
		}
	}
	return n
}

// votes is how many earlier words all positions have.
func votes(c *data.Counts) (n int64) {
	for _, p := range c.Positions() {
		n += int64(len(p.Earlier))
	}
	return n
}

// gates is the identity by which learning and counting meet: the gradient of a gate on
// each earlier word, where all gates are shut.
type gates struct {
	auto, counted []float64 // [V,V], row w the current word
}

// maxGateCells is how many numbers the graph of the gates may go through.
const maxGateCells = 1 << 22

func newGates(c *data.Counts) (*gates, error) {
	if len(c.Positions())*c.V() > maxGateCells || c.Pairs == nil {
		return nil, nil // too large to be had at once
	}
	m, err := graph.NewGates(c)
	if err != nil {
		return nil, err
	}
	m.Start(1)
	defer m.Stop()
	if _, err := m.Run(); err != nil {
		return nil, err
	}
	return &gates{auto: m.Params()[0].Gradient, counted: graph.CountedGateGradient(c)}, nil
}
