package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"qk/graph"
	"qk/train"
)

// trainOptions are the flags of train that do not change the result.
type trainOptions struct {
	out, resume   string
	counts        string // directory
	json          bool
	quiet, detail bool
	tensorboard   bool
}

func (a *app) trainCommand() *cobra.Command {
	c := train.DefaultConfig(graph.Predict)
	var o trainOptions
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Count a text, learn Q and K by gradient descent, check them against the counts",
		Long: `Train counts which word follows which in a text, lets Q and K learn by gradient
descent which earlier words matter, and checks what they learned against masks
counted from the same text. Without a flag it learns from the built-in corpus
diary, in about a second.

The run is kept in a folder of its own under runs/, from which it can be resumed
after an interruption and looked into with lookup, vote and check.`,
		Example: `  qk train
  qk train --corpus candle --null=false
  qk train --corpus mytext.txt --max-vocab 500 --rank 16
  qk train --corpus mytext.txt --max-vocab 2000 --holdout 0.1
  qk train --corpus names.txt --tokens chars --boundary --task recall
  qk train --counts counts --task recall`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range []string{"out", "resume", "counts"} {
				if f := cmd.Flags().Lookup(name); f.Changed && f.Value.String() == "" {
					return &train.FlagError{Flag: name, Value: `""`, Why: "give a folder, or leave this out"}
				}
			}
			if o.resume != "" {
				if f := settingTyped(cmd.Flags()); f != "" {
					return &train.FlagError{Flag: f, Value: cmd.Flags().Lookup(f).Value.String(), Why: "a resumed run keeps its own settings: leave this out, or train anew"}
				}
				return a.resume(cmd.Context(), o)
			}
			if o.counts != "" {
				if err := fromCounts(cmd.Flags(), &c, o.counts); err != nil {
					return err
				}
			}
			if err := settle(cmd.Flags(), &c); err != nil {
				return err
			}
			return a.train(cmd.Context(), c, o)
		},
	}
	textFlags(cmd, &c)
	holdOutFlag(cmd, &c)
	cmd.Flags().StringVar(&o.counts, "counts", "", "instead of a text: learn from the directory that count --out wrote; for --task recall")
	modelFlags(cmd, &c)
	descentFlags(cmd, &c)
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "folder of this run, which must not exist (default runs/<time>-<corpus>)")
	f.StringVar(&o.resume, "resume", "", "go on with the run in this folder from its last checkpoint")
	f.BoolVar(&o.tensorboard, "tensorboard", false, "write an event file for TensorBoard while the run is under way")
	f.BoolVar(&o.json, "json", false, "print the result as one JSON document")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print the verdict alone")
	f.BoolVarP(&o.detail, "verbose", "v", false, "print every row of the masks")
	cmd.MarkFlagsMutuallyExclusive("out", "resume")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
	cmd.MarkFlagsMutuallyExclusive("quiet", "json")
	return cmd
}

// countedFlags are the flags of a text, which counts have behind them.
var countedFlags = []string{"corpus", "tokens", "boundary", "keep-case", "punctuation", "min-count", "max-vocab", "context"}

// fromCounts makes a run learn from a directory of counts.
func fromCounts(f *pflag.FlagSet, c *train.Config, dir string) error {
	for _, name := range countedFlags {
		if f.Changed(name) {
			return &train.FlagError{Flag: name, Value: f.Lookup(name).Value.String(), Why: "with --counts the words are counted already, as its settings say: leave this or --counts out"}
		}
	}
	c.Corpus, c.Counts = train.NameCorpus(dir), true
	return nil
}

// settingTyped returns the name of a typed flag that is a setting of a run.
func settingTyped(f *pflag.FlagSet) string {
	var name string
	f.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "resume", "json", "tensorboard", "quiet", "verbose", "color", "runs":
		default:
			name = f.Name
		}
	})
	return name
}
