package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/train"
)

// lookupResult is what `qk lookup --json` prints.
type lookupResult struct {
	Word      string      `json:"word"`
	Number    int         `json:"number"` // of the row
	Positions uint64      `json:"positions"`
	Counted   []string    `json:"counted"`
	Learned   []string    `json:"learned"`
	Status    string      `json:"status"`
	Smoothed  bool        `json:"smoothed"` // whether tells is that of smoothed votes
	Keys      []lookupKey `json:"keys"`
}

// lookupKey is one earlier word of a row, or one next word where a table of
// transitions was learned.
type lookupKey struct {
	Word      string   `json:"word"`
	Score     float64  `json:"score"`     // S[w,u], the one-hot query times Q times Kᵀ
	Attention *float64 `json:"attention"` // null where the data do not determine it
	N         uint64   `json:"n"`         // c2(u,w), or c1(w,y) of a table
	Tells     *float64 `json:"tells"`     // KL(P(·|u,w) ‖ P(·|w)) in nats, or P(y|w) of a table; null where never seen
}

func (a *app) lookupCommand() *cobra.Command {
	var top int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "lookup [RUN] WORD",
		Short: "Pull a word's row out of the learned matrix: one-hot × Q × Kᵀ",
		Long: `Lookup multiplies the one-hot query of a word with Q and Kᵀ, which pulls the
word's row out of the matrix, and shows the keys with the highest scores beside
what the counts say of them. Without RUN it is the newest run.`,
		Example: `  qk lookup went
  qk lookup runs/20260102-030405-diary went --top 5`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(cmd, "a word, after the run if not the newest")
			}
			return nil
		},
		ValidArgsFunction: a.completeRun,
		RunE: func(_ *cobra.Command, args []string) error {
			if top < 1 {
				return fmt.Errorf("--top %d: give a number of keys above 0", top)
			}
			name, word := runAndRest(args)
			l, err := a.load(name)
			if err != nil {
				return err
			}
			w, err := l.find(word)
			if err != nil {
				return fmt.Errorf("run %s: %w", l.dir.Path, err)
			}
			result, err := l.lookup(w)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(result)
			}
			s := a.screenOn(a.stdout)
			showLookup(s, l, result, top)
			return s.Err()
		},
	}
	cmd.Flags().IntVar(&top, "top", 10, "how many keys to show")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print all keys as JSON")
	return cmd
}

// lookup pulls the row of a word out of the matrix by a graph and puts the
// counts beside it.
func (l *loaded) lookup(w data.Word) (*lookupResult, error) {
	scores, learned, row, err := l.row(w)
	if err != nil {
		return nil, err
	}
	vocab := l.e.Corpus.Vocab
	r := &lookupResult{
		Word: vocab.Text(w), Number: int(w), Positions: l.e.Counts.Transitions[w].Total,
		Counted: vocab.Texts(row.Counted), Learned: vocab.Texts(row.Learned), Status: string(row.Status),
		Smoothed: l.e.Smoothing != nil,
	}
	for u, score := range scores {
		k := lookupKey{Word: vocab.Text(data.Word(u)), Score: score}
		if x := learned.Attention[u]; !math.IsNaN(x) {
			k.Attention = &x
		}
		if l.e.Config.Table() {
			p := l.e.Counts.Transitions[w].P(data.Word(u))
			k.N, k.Tells = l.e.Counts.Transitions[w].Count(data.Word(u)), &p
		} else if c, ok := l.e.Masks.Rows[w].Candidate(data.Word(u)); ok {
			k.N, k.Tells = c.N, &c.Divergence
		}
		r.Keys = append(r.Keys, k)
	}
	slices.SortStableFunc(r.Keys, func(a, b lookupKey) int {
		if (a.Attention == nil) != (b.Attention == nil) {
			if a.Attention == nil {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.Score, a.Score)
	})
	return r, nil
}

func showLookup(s *screen.Screen, l *loaded, r *lookupResult, top int) {
	s.Heading(fmt.Sprintf("%s: row %d of QKᵀ", r.Word, r.Number))
	form := fmt.Sprintf("Q [%d,%d] · Kᵀ [%d,%d]", l.weights.V, l.weights.R, l.weights.R, l.weights.V)
	if l.weights.OneHot {
		form = fmt.Sprintf("Kᵀ [%d,%d]", l.weights.V, l.weights.V)
	}
	where := ""
	if r.Smoothed {
		where = " in the training text"
	}
	s.Paragraph(fmt.Sprintf("The one-hot query [1,%d], with its 1 at %d, times %s pulls out these scores. The word occurs %d times with a next word%s.", l.weights.V, r.Number, form, r.Positions, where))
	s.Gap()
	key, count, tells := "earlier word", "seen", "tells, nats"
	if l.e.Config.Table() {
		key, count, tells = "next word", "follows", "counted P"
	}
	t := screen.Table{Columns: []screen.Column{{Title: key}, {Title: "score", Right: true}, {Title: "attention", Right: true}, {Title: count, Right: true}, {Title: tells, Right: true}, {Title: "set"}}}
	if l.e.Config.Table() {
		t.Columns[2].Title = "learned P"
	}
	for i, k := range r.Keys[:min(top, len(r.Keys))] {
		attention, told := "·", "·"
		if k.Attention != nil {
			attention = fmt.Sprintf("%.4f", *k.Attention)
		}
		if k.Tells != nil {
			told = fmt.Sprintf("%.6f", *k.Tells)
		}
		set := membership(slices.Contains(r.Counted, k.Word), slices.Contains(r.Learned, k.Word))
		if set != "" {
			t.Strong = append(t.Strong, i)
		}
		t.Rows = append(t.Rows, []string{k.Word, fmt.Sprintf("%.4f", k.Score), attention, fmt.Sprint(k.N), told, set})
	}
	s.Table(t)
	s.Gap()
	note := fmt.Sprintf("Row is %s.", r.Status)
	if r.Smoothed && r.Status != string(train.Undetermined) {
		note = "The counted set is an estimate. What a word tells is that of the smoothed votes."
	}
	if len(r.Keys) > top {
		note += fmt.Sprintf(" %d keys more: --top %d shows all.", len(r.Keys)-top, len(r.Keys))
	}
	s.Aside(note + " A · is not determined by the data.")
}

func membership(counted, learned bool) string {
	switch {
	case counted && learned:
		return "counted, learned"
	case counted:
		return "counted"
	case learned:
		return "learned"
	}
	return ""
}
