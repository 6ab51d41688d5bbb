package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"qk/train"
)

func (a *app) checkCommand() *cobra.Command {
	var asJSON, quiet, detail bool
	cmd := &cobra.Command{
		Use:   "check [RUN]",
		Short: "Hold what a run learned against the counts once more",
		Long: `Check reads a run back, counts its text anew, computes the loss of the saved Q and
K, and prints every verdict with the figure and the bound behind it. It ends with
exit code 1 if a check fails. Without RUN it is the newest run.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "one run at most")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
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
			if asJSON {
				if err := a.printJSON(doc); err != nil {
					return err
				}
				return verdict(outcome)
			}
			s := a.screenOn(a.stdout)
			r := report{screen: s, e: l.e, outcome: outcome, weights: l.weights, detail: detail}
			if !quiet {
				r.ladder()
			}
			if detail {
				r.rows()
			}
			r.verdict()
			if err := s.Err(); err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
			return verdict(outcome)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as one JSON document")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print the verdict alone")
	cmd.Flags().BoolVarP(&detail, "verbose", "v", false, "print every row of the masks")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
	cmd.MarkFlagsMutuallyExclusive("quiet", "json")
	return cmd
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
