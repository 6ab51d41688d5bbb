package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/graph"
	"qk/train"
)

// countResult is what `qk count --json` prints.
type countResult struct {
	Data        train.Summary   `json:"data"`
	Lines       data.Ladder     `json:"lines"`
	Vocabulary  []string        `json:"vocabulary"`
	Transitions []countedNext   `json:"transitions"`
	Pairs       []countedPair   `json:"pairs"`
	Masks       []countedMember `json:"masks"`
}

type countedNext struct {
	Word string  `json:"word"`
	Next string  `json:"next"`
	N    uint64  `json:"n"` // c1(w,y)
	P    float64 `json:"p"` // P(y|w)
}

type countedPair struct {
	Earlier string  `json:"earlier"`
	Word    string  `json:"word"`
	Next    string  `json:"next"`
	N       uint64  `json:"n"` // c2(u,w,y)
	P       float64 `json:"p"` // P(y|u,w)
}

type countedMember struct {
	Word    string  `json:"word"`
	Earlier string  `json:"earlier"`
	N       uint64  `json:"n"`       // c2(u,w)
	Informs bool    `json:"informs"` // P(·|u,w) ≠ P(·|w)
	Nats    float64 `json:"nats"`    // KL(P(·|u,w) ‖ P(·|w))
	G       float64 `json:"g"`       // statistic of the G-test of independence
	Degrees int     `json:"degrees"` // its degrees of freedom
	Chance  float64 `json:"chance"`  // probability of so strong an association by chance
}

func (a *app) countCommand() *cobra.Command {
	c := train.DefaultConfig(graph.Predict)
	var top int
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count transitions and pairs, and show what the counts alone say",
		Long: `Count shows which word follows which (first order), which earlier words change
what follows (second order with skips), and the losses that follow from the
counts alone. With --csv or --json it prints every count.`,
		Example: `  qk count --corpus candle
  qk count --corpus mytext.txt --top 20
  qk count --csv > counts.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settle(cmd.Flags(), &c); err != nil {
				return err
			}
			if top < 1 {
				return &train.FlagError{Flag: "top", Value: fmt.Sprint(top), Why: "give a number of lines above 0"}
			}
			e, err := a.countText(cmd.Context(), c)
			if err != nil {
				return err
			}
			if asCSV {
				return writeCSV(a.stdout, e)
			}
			r, err := countAll(e)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(r)
			}
			s := a.screenOn(a.stdout)
			showCount(s, e, r, top)
			return s.Err()
		},
	}
	textFlags(cmd, &c)
	cmd.Flags().IntVar(&top, "top", 10, "how many transitions and pairs to show")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print everything as JSON")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print every count as CSV: earlier,word,next,n (earlier is empty for a transition)")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	return cmd
}

// countAll gathers every count.
func countAll(e *train.Experiment) (*countResult, error) {
	ladder, err := e.Ladder()
	if err != nil {
		return nil, err
	}
	text := e.Corpus.Vocab.Text
	r := &countResult{
		Data: e.Summary(), Lines: ladder, Vocabulary: e.Corpus.Vocab.All(),
		Transitions: []countedNext{}, Pairs: []countedPair{}, Masks: []countedMember{},
	}
	for w, row := range e.Counts.Transitions {
		for _, cell := range row.Cells {
			r.Transitions = append(r.Transitions, countedNext{text(data.Word(w)), text(cell.Word), cell.N, float64(cell.N) / float64(row.Total)})
		}
		for _, p := range e.Counts.Pairs[w] {
			for _, cell := range p.Next.Cells {
				r.Pairs = append(r.Pairs, countedPair{text(p.Earlier), text(data.Word(w)), text(cell.Word), cell.N, float64(cell.N) / float64(p.Next.Total)})
			}
		}
		for _, m := range e.Masks.Rows[w].Candidates {
			r.Masks = append(r.Masks, countedMember{text(data.Word(w)), text(m.Word), m.N, m.Informs, m.Divergence, m.G, m.Degrees, m.P})
		}
	}
	return r, nil
}

// writeCSV prints c1 and c2 as one table.
func writeCSV(w io.Writer, e *train.Experiment) error {
	out := csv.NewWriter(w)
	text := e.Corpus.Vocab.Text
	_ = out.Write([]string{"earlier", "word", "next", "n"}) // Flush keeps the error
	for i, row := range e.Counts.Transitions {
		for _, cell := range row.Cells {
			_ = out.Write([]string{"", text(data.Word(i)), text(cell.Word), strconv.FormatUint(cell.N, 10)})
		}
		for _, p := range e.Counts.Pairs[i] {
			for _, cell := range p.Next.Cells {
				_ = out.Write([]string{text(p.Earlier), text(data.Word(i)), text(cell.Word), strconv.FormatUint(cell.N, 10)})
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func showCount(s *screen.Screen, e *train.Experiment, r *countResult, top int) {
	d := r.Data
	s.Heading("qk count: " + corpusName(e.Config.Corpus))
	pairs := []screen.Pair{
		{Key: "words", Value: fmt.Sprintf("%d (%s)", d.Vocabulary, e.Config.Tokens)},
		{Key: "sentences", Value: fmt.Sprint(d.Sentences)},
		{Key: "positions", Value: fmt.Sprint(d.Positions)},
		{Key: "transitions", Value: fmt.Sprint(d.Transitions)},
		{Key: "pairs", Value: fmt.Sprint(d.Pairs)},
	}
	if d.Unknown > 0 {
		pairs = append(pairs, screen.Pair{Key: data.Unknown, Value: fmt.Sprintf("%d of %d words of text", d.Unknown, d.Tokens)})
	}
	s.Pairs(pairs)

	slices.SortStableFunc(r.Transitions, func(a, b countedNext) int { return cmp.Compare(b.N, a.N) })
	t := screen.Table{Columns: []screen.Column{{Title: "word"}, {Title: "next"}, {Title: "count", Right: true}, {Title: "P(next | word)", Right: true}}}
	for _, x := range r.Transitions[:min(top, len(r.Transitions))] {
		t.Rows = append(t.Rows, []string{x.Word, x.Next, fmt.Sprint(x.N), fmt.Sprintf("%.4f", x.P)})
	}
	s.Heading(fmt.Sprintf("Transitions: the %s", most(top, len(r.Transitions), "most frequent")))
	s.Table(t)

	slices.SortStableFunc(r.Masks, func(a, b countedMember) int {
		return cmp.Compare(b.G-float64(b.Degrees), a.G-float64(a.Degrees)) // above what chance brings
	})
	t = screen.Table{Columns: []screen.Column{{Title: "earlier"}, {Title: "word"}, {Title: "count", Right: true}, {Title: "tells, nats", Right: true}, {Title: "by chance", Right: true}}}
	telling := 0
	for _, x := range r.Masks {
		if x.Informs {
			telling++
			if len(t.Rows) < top {
				t.Rows = append(t.Rows, []string{x.Earlier, x.Word, fmt.Sprint(x.N), fmt.Sprintf("%.6f", x.Nats), fmt.Sprintf("%.2g", x.Chance)})
			}
		}
	}
	if telling == 0 {
		s.Heading("Pairs")
		s.Paragraph("No earlier word changes what follows any word.")
	} else {
		s.Heading(fmt.Sprintf("Pairs: the %s", most(top, telling, "earlier words that tell most")))
		s.Table(t)
	}
	report{screen: s, e: e, outcome: &train.Outcome{Ladder: r.Lines, Loss: notANumber()}}.ladder()
}

// most words how many of how many are shown: "10 most frequent of 627".
func most(top, of int, what string) string {
	if top >= of {
		return fmt.Sprintf("%d %s", of, what)
	}
	return fmt.Sprintf("%d %s, of %d", top, what, of)
}
