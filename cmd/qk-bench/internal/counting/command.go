// Package counting times how qk and its peers count the transitions and pairs of
// one text, as whole processes with their output, and checks that they count the
// same.
package counting

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"qk/data/table"
)

// options holds the flags of count.
type options struct {
	text     string
	seed     uint64
	bytes    string
	tables   []string
	only     []string
	maxVocab int
	context  int
	memory   string
	rounds   int
	timeout  time.Duration
	json     bool
	qk       string
	glove    string
	kenlm    string
	duckdb   string
	python   string

	self []string // the command line of this program, for tests
}

// countable are the tables that are counted.
var countable = []table.Name{table.Transitions, table.Cooccurrences, table.Pairs}

// ErrCounts says that a program counted something else.
var ErrCounts = errors.New("counts differ, see the lines that begin with ***")

// Command is `qk-bench count`. self is the command line that starts the program
// itself, which has to have [process.Command].
func Command(self []string) *cobra.Command {
	o := options{self: self}
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Time the counting of a text by qk beside that of its peers",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.bench(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.text, "text", "", "the text to count; default one that is made from --seed")
	f.Uint64Var(&o.seed, "seed", 1, "of the text that is made")
	f.StringVar(&o.bytes, "bytes", "100MB", "size of the text that is made")
	f.StringSliceVar(&o.tables, "tables", nil, "some of transitions, cooccurrences and pairs; default all")
	f.StringSliceVar(&o.only, "only", nil, "contestants that take part beside qk, such as GloVe; default all")
	f.IntVar(&o.maxVocab, "max-vocab", 20000, "words that are kept, the most frequent; the others count as one more")
	f.IntVar(&o.context, "context", 8, "earlier words that are looked at")
	f.StringVar(&o.memory, "memory", "", "ceiling for all who take one, such as 700MB; default each one's own")
	f.IntVar(&o.rounds, "rounds", 5, "rounds in which every contestant does each job once")
	f.DurationVar(&o.timeout, "timeout", 3*time.Minute, "time that a process may take")
	f.BoolVar(&o.json, "json", false, "print one JSON document")
	f.StringVar(&o.qk, "qk", "", "the program qk; default built from this source tree")
	f.StringVar(&o.glove, "glove", "", "folder of GloVe's vocab_count and cooccur; default those on the path")
	f.StringVar(&o.kenlm, "kenlm", "", "folder of KenLM's lmplz; default that on the path")
	f.StringVar(&o.duckdb, "duckdb", "", "the program duckdb; default that on the path, or DuckDB's Python module or npm package")
	f.StringVar(&o.python, "python", "python3", "the Python that counts")
	return cmd
}

// settle checks the flags and returns what they say.
func (o *options) settle() (tables []table.Name, bytes, memory int64, err error) {
	switch {
	case o.rounds < 1:
		return nil, 0, 0, fmt.Errorf("--rounds %d: at least one", o.rounds)
	case o.timeout <= 0:
		return nil, 0, 0, fmt.Errorf("--timeout %v: a time above 0, such as 3m", o.timeout)
	case o.maxVocab < 1 || o.maxVocab >= hashFactor:
		return nil, 0, 0, fmt.Errorf("--max-vocab %d: from 1 to %d", o.maxVocab, hashFactor-1)
	case o.context < 1:
		return nil, 0, 0, fmt.Errorf("--context %d: at least one", o.context)
	}
	if bytes, err = size(o.bytes); err != nil {
		return nil, 0, 0, fmt.Errorf("--bytes %s: %w", o.bytes, err)
	}
	if o.memory != "" {
		if memory, err = size(o.memory); err != nil {
			return nil, 0, 0, fmt.Errorf("--memory %s: %w", o.memory, err)
		}
	}
	for _, t := range countable {
		if len(o.tables) == 0 || slices.Contains(o.tables, string(t)) {
			tables = append(tables, t)
		}
	}
	for _, t := range o.tables {
		if !slices.Contains(countable, table.Name(t)) {
			return nil, 0, 0, fmt.Errorf("--tables %s: use some of %s, %s, %s", t, countable[0], countable[1], countable[2])
		}
	}
	return tables, bytes, memory, nil
}

// size reads a number of bytes such as 700MB or 4GiB.
func size(s string) (int64, error) {
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}} {
		number, ok := strings.CutSuffix(s, unit.name)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(x*unit.bytes >= 1 && x*unit.bytes < 1<<62) {
			break
		}
		return int64(x * unit.bytes), nil
	}
	return 0, errors.New("give a size such as 700MB or 4GiB")
}
