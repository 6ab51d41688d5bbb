package tally

import (
	"fmt"
	"math"
	"slices"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// Options says what is counted and how.
type Options struct {
	// Options says how text becomes words. With a fixed Vocabulary, MinCount and
	// MaxVocab have to be zero.
	data.Options
	// Context is L: how many words before the current one can be earlier words. It is
	// not used for [table.Transitions] alone.
	Context int
	// Tables are the tables to count: [table.Transitions], [table.Cooccurrences] and
	// [table.Pairs], in any order.
	Tables []table.Name
	// MinPairs leaves out the pairs that were counted fewer times, at the very end.
	MinPairs int64
	// Vocabulary is the vocabulary, if not nil: these words, the word [data.Unknown],
	// and with Boundary the word [data.Boundary]. So texts that are counted apart have
	// the same one.
	Vocabulary []string
	// Memory is how many bytes the program may use while it counts, 0 for
	// [DefaultMemory]. Reserved is how many of them the sink uses.
	Memory, Reserved int64
	// Temp is the directory of temporary files, "" for that of the system.
	Temp string
	// Workers is how many goroutines count, 0 for one a processor. The rows do not
	// depend on it.
	Workers int
	// NoDigest and NoSHA256 leave out the sums of the text, which take time.
	NoDigest, NoSHA256 bool
	// Settled is called with the vocabulary before the first row, if not nil. Its error
	// ends the count and is returned as it is.
	Settled func([]table.Word) error
	// Progress is called from time to time, if not nil, by one goroutine at a time.
	Progress func(Progress)
}

// Phase is a part of the work.
type Phase string

// The phases of a count.
const (
	Reading  Phase = "reading"  // in bytes of text
	Counting Phase = "counting" // in positions
	Merging  Phase = "merging"  // in rows, where not all could be counted at a time
)

// Progress is how far a phase has come: Done of Total, which is 0 where it is not
// known. Merging begins anew where there are so many runs that it takes several goes.
type Progress struct {
	Phase       Phase
	Done, Total int64
}

// Result is what a count is besides its rows.
type Result struct {
	Settings table.Settings
	Words    []table.Word // the vocabulary, in byte order
	Totals   table.Totals
	Rows     map[table.Name]int64 // of each table, as given to the sink
	SHA256   string               // of the text, in hexadecimal, or "" with NoSHA256
	Spilled  int64                // bytes that were written to temporary files
}

// Settings returns the settings that go with the counts.
func (o *Options) Settings() table.Settings {
	tokens := o.Tokens
	if tokens == "" {
		tokens = text.Words
	}
	return table.Settings{Tokens: string(tokens), KeepCase: o.KeepCase, Punctuation: o.Punctuation, Boundary: o.Boundary, Context: o.Context}
}

// wants reports whether a table is counted.
func (o *Options) wants(t table.Name) bool { return slices.Contains(o.Tables, t) }

// check checks what can be judged without the text.
func (o *Options) check() error {
	for _, t := range o.Tables {
		if len(t.Keys()) == 0 {
			return fmt.Errorf("--tables %s: a count has the tables %s, %s and %s", t, table.Transitions, table.Cooccurrences, table.Pairs)
		}
	}
	alone := !o.wants(table.Cooccurrences) && !o.wants(table.Pairs)
	switch {
	case len(o.Tables) == 0:
		return fmt.Errorf("--tables: name one table at least: %s, %s or %s", table.Transitions, table.Cooccurrences, table.Pairs)
	case o.Context < 1 && !alone:
		return fmt.Errorf("--context %d: an earlier word needs a context of at least 1", o.Context)
	case o.Context > math.MaxInt32/4:
		return fmt.Errorf("--context %d: no sentence is that long: give at most %d", o.Context, math.MaxInt32/4)
	case o.MinPairs < 0:
		return fmt.Errorf("--min-pairs=%d: give a number of at least 1", o.MinPairs)
	case o.Vocabulary != nil && (o.MinCount > 1 || o.MaxVocab > 0):
		return fmt.Errorf("--vocab fixes the vocabulary: leave out --min-count and --max-vocab")
	case o.MaxVocab < 0:
		return fmt.Errorf("--max-vocab=%d: give 0 for all words, or a number above it", o.MaxVocab)
	case o.Workers < 0 || o.Workers > maxWorkers:
		return fmt.Errorf("--threads %d: give a number from 1 to %d, or 0 for one a processor", o.Workers, maxWorkers)
	}
	return nil
}

const maxWorkers = 1 << 10
