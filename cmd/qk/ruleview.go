package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/train"
)

// showRules draws the rules of a run.
func showRules(s *screen.Screen, l *loaded, b *train.Book, f ruleFlags) {
	s.Heading("Rules of " + l.dir.Path)
	if len(b.Rows) > 0 {
		s.Aside(ruleLegend(l, b))
		s.Gap()
		s.Rules(ruleGroups(l.e, b))
		s.Gap()
	}
	s.Paragraph(ruleTotals(b))
	rest := leftOut(b, f.minSave)
	if _, ok := l.unknown(); ok && !f.named {
		rest = append(rest, "What follows "+data.Unknown+" is left out, as it stands for many words: name it to see its rules.")
	}
	s.Aside(strings.Join(rest, " "))
}

// ruleLegend explains the figures of the rules.
func ruleLegend(l *loaded, b *train.Book) string {
	neutral, alone := "the null slot's 0", "when it is alone"
	if !l.e.Config.Null {
		neutral, alone = "the middle of its row", "among all of its row"
	}
	loss, tells, more := "this text", "KL(P(·|u,w) ‖ P(·|w)) in nats", ""
	switch {
	case l.e.Smoothing != nil:
		loss, tells = "the training text, each position told by the others,", "KL(P(·|u,w) ‖ P(·|w)) of the smoothed votes, in nats"
		more = " Below it stands what the rule saves of the text that was held out. What follows with the word and without it is counted in the training text."
	case slices.ContainsFunc(b.Rows, func(r train.RowRules) bool { return r.Estimate }):
		more = fmt.Sprintf(" An estimate is a row of more than %d earlier words, whose exact best mask is not known.", data.MaxExhaustive)
	}
	return "After the word on the left, ▲ marks an earlier word that is worth attention, ▼ one that is passed over. " +
		"The figure is what the rule saves: by how much the loss of " + loss + " would rise without it, in nats over all positions, with no attention for ▲, with " + neutral + " as the score of ▼. " +
		"Attention is what the word has " + alone + "; tells is " + tells + "; chance is the G-test's." + more
}

// ruleGroups puts the rules into words.
func ruleGroups(e *train.Experiment, b *train.Book) []screen.RuleGroup {
	vocab := e.Corpus.Vocab
	groups := make([]screen.RuleGroup, 0, len(b.Rows))
	for _, row := range b.Rows {
		g := screen.RuleGroup{Current: vocab.Text(row.Word), Facts: []string{countOf(int(row.N), "time")}}
		if e.Smoothing == nil { // else every row is an estimate
			g.Facts = append(g.Facts, ruleStatus(row))
		}
		g.Facts = append(g.Facts, rowSavings(fmt.Sprintf("%d ▲ and %d ▼ save ", row.Raised, row.Lowered), row, row.RowWorth)...)
		if row.HeldOut != nil {
			g.HeldOut = append([]string{countOf(int(row.HeldOut.N), "time")}, rowSavings("they save ", row, *row.HeldOut)...)
		}
		for _, r := range row.Rules {
			facts := []string{
				fmt.Sprintf("%d×", r.Seen.N), fmt.Sprintf("attention %.2f", r.Attention),
				fmt.Sprintf("tells %.3f", r.Seen.Divergence), "chance " + chance(r.Seen.P),
			}
			g.Rules = append(g.Rules, screen.Rule{
				Raised: r.Kind == train.Raised, Earlier: vocab.Text(r.Earlier), Twins: vocab.Texts(r.Twins), Saves: r.Saves, Facts: facts, HeldOut: trial(r),
				With: nextVotes(vocab, r.With), WithMore: r.WithMore,
				Without: nextVotes(vocab, r.Without), OtherMore: r.OtherMore, Always: r.Seen.N == row.N,
			})
		}
		groups = append(groups, g)
	}
	return groups
}

// rowSavings says what all rules of a row save.
func rowSavings(they string, row train.RowRules, worth train.RowWorth) []string {
	facts := []string{they + saving(worth.Saves)}
	if row.Raised > 1 {
		facts = append(facts, "all ▲ at once "+saving(worth.Together))
	}
	return facts
}

// trial is what a rule saves of the text that was held out, if any was.
func trial(r train.Rule) *screen.Trial {
	if r.HeldOut == nil {
		return nil
	}
	return &screen.Trial{Saves: r.HeldOut.Saves, Facts: []string{fmt.Sprintf("%d×", r.HeldOut.N)}, Never: r.HeldOut.N == 0}
}

// ruleStatus compares the learned set of a row with the counted one, or says that
// the counted one is an estimate.
func ruleStatus(row train.RowRules) string {
	if row.Estimate {
		return "estimate"
	}
	return string(row.Status)
}

func nextVotes(vocab *data.Vocabulary, next []train.NextWord) []screen.Vote {
	votes := make([]screen.Vote, len(next))
	for i, n := range next {
		votes[i] = screen.Vote{Word: vocab.Text(n.Word), Share: n.P}
	}
	return votes
}

// ruleTotals says what the rules of the whole text come to.
func ruleTotals(b *train.Book) string {
	const losses = "%.6f nats a word: first order %.6f, with the votes of all rules alone %.6f."
	if b.HeldOut == nil {
		return fmt.Sprintf("The loss of the text is "+losses, b.Loss, b.FirstOrder, b.Alone)
	}
	return fmt.Sprintf("The loss of what was held out is "+losses+" That of the training text, each position told by the others, is "+losses,
		b.HeldOut.Loss, b.HeldOut.FirstOrder, b.HeldOut.Alone, b.Loss, b.FirstOrder, b.Alone)
}

// leftOut says, a sentence each, what is not shown.
func leftOut(b *train.Book, minSave float64) []string {
	var parts []string
	add := func(part string) { parts = append(parts, part) }
	if b.Found == 0 {
		add("There is no rule.")
	}
	if more := b.Found - b.Small - b.Shown; more > 0 {
		add(fmt.Sprintf("%s more: --top %d shows all.", countOf(more, "rule"), b.Found-b.Small))
	}
	if b.Small > 0 {
		add(fmt.Sprintf("%s below --min-save %g.", countOf(b.Small, "rule"), minSave))
	}
	if b.Harmful > 0 {
		add(fmt.Sprintf("Doing harm, as they save less than nothing: %d of %s.", b.Harmful, countOf(b.Found, "rule")))
	}
	if h := b.HeldOut; h != nil && b.Found > 0 {
		add(fmt.Sprintf("With a place in what was held out: %s, of which %d do harm there.", countOf(b.Found-h.Unseen, "rule"), h.Harmful))
	}
	if b.Undetermined > 0 {
		add(fmt.Sprintf("%s left out, of which the text says nothing.", countOf(b.Undetermined, "row")))
	}
	if b.Flat > 0 {
		add(fmt.Sprintf("%s without a rule.", countOf(b.Flat, "row")))
	}
	return parts
}

// saving writes nats of a whole row.
func saving(x float64) string {
	if math.Abs(x) >= 1000 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.4f", x)
}

// chance writes a probability, a small one by its size alone.
func chance(p float64) string {
	if p != 0 && p < 0.001 {
		return fmt.Sprintf("%.0e", p)
	}
	return fmt.Sprintf("%.3g", p)
}
