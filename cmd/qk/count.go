package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/text"
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
	var o countOptions
	cmd := &cobra.Command{
		Use:   "count",
		Short: "Count transitions and pairs, and show what the counts alone say",
		Long: `Count shows which word follows which (first order), which earlier words change
what follows (second order with skips), and the losses that follow from the
counts alone. With --csv or --json it prints every count. Of a text above 4 MiB it
shows the transitions.

With --out it counts a text of any size, in memory of a stated size, and writes the
counts as a directory of Parquet tables, which can be merged, trained on, and read
by other programs: vocabulary (word, text, n), transitions (w, y, n) and pairs (w, y,
u, n) or cooccurrences (w, u, n), where w is the current word, y the next one and
u an earlier one.`,
		Example: `  qk count --corpus candle
  qk count --corpus mytext.txt --top 20
  qk count --csv > counts.csv
  qk count --corpus texts/ --max-vocab 20000 --memory 2GB --out counts`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settle(cmd.Flags(), &c); err != nil {
				return err
			}
			if err := o.check(cmd); err != nil {
				return err
			}
			switch {
			case o.out != "":
				return a.countOut(cmd.Context(), c, o)
			case o.csv:
				return a.countCSV(cmd.Context(), c, o)
			}
			sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
			if err != nil {
				return err
			}
			if isLarge(sources) && !o.json {
				return a.countLarge(cmd.Context(), c, o, sources)
			}
			e, err := a.countText(cmd.Context(), c, sources)
			if err != nil {
				return err
			}
			if o.json {
				r, err := countAll(e)
				if err != nil {
					return err
				}
				return a.printJSON(r)
			}
			s := a.screenOn(a.stdout)
			if err := showCount(s, e, o.top); err != nil {
				return err
			}
			return s.Err()
		},
	}
	textFlags(cmd, &c)
	o.add(cmd)
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
		Transitions: countTransitions(e), Pairs: []countedPair{}, Masks: []countedMember{},
	}
	for w, pairs := range e.Counts.Pairs {
		for _, p := range pairs {
			for _, cell := range p.Next.Cells {
				r.Pairs = append(r.Pairs, countedPair{text(p.Earlier), text(data.Word(w)), text(cell.Word), cell.N, float64(cell.N) / float64(p.Next.Total)})
			}
		}
	}
	for _, row := range memberRows(e, func(members []countedMember) []countedMember { return members }) {
		r.Masks = append(r.Masks, row...)
	}
	return r, nil
}

// countTransitions lists c1.
func countTransitions(e *train.Experiment) []countedNext {
	text, all := e.Corpus.Vocab.Text, []countedNext{}
	for w, row := range e.Counts.Transitions {
		for _, cell := range row.Cells {
			all = append(all, countedNext{text(data.Word(w)), text(cell.Word), cell.N, float64(cell.N) / float64(row.Total)})
		}
	}
	return all
}

// memberRows lists, for every current word, what keep leaves of the words before
// it.
func memberRows(e *train.Experiment, keep func([]countedMember) []countedMember) [][]countedMember {
	text, rows := e.Corpus.Vocab.Text, make([][]countedMember, e.Counts.V())
	data.EachMaskRow(e.Counts, func(row data.MaskRow) {
		var members []countedMember
		for _, m := range row.Candidates {
			members = append(members, countedMember{text(row.Word), text(m.Word), m.N, m.Informs, m.Divergence, m.G, m.Degrees, m.P})
		}
		rows[row.Word] = keep(members)
	})
	return rows
}

// mostTelling returns the earlier words that tell most above what chance brings,
// at most so many, and how many tell anything. Of a row no more than that many are
// kept, as there may be millions.
func mostTelling(e *train.Experiment, top int) (told []countedMember, telling int) {
	byChance := func(a, b countedMember) int {
		return cmp.Compare(b.G-float64(b.Degrees), a.G-float64(a.Degrees))
	}
	var count atomic.Int64
	rows := memberRows(e, func(members []countedMember) []countedMember {
		members = slices.DeleteFunc(members, func(m countedMember) bool { return !m.Informs })
		count.Add(int64(len(members)))
		slices.SortStableFunc(members, byChance)
		return slices.Clone(members[:min(top, len(members))])
	})
	told = slices.Concat(rows...)
	slices.SortStableFunc(told, byChance)
	return told[:min(top, len(told))], int(count.Load())
}

func showCount(s *screen.Screen, e *train.Experiment, top int) error {
	ladder, err := e.Ladder()
	if err != nil {
		return err
	}
	d := e.Summary()
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

	transitions := countTransitions(e)
	slices.SortStableFunc(transitions, func(a, b countedNext) int { return cmp.Compare(b.N, a.N) })
	t := screen.Table{Columns: []screen.Column{{Title: "word"}, {Title: "next"}, {Title: "count", Right: true}, {Title: "P(next | word)", Right: true}}}
	for _, x := range transitions[:min(top, len(transitions))] {
		t.Rows = append(t.Rows, []string{x.Word, x.Next, fmt.Sprint(x.N), fmt.Sprintf("%.4f", x.P)})
	}
	s.Heading(fmt.Sprintf("Transitions: the %s", most(top, len(transitions), "most frequent")))
	s.Table(t)

	t = screen.Table{Columns: []screen.Column{{Title: "earlier"}, {Title: "word"}, {Title: "count", Right: true}, {Title: "tells, nats", Right: true}, {Title: "by chance", Right: true}}}
	told, telling := mostTelling(e, top)
	for _, x := range told {
		t.Rows = append(t.Rows, []string{x.Earlier, x.Word, fmt.Sprint(x.N), fmt.Sprintf("%.6f", x.Nats), fmt.Sprintf("%.2g", x.Chance)})
	}
	if telling == 0 {
		s.Heading("Pairs")
		s.Paragraph("No earlier word changes what follows any word.")
	} else {
		s.Heading(fmt.Sprintf("Pairs: the %s", most(top, telling, "earlier words that tell most")))
		s.Table(t)
	}
	report{screen: s, e: e, outcome: &train.Outcome{Ladder: ladder, Loss: notANumber()}}.ladder()
	return nil
}

// most words how many of how many are shown: "10 most frequent of 627".
func most(top, of int, what string) string {
	if top >= of {
		return fmt.Sprintf("%d %s", of, what)
	}
	return fmt.Sprintf("%d %s, of %d", top, what, of)
}
