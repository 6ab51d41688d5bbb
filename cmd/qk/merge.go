package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/table"
	"qk/train"
)

func (a *app) mergeCommand() *cobra.Command {
	var out string
	var minPairs int64
	cmd := &cobra.Command{
		Use:   "merge COUNT...",
		Short: "Add up counts that were made apart",
		Long: `Merge adds up the directories that count --out wrote. The sum is exact: parts of a
text that were counted with one vocabulary (count --vocab) give the very bytes that
the whole text would give, in whatever order they are merged.

Counts with different settings, tables or vocabularies are refused. So are pruned
pairs, as those that were left out might add up to enough: prune with --min-pairs
when merging, not before. One count alone can be merged too: that prunes it, or
gives a count of another program its checksums.`,
		Example: `  qk merge jan feb --out both
  qk merge both --min-pairs 2 --out pruned`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, "the directories of counts that `qk count --out DIR` wrote")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case out == "":
				return &train.FlagError{Flag: "out", Value: `""`, Why: "name the directory for the sum, which must not exist"}
			case minPairs < 1:
				return &train.FlagError{Flag: "min-pairs", Value: fmt.Sprint(minPairs), Why: "give a number of at least 1; 1 keeps all"}
			}
			return a.merge(cmd.Context(), out, args, minPairs)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the sum into this directory, which must not exist")
	cmd.Flags().Int64Var(&minPairs, "min-pairs", 1, "leave out pairs that the sum counts fewer times")
	return cmd
}

// merge adds up counts, and shows the progress on standard error if that is a
// terminal.
func (a *app) merge(ctx context.Context, out string, dirs []string, minPairs int64) error {
	progress := a.screenOn(a.stderr).Amounts(a.now)
	m, err := table.Merge(ctx, out, dirs, table.MergeOptions{MinPairs: minPairs, Progress: func(done, total int64) {
		progress.Update(screen.Amount{Doing: "merging", Done: done, Total: total, Unit: "rows"})
	}})
	progress.Clear()
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return train.ErrInterrupted
		}
		return err
	}
	for _, dir := range m.Unsealed {
		fmt.Fprintf(a.stderr, "qk: warning: count %s has no checksums, as another program wrote it: a figure that was changed since would show only if it contradicts another\n", dir)
	}
	s := a.screenOn(a.stdout)
	s.Heading("qk merge: " + strings.Join(dirs, ", "))
	pairs := []screen.Pair{{Key: "words", Value: fmt.Sprint(m.Words)}}
	if m.Totals.Sentences > 0 { // else not known
		pairs = append(pairs, screen.Pair{Key: "sentences", Value: fmt.Sprint(m.Totals.Sentences)})
	}
	pairs = append(pairs, screen.Pair{Key: "positions", Value: fmt.Sprint(m.Totals.Positions)})
	for _, t := range countable() {
		if n, ok := m.Rows[t]; ok {
			pairs = append(pairs, screen.Pair{Key: string(t), Value: fmt.Sprint(n)})
		}
	}
	if m.MinPairs > 1 {
		pairs = append(pairs, screen.Pair{Key: "fewest of a pair", Value: fmt.Sprint(m.MinPairs)})
	}
	if m.Totals.Unknown > 0 {
		pairs = append(pairs, screen.Pair{Key: data.Unknown, Value: fmt.Sprintf("%d of %d words of text", m.Totals.Unknown, m.Totals.Tokens)})
	}
	s.Pairs(pairs)
	s.Aside("The counts are in " + out)
	return s.Err()
}
