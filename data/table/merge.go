package table

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// MergeOptions are what [Merge] can do without.
type MergeOptions struct {
	// MinPairs leaves pairs out of the sum that it counts fewer times. 0 and 1 keep
	// all.
	MinPairs int64
	// Progress, if not nil, is called now and then with the rows read so far and
	// the rows there are.
	Progress func(done, total int64)
}

// Merged is what a merge gives besides the directory.
type Merged struct {
	Words    int
	Totals   Totals
	MinPairs int64
	Rows     map[Name]int64 // of each table
	// Unsealed are the directories without checksums, in which a changed figure
	// would have passed as long as the rows agree with each other.
	Unsealed []string
}

// Merge adds up counts and writes the sum to a new directory. It is exact, and
// neither the order of the counts nor the grouping matters: shards of a text that
// were counted with one vocabulary become the very bytes that counting the whole
// text with it would give. It streams; memory is needed for the vocabularies and
// about 10 MB a directory.
//
// Counts that cannot be added up are an error that says which of them differ and
// in what: settings, tables, vocabulary; pruned pairs, whose lost counts might
// have added up to enough; sums above 2^63−1. A single count can be merged, which
// gives it checksums, and prunes it if that is asked for.
func Merge(ctx context.Context, out string, dirs []string, o MergeOptions) (*Merged, error) {
	return merge(ctx, out, dirs, o, standard)
}

func merge(ctx context.Context, out string, dirs []string, o MergeOptions, l layout) (*Merged, error) {
	counts, err := openAll(dirs)
	if err != nil {
		return nil, err
	}
	first := counts[0]
	if o.MinPairs, err = minPairs(counts, o.MinPairs); err != nil {
		return nil, err
	}
	w, err := create(out, first.Settings(), first.tables, Options{MinPairs: o.MinPairs}, l)
	if err != nil {
		return nil, err
	}
	sum, err := addUp(ctx, w, counts, o)
	if err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	words, err := addWords(counts)
	if err != nil {
		return nil, errors.Join(err, w.Discard())
	}
	if err := w.Commit(words, sum); err != nil {
		return nil, err
	}
	m := &Merged{Words: len(words), Totals: sum, MinPairs: o.MinPairs, Rows: w.rows()}
	for _, c := range counts {
		if !c.Sealed() {
			m.Unsealed = append(m.Unsealed, c.dir)
		}
	}
	return m, nil
}

// openAll opens directories whose counts can be added up.
func openAll(dirs []string) ([]*Count, error) {
	if len(dirs) == 0 {
		return nil, errors.New("no count to merge: name the directories that `qk count --out DIR` wrote")
	}
	var counts []*Count
	var infos []os.FileInfo
	for i, dir := range dirs {
		c, err := Open(dir)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(dir)
		if err != nil {
			return nil, c.failed("", err)
		}
		for k, other := range infos {
			if os.SameFile(info, other) {
				return nil, fmt.Errorf("%s and %s are one directory, whose counts would be added twice: name each once", dirs[k], dirs[i])
			}
		}
		if i > 0 {
			if err := compatible(counts[0], c); err != nil {
				return nil, err
			}
		}
		counts, infos = append(counts, c), append(infos, info)
	}
	return counts, nil
}

// addUp writes the sum of all tables and returns the sum of the totals.
func addUp(ctx context.Context, w *Writer, counts []*Count, o MergeOptions) (Totals, error) {
	m := merger{ctx: ctx, to: w, progress: o.Progress}
	totals := make([]Totals, len(counts))
	for i, c := range counts {
		totals[i] = c.Totals()
		for _, t := range c.tables {
			n, err := c.Rows(t)
			if err != nil {
				return Totals{}, err
			}
			m.total += n
		}
	}
	for _, t := range counts[0].tables {
		m.least = 1
		if t == Pairs {
			m.least = o.MinPairs
		}
		sums, err := m.table(t, counts)
		if err != nil {
			return Totals{}, err
		}
		for i, c := range counts {
			if t == Transitions && c.m.Totals == nil {
				totals[i].Positions = sums[i]
			}
		}
	}
	sum := totals[0]
	for i, t := range totals[1:] {
		var err error
		if sum, err = sum.add(t); err != nil {
			return Totals{}, fmt.Errorf("count %s cannot be added: %w", counts[i+1].dir, err)
		}
	}
	return sum, nil
}
