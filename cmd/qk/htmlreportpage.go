package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qk/cmd/qk/internal/page"
	"qk/cmd/qk/internal/picture"
	"qk/data"
	"qk/train"
)

// How much of each kind a report shows.
const (
	maxReportRows  = 60
	maxReportRules = 12
	maxReportLines = 5
	maxReportWords = 12
)

// page tells a run as a page.
func (l *loaded) page() (*page.Page, error) {
	_, outcome, err := l.check()
	if err != nil {
		return nil, err
	}
	c := l.e.Config
	p := &page.Page{
		Title: fmt.Sprintf("qk %s from %s", c.Task, corpusName(c.Corpus)),
		Lead:  "Attention is a differentiable lookup table: for the current word it says which other words matter. Here it was counted in a text, exactly; it was learned from the same text, as the product of two matrices Q and K, by gradient descent; and the two were held against each other.",
	}
	if l.dir.Record.Status != train.Done {
		p.Lead += fmt.Sprintf(" The run is %s: this is how far it came, after step %d.", unfinished(l.dir.Record.Status), l.steps)
	}
	learned, err := l.learnedSection(outcome)
	if err != nil {
		return nil, err
	}
	p.Sections = append(p.Sections, l.textSection(), l.ladderSection(outcome), learned)
	rules, err := l.rulesSection()
	if err != nil {
		return nil, err
	}
	p.Sections = append(p.Sections, rules...)
	p.Sections = append(p.Sections, closenessSection(outcome), l.differing(outcome), l.againSection())
	return p, nil
}

// textSection says what was read.
func (l *loaded) textSection() page.Section {
	c, sum, corpus := l.e.Config, l.e.Summary(), l.e.Corpus
	s := page.Section{Title: "The text"}
	s.Text = append(s.Text, fmt.Sprintf("%s of %s, %s, with %d places at which a next word is to be told.",
		countOf(int(sum.Sentences), "sentence"), countOf(int(sum.Tokens), "word"), countOf(sum.Vocabulary, "different word"), sum.Positions))
	if sum.Unknown > 0 {
		s.Text = append(s.Text, fmt.Sprintf("%d words outside the vocabulary are written %s.", sum.Unknown, data.Unknown))
	}
	if c.HoldOut > 0 {
		s.Text = append(s.Text, fmt.Sprintf("Of its sentences, %d were held out and %d set aside for tuning; the rest was learned from.", corpus.LinesIn(data.HeldOut), corpus.LinesIn(data.Tuning)))
	}
	if len(corpus.Sentences) > 0 {
		t := page.Table{Caption: "How it begins", Columns: []string{"times", "sentence"}}
		for _, sentence := range corpus.Sentences[:min(maxReportLines, len(corpus.Sentences))] {
			t.Rows = append(t.Rows, []string{fmt.Sprint(sentence.N), shortened(corpus.Vocab.Texts(sentence.Words), 30)})
		}
		s.Tables = append(s.Tables, t)
	}
	t := page.Table{Caption: "Words that most often have a next word", Columns: []string{"word", "times", "different next words"}}
	order := make([]data.Word, l.e.Counts.V())
	for w := range order {
		order[w] = data.Word(w)
	}
	slices.SortStableFunc(order, func(a, b data.Word) int {
		return cmp.Compare(l.e.Counts.Transitions[b].Total, l.e.Counts.Transitions[a].Total)
	})
	for _, w := range order[:min(maxReportWords, len(order))] {
		row := l.e.Counts.Transitions[w]
		t.Rows = append(t.Rows, []string{corpus.Vocab.Text(w), fmt.Sprint(row.Total), fmt.Sprint(len(row.Cells))})
	}
	s.Tables = append(s.Tables, t)
	return s
}

// shortened joins words, of many the first.
func shortened(words []string, most int) string {
	if len(words) > most {
		return strings.Join(words[:most], " ") + " …"
	}
	return strings.Join(words, " ")
}

// ladderSection explains the losses, from the worst to the best that is possible.
func (l *loaded) ladderSection(outcome *train.Outcome) page.Section {
	ladder, loss := outcome.Ladder, outcome.Loss
	s := page.Section{Title: "What counting says, and what was learned"}
	s.Text = append(s.Text, fmt.Sprintf("The loss counts %s: the lower, the better the next word is told. A nat is the surprise of something that had a chance of 1 in e, 37 %%. All lines but the learned one are counted, not trained.", l.e.Config.Unit()))
	if outcome.HeldOut != nil {
		ladder, loss = outcome.HeldOut.Ladder, outcome.HeldOut.Loss
		s.Text = append(s.Text, "These losses are on the sentences that were held out, which neither counting nor learning has seen.")
	}
	type rung struct {
		name, note string
		loss       *float64
	}
	rungs := []rung{
		{"no word", "P(y): how often each next word y occurs at all", ladder.Unigram},
		{"first order", "P(y|w): the current word w alone", ladder.FirstOrder},
		{"all votes", "every earlier word u votes by P(y|u,w), what followed w where u came earlier", ladder.AllVotes},
		{"graded mask", "the votes are weighed by how much each earlier word tells", ladder.GradedMask},
		{"best mask", "only those vote who help, found by exhaustive search", ladder.BestMask},
		{"learned", "the scores Q·Kᵀ after training", &loss},
		{"floor", "a proof: no attention over these votes can be lower", ladder.Floor},
	}
	low, high := loss, loss
	for _, r := range rungs {
		if r.loss != nil {
			low, high = min(low, *r.loss), max(high, *r.loss)
		}
	}
	for _, r := range rungs {
		if r.loss == nil {
			continue
		}
		bar := page.Bar{Name: r.name, Value: figure(*r.loss), Note: r.note, Strong: r.name == "learned"}
		if high > low {
			bar.Share = 0.02 + 0.98*(*r.loss-low)/(high-low)
		}
		s.Bars = append(s.Bars, bar)
	}
	s.After = []string{"The bars show how far a line is above the lowest."}
	return s
}

// learnedSection shows the descent and the matrices.
func (l *loaded) learnedSection(outcome *train.Outcome) (page.Section, error) {
	s := page.Section{Title: "Pictures"}
	s.Text = append(s.Text, "First the loss while it was trained, with the counted lines. Then the masks: a row for each current word, a column for each other word. Dark means that it matters. Where the text says nothing there is a dot, not a zero.")
	loss, err := l.lossFigure()
	if err != nil {
		return s, err
	}
	masks, err := l.masksFigure(0)
	if err != nil && !errors.Is(err, errNothingTold) {
		return s, err
	}
	figures := []picture.Figure{loss}
	if err == nil {
		figures = append(figures, masks)
	} else {
		s.Text = append(s.Text, "There is no mask to draw: the text says nothing about any row.")
	}
	for _, f := range figures {
		if err := draw(&s, f); err != nil {
			return s, err
		}
	}
	undetermined := 0
	for _, r := range outcome.Rows {
		if r.Status == train.Undetermined {
			undetermined++
		}
	}
	if undetermined > 0 {
		s.After = append(s.After, fmt.Sprintf("Of %s, %d are not determined by the data: whatever they say, the loss is the same.", countOf(len(outcome.Rows), "row"), undetermined))
	}
	return s, nil
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

// againSection says how to make the run once more.
func (l *loaded) againSection() page.Section {
	r := l.dir.Record
	s := page.Section{Title: "How to repeat it", Code: []string{commandLine(r.Config, r.Data.Vocabulary), "qk check " + shellWord(l.dir.Path)}}
	s.Text = append(s.Text, "The first command trains it once more, to the same bits on any number of processors; the second holds what was learned against the text again.")
	t := page.Table{Caption: "What it was made with", Columns: []string{"what", "value"}}
	t.Rows = append(t.Rows, []string{"seed", fmt.Sprint(r.Config.Seed)}, []string{"steps", fmt.Sprint(l.steps)}, []string{"SHA-256 of the text", r.Data.SHA256})
	for _, name := range sortedKeys(r.Versions) {
		t.Rows = append(t.Rows, []string{name, r.Versions[name]})
	}
	s.Tables = append(s.Tables, t)
	return s
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
