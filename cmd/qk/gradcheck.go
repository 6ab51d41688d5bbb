package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data/text"
	"qk/graph"
	"qk/train"
)

func (a *app) gradcheckCommand() *cobra.Command {
	c := train.DefaultConfig(graph.Predict)
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "gradcheck",
		Short: "Hold automatic differentiation against finite differences and the counts",
		Long: `Gradcheck differentiates every task, objective and form at random weights, and
compares with central finite differences. It also puts a gate on every earlier
word and compares the first gradient with the counted figure −P(u,w)·χ²: at the
start of learning the gradient is the counted mask. It ends with exit code 1 if
an error is above its bound.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settle(cmd.Flags(), &c); err != nil {
				return err
			}
			sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
			if err != nil {
				return err
			}
			e, err := a.countText(cmd.Context(), c, sources)
			if err != nil {
				return err
			}
			results, err := train.GradCheck(cmd.Context(), e)
			if err != nil {
				return err
			}
			if asJSON {
				err = a.printJSON(results)
			} else {
				err = a.showGradcheck(results)
			}
			if err != nil {
				return err
			}
			for _, r := range results {
				if !r.Pass {
					return errCheckFailed
				}
			}
			return nil
		},
	}
	textFlags(cmd, &c)
	cmd.Flags().Uint64Var(&c.Seed, "seed", c.Seed, "seed of the random weights")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

func (a *app) showGradcheck(results []train.GradResult) error {
	s := a.screenOn(a.stdout)
	s.Heading("Gradients by automatic differentiation")
	t := screen.Table{Columns: []screen.Column{{Title: "model"}, {Title: "held against"}, {Title: "entries", Right: true}, {Title: "error", Right: true}, {Title: "bound", Right: true}, {Title: ""}}}
	failed := 0
	for i, r := range results {
		mark := "✓"
		if !r.Pass {
			mark = "✗"
			failed++
			t.Strong = append(t.Strong, i)
		}
		against := "differences"
		if r.Bound == train.CountedTolerance {
			against = "counted χ²"
		}
		t.Rows = append(t.Rows, []string{r.Model, against, fmt.Sprint(r.Entries), fmt.Sprintf("%.1e", r.Error), fmt.Sprintf("%.0e", r.Bound), mark})
	}
	s.Table(t)
	s.Gap()
	if failed > 0 {
		s.Paragraph(fmt.Sprintf("FAIL: %d of %d gradients are off.", failed, len(results)))
	} else {
		s.Paragraph(fmt.Sprintf("PASS: %d gradients agree. Each error is the largest of its entries, relative to the largest entry of the gradient.", len(results)))
	}
	return s.Err()
}
