package main

import (
	"bytes"
	"fmt"
	"strings"

	"qk/cmd/qk/internal/page"
	"qk/cmd/qk/internal/picture"
	"qk/train"
)

// maxReportRows is how many rows of masks a report lists.
const maxReportRows = 100

// page tells a run as a page.
func (l *loaded) page() (*page.Page, error) {
	_, outcome, err := l.check()
	if err != nil {
		return nil, err
	}
	c, sum := l.e.Config, l.e.Summary()
	p := &page.Page{Title: fmt.Sprintf("%s from %s", c.Task, corpusName(c.Corpus)),
		Lead: "Attention is a lookup table: for the current word, it says which earlier words matter. Here the table was counted in a text, learned as Q·Kᵀ from it, and the two compared. Losses are " + lossUnit(c) + "; lower is better."}
	add := func(s page.Section) { p.Sections = append(p.Sections, s) }
	add(page.Section{Title: "The text", Tables: []page.Table{{Caption: "Sizes", Columns: []string{"what", "how many"}, Rows: [][]string{
		{"different words", fmt.Sprint(sum.Vocabulary)}, {"sentences", fmt.Sprint(sum.Sentences)},
		{"places with a next word", fmt.Sprint(sum.Positions)}, {"SHA-256", sum.SHA256}}}}})

	losses := page.Table{Caption: "Losses", Columns: []string{"line", "loss"}}
	ladder, loss := outcome.Ladder, outcome.Loss
	if outcome.HeldOut != nil {
		ladder, loss = outcome.HeldOut.Ladder, outcome.HeldOut.Loss
		losses.Caption = "Losses on sentences held out"
	}
	for _, v := range []struct {
		name  string
		value *float64
	}{{"no word: P(next) alone", ladder.Unigram}, {"first order: the current word alone", ladder.FirstOrder}, {"all votes: every earlier word votes", ladder.AllVotes},
		{"graded mask: votes weighed by what they tell", ladder.GradedMask}, {"best mask: by exhaustive search", ladder.BestMask}, {"learned", &loss}, {"floor: none can be lower", ladder.Floor}} {
		if v.value != nil {
			losses.Rows = append(losses.Rows, []string{v.name, figure(*v.value)})
		}
	}
	learned := page.Section{Title: "What was learned", Tables: []page.Table{losses}}
	lossFig, err := lossFigure([]*train.RunDir{l.dir})
	if err == nil {
		err = draw(&learned, lossFig)
	}
	if err != nil {
		learned.Text = append(learned.Text, "The loss curve could not be drawn: "+err.Error())
	}
	masks, err := l.masksFigure(24)
	if err == nil {
		err = draw(&learned, masks)
	}
	if err != nil {
		learned.Text = append(learned.Text, "The masks could not be drawn: "+err.Error())
	}
	add(learned)

	checks := page.Table{Caption: "Checks", Columns: []string{"check", "figure", "bound", "holds", "meaning"}}
	for _, k := range outcome.Checks {
		side := "≤ "
		if k.AtLeast {
			side = "≥ "
		}
		checks.Rows = append(checks.Rows, []string{k.Name, figure(k.Figure), side + figure(k.Bound), yes(k.Pass), k.Note})
	}
	closeness := page.Section{Title: "How close", Tables: []page.Table{checks}}
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
			t.Rows = append(t.Rows, []string{strings.ReplaceAll(d.Line, "_", " "), figure(d.Mean), figure(d.Low) + " … " + figure(d.High), says})
		}
		closeness.Tables = append(closeness.Tables, t)
	}
	add(closeness)
	add(l.differing(outcome))
	add(page.Section{Title: "How to check it", Code: []string{"qk check " + shellWord(l.dir.Path)},
		Text: []string{fmt.Sprintf("Seed %d, %d steps, penalty %g, made with qk %s.", c.Seed, l.steps, c.L2, l.dir.Record.Versions["qk"])}})
	return p, nil
}

// differing lists the rows whose learned set is not the counted one.
func (l *loaded) differing(outcome *train.Outcome) page.Section {
	s := page.Section{Title: "Where not"}
	v, all := l.e.Corpus.Vocab, 0
	t := page.Table{Caption: "Rows that differ", Columns: []string{"current word", "counted", "learned", "status"}}
	for _, r := range outcome.Rows {
		if r.Status != train.Missing && r.Status != train.Spurious {
			continue
		}
		if all++; all <= maxReportRows {
			t.Rows = append(t.Rows, []string{v.Text(r.Word), words(v, r.Counted), words(v, r.Learned), string(r.Status)})
		}
	}
	if all == 0 {
		s.Text = []string{"No row that is judged has a word missing, or one without a reason in the text."}
		return s
	}
	s.Text = []string{fmt.Sprintf("%d rows differ; the first %d are listed.", all, len(t.Rows))}
	s.Tables = []page.Table{t}
	return s
}

// draw adds a picture to a section, in both themes.
func draw(s *page.Section, f picture.Figure) error {
	var light, dark bytes.Buffer
	if err := picture.Render(&light, f, picture.Light(), picture.SVG, picture.Options{}); err != nil {
		return err
	}
	if err := picture.Render(&dark, f, picture.Dark(), picture.SVG, picture.Options{}); err != nil {
		return err
	}
	s.Figures = append(s.Figures, page.Figure{Light: light.Bytes(), Dark: dark.Bytes(), Alt: f.Alt()})
	return nil
}
