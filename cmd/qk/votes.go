package main

import (
	"fmt"
	"slices"
	"strings"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/text"
	"qk/train"
)

// voter is a way to weigh the earlier words of a context, with its name.
type voter struct {
	train.Weighing
	Name string
	Note string
}

// voters returns the three ways to weigh: all words alike, the counted mask, and
// the learned attention. rows and scores are those of the current word.
func voters(e *train.Experiment, row train.RowAgreement, scores []float64, earlier []data.Word) []voter {
	v := e.WeighingsOf(row, scores, earlier)
	counted := voter{Weighing: v.Counted, Name: "counted mask", Note: "{" + briefly(e.Corpus.Vocab, row.Counted) + "}"}
	if row.Estimate {
		counted.Name = "counted mask, an estimate"
	}
	if len(row.Counted) == 0 {
		counted.Note = "(empty, so P(next | current))"
	}
	learned := voter{Weighing: v.Learned, Name: "learned mask"}
	if e.Config.Null {
		learned.Note = "(with the null slot)"
	}
	return []voter{{Weighing: v.All, Name: "all earlier words vote"}, counted, learned}
}

// maxVoted is how many next words a vote shows.
const maxVoted = 4

// showVotes draws the votes of a context for the next word.
func showVotes(s *screen.Screen, e *train.Experiment, current data.Word, earlier []data.Word, vs []voter) {
	var groups []screen.VoteGroup
	for _, v := range vs {
		votes, _ := e.Votes(current, earlier, v.Weight, v.Null)
		g := screen.VoteGroup{Title: strings.TrimSpace(v.Name + " " + v.Note)}
		for _, vote := range votes {
			g.Votes = append(g.Votes, screen.Vote{Word: e.Corpus.Vocab.Text(vote.Word), Share: vote.Share, Raw: vote.Sum})
		}
		groups = append(groups, g)
	}
	s.Votes(groups, maxVoted)
}

// votes shows the vote of the context in which masking gains most.
func (r report) votes() {
	x := r.showcase
	text, ok := x.text()
	if !ok {
		return
	}
	vocab, p := r.e.Corpus.Vocab, x.position
	r.screen.Heading(fmt.Sprintf("Votes for the word after “%s”", shorten(r.e.Config.Tokens, text)))
	vs := voters(r.e, r.outcome.Rows[p.Current], x.scores, p.Earlier)
	note := fmt.Sprintf("The text goes on with “%s”.", vocab.Text(p.Next))
	if all := r.e.ShareOf(p, vs[0].Weighing); r.e.ShareOf(p, vs[1].Weighing) > all && r.e.ShareOf(p, vs[2].Weighing) > all {
		note += " Unmasked, words that tell nothing drown those that do."
	}
	r.screen.Aside(note)
	showVotes(r.screen, r.e, p.Current, p.Earlier, vs)
}

// telling returns a word and a context worth looking into.
func (r report) telling() (word, context string) {
	vocab := r.e.Corpus.Vocab
	if r.showcase != nil {
		if text, ok := r.showcase.text(); ok {
			return vocab.Text(r.showcase.position.Current), spoken(r.e.Config.Tokens, text)
		}
	}
	best := data.Word(0)
	for _, row := range r.outcome.Rows {
		have, than := r.outcome.Rows[best], r.e.Counts.Transitions[best].Total
		fuller := len(row.Counted) > 0 && len(have.Counted) == 0
		if fuller || (len(row.Counted) > 0) == (len(have.Counted) > 0) && r.e.Counts.Transitions[row.Word].Total > than {
			best = row.Word
		}
	}
	return vocab.Text(best), ""
}

// briefly lists words, the first few of many.
func briefly(v *data.Vocabulary, ws []data.Word) string {
	const most = 8
	if len(ws) <= most {
		return strings.Join(v.Texts(ws), ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(v.Texts(ws[:most]), ", "), len(ws)-most)
}

// spoken joins words to a text as it would be typed: characters without a space
// between them, as a space is a character of its own.
func spoken(tokens text.Tokens, words []string) string {
	if tokens == text.Chars {
		return strings.Join(words, "")
	}
	return strings.Join(words, " ")
}

// shorten is spoken without the middle of a long text.
func shorten(tokens text.Tokens, words []string) string {
	most, head, tail := 12, 4, 6
	if tokens == text.Chars {
		most, head, tail = 60, 25, 30
	}
	if len(words) <= most {
		return spoken(tokens, words)
	}
	cut := append(slices.Clone(words[:head]), "…")
	return spoken(tokens, append(cut, words[len(words)-tail:]...))
}
