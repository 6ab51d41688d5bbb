package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"qk/data"
	tables "qk/data/table"
	"qk/data/text"
	"qk/train/disk"
)

// CountDir is [CountText] for counts that were made before, of which c.Corpus
// names the directory, see [tables.Open]. Its transitions are all that is read, and
// all that a run with [Config.Table] needs. How the text became words is taken from
// there; MinCount and MaxVocab are left as they are. The SHA-256 of the summary is
// that of everything that is learned from: the words, the transitions, and how they
// were counted.
func CountDir(c Config) (*Experiment, error) { return countDir(c, c.Corpus.String()) }

// CountDirAt is [CountDir] for counts that are in another place now than the
// configuration says.
func CountDirAt(c Config, dir string) (*Experiment, error) { return countDir(c, dir) }

// countDir reads the counts from where they are now.
func countDir(c Config, dir string) (*Experiment, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	counted, err := tables.Open(dir)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(counted.Tables(), tables.Transitions) {
		return nil, fmt.Errorf("count %s has no transitions, which recall learns: count the text with `qk count --tables transitions --out DIR`", dir)
	}
	s := counted.Settings()
	c.Tokens, c.KeepCase, c.Punctuation, c.Boundary = text.Tokens(s.Tokens), s.KeepCase, s.Punctuation, s.Boundary
	if s.Context >= 1 { // no transition hangs on it
		c.Context = s.Context
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("count %s was made with settings that no qk has: %w", dir, err)
	}
	tallied, err := transitions(counted)
	if err != nil {
		return nil, err
	}
	tallied.Context = c.Context
	counts, err := tallied.Counts()
	if err != nil {
		return nil, err
	}
	if err := c.fit(counts); err != nil {
		return nil, err
	}
	return &Experiment{Config: c, Corpus: counts.Corpus, Counts: counts}, nil
}

// transitions reads the transitions of a count.
func transitions(counted *tables.Count) (*data.Tallied, error) {
	t := counted.Totals()
	tallied := &data.Tallied{
		Name: counted.Dir(), Boundary: counted.Settings().Boundary, Transitions: make([]data.Row, len(counted.Words())),
		Sentences: uint64(t.Sentences), Tokens: uint64(t.Tokens), Unknown: uint64(t.Unknown),
	}
	if counted.MinPairs() == 1 && slices.Contains(counted.Tables(), tables.Pairs) {
		n, err := counted.Rows(tables.Pairs)
		if err != nil {
			return nil, err
		}
		tallied.PairCells = int(n)
	}
	sum := sha256.New()
	head, err := json.Marshal(counted.Settings())
	if err != nil {
		return nil, err
	}
	sum.Write(head)
	for _, w := range counted.Words() {
		tallied.Words = append(tallied.Words, w.Text)
		sum.Write(append([]byte(w.Text), 0))
	}
	var bytes []byte
	err = counted.Scan(tables.Transitions, func(r tables.Rows) error {
		bytes = bytes[:0]
		for i, n := range r.N {
			w, y := r.Keys[0][i], r.Keys[1][i]
			row := &tallied.Transitions[w]
			row.Cells = append(row.Cells, data.Cell{Word: data.Word(y), N: uint64(n)})
			row.Total += uint64(n)
			bytes = binary.LittleEndian.AppendUint32(bytes, uint32(w))
			bytes = binary.LittleEndian.AppendUint32(bytes, uint32(y))
			bytes = binary.LittleEndian.AppendUint64(bytes, uint64(n))
		}
		sum.Write(bytes)
		return nil
	})
	if err != nil {
		return nil, err
	}
	tallied.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return tallied, nil
}

// countedExperiment reads the counts of the run once more.
func (d *RunDir) countedExperiment() (*Experiment, error) {
	dir := d.Record.CorpusPath.String()
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("run %s: its counts %s: %w: put them back, or train anew", d.Path, dir, disk.WithoutPath(err))
	}
	e, err := countDir(d.Record.Config, dir)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", d.Path, err)
	}
	if e.Corpus.SHA256 != d.Record.Data.SHA256 {
		return nil, fmt.Errorf("run %s: the counts %s have changed since: the SHA-256 of their words and transitions is %.12s…, the run learned from %.12s…: put those back, or train anew", d.Path, dir, e.Corpus.SHA256, d.Record.Data.SHA256)
	}
	return e, nil
}
