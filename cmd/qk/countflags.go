package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/data/table"
	"qk/data/tally"
	"qk/data/text"
	"qk/train"
)

// countOptions are the flags of count besides those of the text.
type countOptions struct {
	top       int
	json, csv bool
	out       string

	tables   string
	vocab    string
	minPairs int64
	memory   string
	temp     string
	threads  int
}

// streamedFlags go with --out or --csv: the rows are counted in bounded memory
// and handed on as they come.
var streamedFlags = []string{"tables", "vocab", "min-pairs", "memory", "temp", "threads"}

func (o *countOptions) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.top, "top", 10, "how many transitions and pairs to show")
	f.BoolVar(&o.json, "json", false, "print everything as JSON")
	f.BoolVar(&o.csv, "csv", false, "print every count as CSV: earlier,word,next,n (earlier is empty for a transition, next for a co-occurrence)")
	f.StringVar(&o.out, "out", "", "write the counts as Parquet tables into this directory, which must not exist")
	f.StringVar(&o.tables, "tables", "transitions,pairs", "with --out or --csv: the tables to count, of transitions, cooccurrences and pairs")
	f.StringVar(&o.vocab, "vocab", "", "with --out or --csv: take the words from this file, one a line, or from the vocabulary.parquet of a count; the others become <unk>")
	f.Int64Var(&o.minPairs, "min-pairs", 1, "with --out or --csv: leave out pairs that were counted fewer times, at the very end")
	f.StringVar(&o.memory, "memory", "", "with --out or --csv: how much memory to use, such as 512MB; what does not fit goes to --temp (default half of what is free)")
	f.StringVar(&o.temp, "temp", "", "with --out or --csv: directory of temporary files (default that of the system)")
	f.IntVar(&o.threads, "threads", 0, "with --out or --csv: how many goroutines count; 0 for one a core")
	for _, pair := range [][]string{{"json", "csv"}, {"json", "out"}, {"csv", "out"}, {"top", "out"}, {"top", "csv"}} {
		cmd.MarkFlagsMutuallyExclusive(pair...)
	}
	complete(cmd, "tables", texts(countable()))
}

// countable are the tables that can be counted.
func countable() []table.Name {
	return []table.Name{table.Transitions, table.Cooccurrences, table.Pairs}
}

// check checks the flags that can be judged without the text.
func (o *countOptions) check(cmd *cobra.Command) error {
	if o.top < 1 {
		return &train.FlagError{Flag: "top", Value: fmt.Sprint(o.top), Why: "give a number of lines above 0"}
	}
	f := cmd.Flags()
	if f.Changed("out") && o.out == "" {
		return &train.FlagError{Flag: "out", Value: `""`, Why: "give a folder, or leave this out"}
	}
	if o.out == "" && !o.csv {
		for _, name := range streamedFlags {
			if f.Changed(name) {
				return &train.FlagError{Flag: name, Value: shown(f.Lookup(name).Value.String()), Why: "this goes with --out DIR or --csv; what is shown without them is counted as a whole"}
			}
		}
	}
	for _, name := range []string{"vocab", "temp", "memory"} {
		if f.Changed(name) && f.Lookup(name).Value.String() == "" {
			return &train.FlagError{Flag: name, Value: `""`, Why: "it is empty: give a value, or leave this out"}
		}
	}
	switch {
	case o.minPairs < 1:
		return &train.FlagError{Flag: "min-pairs", Value: fmt.Sprint(o.minPairs), Why: "give a number of at least 1; 1 keeps all"}
	case o.threads < 0:
		return &train.FlagError{Flag: "threads", Value: fmt.Sprint(o.threads), Why: "give a number of goroutines, or 0 for one a core"}
	case o.vocab != "" && (f.Changed("min-count") || f.Changed("max-vocab")):
		return &train.FlagError{Flag: "vocab", Value: shown(o.vocab), Why: "it fixes the vocabulary: leave out --min-count and --max-vocab"}
	}
	return nil
}

// wanted reads the names of the tables.
func (o *countOptions) wanted() ([]table.Name, error) {
	var names []table.Name
	for _, part := range strings.Split(o.tables, ",") {
		name := table.Name(strings.TrimSpace(part))
		switch {
		case !slices.Contains(countable(), name):
			why := "the tables are " + strings.Join(texts(countable()), ", ")
			if near := text.Nearest(string(name), texts(countable()), 1); len(near) > 0 && name != "" {
				why = fmt.Sprintf("did you mean %s? %s", near[0], why)
			}
			return nil, &train.FlagError{Flag: "tables", Value: shown(o.tables), Why: why}
		case slices.Contains(names, name):
			return nil, &train.FlagError{Flag: "tables", Value: shown(o.tables), Why: fmt.Sprintf("%s is there twice: name each table once", name)}
		}
		names = append(names, name)
	}
	return names, nil
}

// settings turns the flags into what is counted.
func (o *countOptions) settings(c train.Config) (tally.Options, error) {
	t := tally.Options{Options: c.Options(), Context: c.Context, MinPairs: o.minPairs, Temp: o.temp, Workers: o.threads}
	if t.Workers == 0 {
		t.Workers = runtime.GOMAXPROCS(0)
	}
	var err error
	if t.Tables, err = o.wanted(); err != nil {
		return t, err
	}
	if o.memory != "" {
		if t.Memory, err = parseSize("memory", o.memory); err != nil {
			return t, err
		}
	}
	if o.vocab != "" {
		if t.Vocabulary, err = readVocab(o.vocab); err != nil {
			return t, err
		}
		t.MinCount, t.MaxVocab = 0, 0
	}
	return t, nil
}
