package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"qk/graph"
	"qk/train"
)

// checkOptions are the flags of check that do not change the result.
type checkOptions struct{ json, quiet, detail bool }

func (a *app) checkCommand() *cobra.Command {
	c := train.DefaultConfig(graph.Predict)
	var o checkOptions
	var g givenFlags
	cmd := &cobra.Command{
		Use:   "check [RUN]",
		Short: "Hold what a run learned, or matrices from elsewhere, against the counts",
		Long: `Check reads a run back, counts its text anew, computes the loss of the saved Q and
K, and prints every verdict with the figure and the bound behind it. It ends with
exit code 1 if a check fails. Without RUN it is the newest run.

With --q, --k, --vocab and --corpus it holds matrices that another program wrote
against the counts of a text in the same way: row i of Q is the query of word i of
the list, row i of K its key. With --scores it takes S = Q·Kᵀ itself, rows for
current and columns for earlier words. Files are .npy, .npz or .safetensors, of 16,
32 or 64 bits; FILE:NAME names one of several arrays. Words of the text that are
not listed become <unk>; if that is not listed either, they are next words alone,
and neither attend nor get attention.`,
		Example: `  qk check
  qk check --q W_Q.npy --k W_K.npy --vocab words.txt --corpus text.txt
  qk check --q m.safetensors:wq --k m.safetensors:wk --scaled --vocab words.txt --corpus text.txt
  qk check --scores S.npy --vocab words.txt --corpus text.txt`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "one run at most")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := g.check(cmd.Flags(), args)
			if err != nil {
				return err
			}
			if given {
				if err := settle(cmd.Flags(), &c); err != nil {
					return err
				}
				return a.checkGiven(cmd.Context(), c, g, o)
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			l, err := a.load(name)
			if err != nil {
				return err
			}
			doc, outcome, err := l.check()
			if err != nil {
				return err
			}
			return a.showCheck(o, doc, report{e: l.e, outcome: outcome, weights: l.weights})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.json, "json", false, "print the result as one JSON document")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print the verdict alone")
	f.BoolVarP(&o.detail, "verbose", "v", false, "print every row of the masks")
	g.add(cmd, &c)
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
	cmd.MarkFlagsMutuallyExclusive("quiet", "json")
	return cmd
}

// showCheck prints a result, and fails if a check did.
func (a *app) showCheck(o checkOptions, doc *train.Document, r report) error {
	if o.json {
		if err := a.printJSON(doc); err != nil {
			return err
		}
		return verdict(r.outcome)
	}
	r.screen, r.detail = a.screenOn(a.stdout), o.detail
	if !o.quiet {
		if r.given != nil {
			r.matrices()
		}
		r.ladder()
	}
	if o.detail {
		r.rows()
	}
	r.verdict()
	if err := r.screen.Err(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return verdict(r.outcome)
}

// check computes the loss of the saved weights anew and compares it, and their
// scores, with the counts.
func (l *loaded) check() (*train.Document, *train.Outcome, error) {
	loss, err := l.e.Loss(l.weights)
	if err != nil {
		return nil, nil, err
	}
	outcome, err := l.e.Judge(l.weights, l.weights, loss.Data)
	if err != nil {
		return nil, nil, err
	}
	reason, seconds := "", 0.0
	if r := l.dir.Record.Result; r != nil {
		reason, seconds = r.Reason, r.Seconds
	}
	doc := train.NewDocument(l.e, outcome, l.steps, reason, seconds)
	doc.Run = l.dir.Path
	return doc, outcome, nil
}
