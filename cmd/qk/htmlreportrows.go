package main

import (
	"errors"
	"fmt"
	"strings"

	"qk/cmd/qk/internal/page"
	"qk/data"
	"qk/train"
)

// rulesSection lists the rules that save most, with their counted reasons. A run of recall
// has none.
func (l *loaded) rulesSection() ([]page.Section, error) {
	book, err := train.Rules(l.e, l.weights, train.RuleOptions{Top: maxReportRules})
	if errors.Is(err, train.ErrNoRules) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := page.Section{Title: "What is worth looking back for"}
	if book.Shown == 0 {
		s.Text = []string{"Nothing: no earlier word changes what follows enough to be worth attention."}
		return []page.Section{s}, nil
	}
	s.Text = []string{fmt.Sprintf("The %d of %d learned rules that save most. Attention is what the earlier word gets when it is alone; tells is the divergence KL(P(·|u,w) ‖ P(·|w)) in nats, counted; saves is by how much the loss of the whole text would rise without the rule.", book.Shown, book.Found)}
	t := page.Table{Caption: "Learned rules with their counted reasons", Columns: []string{"after the current word", "an earlier", "attention", "seen", "tells", "saves", "with it follows", "without it"}}
	v := l.e.Corpus.Vocab
	for _, row := range book.Rows {
		for _, r := range row.Rules {
			earlier := v.Text(r.Earlier)
			if r.Kind == train.Lowered {
				earlier += " (passed over)"
			}
			t.Rows = append(t.Rows, []string{v.Text(row.Word), earlier, fmt.Sprintf("%.2f", r.Attention), fmt.Sprintf("%d×", r.Seen.N), fmt.Sprintf("%.3f", r.Seen.Divergence),
				fmt.Sprintf("%.4f", r.Saves), follows(v, r.With, r.WithMore), follows(v, r.Without, r.OtherMore)})
		}
	}
	s.Tables = []page.Table{t}
	return []page.Section{s}, nil
}

// follows lists next words with their shares.
func follows(v *data.Vocabulary, next []train.NextWord, more int) string {
	if len(next) == 0 {
		return "–"
	}
	var parts []string
	for _, n := range next {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", v.Text(n.Word), n.P*100))
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// closenessSection lists every check, and how the run does on what was held out.
func closenessSection(outcome *train.Outcome) page.Section {
	s := page.Section{Title: "How close"}
	checks := page.Table{Caption: "Checks", Columns: []string{"check", "figure", "bound", "holds", "what it means"}}
	failed := 0
	for _, k := range outcome.Checks {
		side := "≤ "
		if k.AtLeast {
			side = "≥ "
		}
		if !k.Pass {
			failed++
		}
		checks.Rows = append(checks.Rows, []string{k.Name, figure(k.Figure), side + figure(k.Bound), yes(k.Pass), k.Note})
	}
	s.Text = []string{fmt.Sprintf("All %d checks hold.", len(outcome.Checks))}
	if failed > 0 {
		s.Text = []string{fmt.Sprintf("%d of %d checks fail. A failed check is a finding, not an accident.", failed, len(outcome.Checks))}
	}
	s.Tables = append(s.Tables, checks)
	if held := outcome.HeldOut; held != nil {
		t := page.Table{Caption: "Learned less each line, on sentences held out", Columns: []string{"line", "difference", "95 % interval", "says"}}
		for _, d := range held.Differences {
			says := "learned is worse"
			switch {
			case d.Noise():
				says = "noise"
			case d.Mean < 0:
				says = "learned is better"
			}
			name := strings.ReplaceAll(d.Line, "_", " ")
			if name == "unigram" {
				name = "no word"
			}
			t.Rows = append(t.Rows, []string{name, figure(d.Mean), figure(d.Low) + " … " + figure(d.High), says})
		}
		s.Tables = append(s.Tables, t)
	}
	return s
}

// differing lists the rows whose learned set is not the counted one, with what the counts
// say of the words that are missing, or have no reason.
func (l *loaded) differing(outcome *train.Outcome) page.Section {
	s := page.Section{Title: "Where not, and why"}
	v, all := l.e.Corpus.Vocab, 0
	t := page.Table{Caption: "Rows that differ", Columns: []string{"current word", "counted", "learned", "status", "the words in question"}}
	for _, r := range outcome.Rows {
		if r.Status != train.Missing && r.Status != train.Spurious {
			continue
		}
		if all++; all <= maxReportRows {
			t.Rows = append(t.Rows, []string{v.Text(r.Word), shortened(v.Texts(r.Counted), 8), shortened(v.Texts(r.Learned), 8), string(r.Status), l.evidence(r)})
		}
	}
	if all == 0 {
		s.Text = []string{"Nowhere: no row that is judged has a word missing, or one without a reason in the text."}
		return s
	}
	s.Text = []string{fmt.Sprintf("%s, whose learned words are not those that counting finds. Missing: a counted word was not learned. Spurious: a learned word has no reason in the text.", countOf(all, "row"))}
	if all > len(t.Rows) {
		s.Text = append(s.Text, fmt.Sprintf("The first %d are listed; qk check -v has all.", len(t.Rows)))
	}
	s.Tables = []page.Table{t}
	return s
}

// evidence says what the counts have on the words by which a row differs.
func (l *loaded) evidence(r train.RowAgreement) string {
	if l.e.Masks == nil {
		return ""
	}
	const most = 3
	var parts []string
	questioned := append(append([]data.Word{}, r.Missing...), r.Spurious...)
	for i, u := range questioned {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(questioned)-most))
			break
		}
		c, ok := l.e.Masks.Rows[r.Word].Candidate(u)
		switch text := l.e.Corpus.Vocab.Text(u); {
		case !ok:
			parts = append(parts, text+": never seen before it")
		case !c.Informs:
			parts = append(parts, fmt.Sprintf("%s: seen %d×, changes nothing", text, c.N))
		default:
			parts = append(parts, fmt.Sprintf("%s: seen %d×, tells %.3f nats", text, c.N, c.Divergence))
		}
	}
	return strings.Join(parts, "; ")
}
