package main

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// report shows a checked result to a person.
type report struct {
	screen   *screen.Screen
	e        *train.Experiment
	outcome  *train.Outcome
	weights  *graph.Weights
	showcase *showcase          // of predict
	given    *train.GivenRecord // of matrices from elsewhere, else nil
	detail   bool
}

func (r report) all() error {
	r.ladder()
	if err := r.masks(); err != nil {
		return err
	}
	if r.detail {
		r.rows()
	}
	if r.showcase != nil {
		r.votes()
	}
	r.verdict()
	r.story()
	return nil
}

// showSettings prints what is about to be done.
func showSettings(s *screen.Screen, e *train.Experiment, l *train.Loop) {
	c, sum := e.Config, e.Summary()
	s.Heading(fmt.Sprintf("qk train: %s from %s", c.Task, corpusName(c.Corpus)))
	switch c.Task {
	case graph.Predict:
		s.Paragraph("Q and K see only which word came next, and learn which earlier words are worth attention. The counts say which ones are.")
	default:
		s.Paragraph("Q and K learn to reproduce a table that was counted in the text.")
	}
	form := fmt.Sprintf("Q, K [%d,%d]", sum.Vocabulary, c.Rank)
	if c.OneHot {
		form = fmt.Sprintf("one-hot, K [%d,%d]", sum.Vocabulary, sum.Vocabulary)
	}
	pairs := []screen.Pair{
		{Key: "words", Value: fmt.Sprintf("%d (%s)", sum.Vocabulary, c.Tokens)},
		{Key: "sentences", Value: fmt.Sprint(sum.Sentences)},
		{Key: "positions", Value: fmt.Sprint(sum.Positions)},
		{Key: "objective", Value: string(c.Objective)},
		{Key: "form", Value: form},
		{Key: "penalty", Value: fmt.Sprintf("%g", c.L2)},
		{Key: "graph", Value: graphOf(c)},
		{Key: "solver", Value: c.Solver},
		{Key: "rate", Value: fmt.Sprintf("%g, %s", c.LR, c.Schedule)},
		{Key: "steps", Value: fmt.Sprint(c.Steps)},
		{Key: "seed", Value: fmt.Sprint(c.Seed)},
	}
	if c.Task == graph.Predict {
		pairs = append(pairs, screen.Pair{Key: "context", Value: fmt.Sprint(c.Context)}, screen.Pair{Key: "null slot", Value: yes(c.Null)})
	}
	if c.HoldOut > 0 {
		corpus := e.Corpus
		pairs = append(pairs, screen.Pair{Key: "held out", Value: sentences(corpus.LinesIn(data.HeldOut))},
			screen.Pair{Key: "for tuning", Value: sentences(corpus.LinesIn(data.Tuning))})
	}
	if c.Batch > 0 {
		pairs = append(pairs, screen.Pair{Key: "batch", Value: fmt.Sprintf("%d rows", c.Batch)})
	}
	if sum.Unknown > 0 {
		pairs = append(pairs, screen.Pair{Key: data.Unknown, Value: fmt.Sprintf("%d of %d words of text", sum.Unknown, sum.Tokens)})
	}
	if l.Step > 0 {
		pairs = append(pairs, screen.Pair{Key: "resumed at", Value: fmt.Sprint(l.Step)})
	}
	s.Pairs(pairs)
	s.Gap()
}

// ladder shows the learned loss among the counted lines.
func (r report) ladder() {
	if r.outcome.HeldOut != nil {
		r.heldOutLadders()
		return
	}
	l := r.outcome.Ladder
	r.screen.Heading("Loss, from the worst to the best that is possible")
	var rungs []screen.Rung
	add := func(name string, value *float64, note string, floor bool) {
		if value != nil {
			rungs = append(rungs, screen.Rung{Name: name, Value: *value, Note: note, Floor: floor})
		}
	}
	if r.e.Config.Task == graph.Predict {
		add("first order", l.FirstOrder, "P(next | current)", false)
		add("all votes", l.AllVotes, "every earlier word votes", false)
		add("graded mask", l.GradedMask, "weighted by what each tells", false)
		add("best mask", l.BestMask, "found by exhaustive search", false)
		add("floor", l.Floor, "no attention can be lower", true)
	} else {
		add("no word", l.Unigram, "P(next) alone", false)
		add("floor", l.Floor, floorNote(r.e.Config.Objective), true)
	}
	r.screen.Ladder(r.e.Config.Unit(), append(rungs, r.learned(r.outcome.Loss)...))
}

// learned returns the rungs of what was learned, or given.
func (r report) learned(loss float64) []screen.Rung {
	if r.given == nil {
		return []screen.Rung{{Name: "learned", Value: loss, Note: "Q·Kᵀ after training", Highlight: true}}
	}
	rungs := []screen.Rung{{Name: "given", Value: loss, Note: "these matrices", Highlight: true}}
	if f := r.given.Fitted; f != nil && f.Scale != 1 {
		rungs = append(rungs, screen.Rung{Name: "scale fitted", Value: f.Loss, Note: fmt.Sprintf("all scores × %.3g", f.Scale)})
	}
	return rungs
}

func floorNote(o graph.Objective) string {
	switch o {
	case graph.Squared:
		return "Eckart–Young: best of this rank"
	case graph.Logistic:
		return "approached, never reached"
	}
	return "entropy of the next word"
}

// verdict shows the checks, and the reasons of those that failed or, in detail,
// of all.
func (r report) verdict() {
	var checks []screen.Check
	for _, c := range r.outcome.Checks {
		side := "≤"
		if c.AtLeast {
			side = "≥"
		}
		check := screen.Check{Name: c.Name, Pass: c.Pass, Figure: figure(c.Figure), Bound: side + " " + figure(c.Bound)}
		if r.detail || !c.Pass {
			check.Note = c.Note
		}
		checks = append(checks, check)
	}
	if r.given != nil {
		r.screen.Heading("Verdict: given against counted")
	} else {
		r.screen.Heading("Verdict: learned against counted")
	}
	r.screen.Verdict(checks)
}

// rows lists the masks row by row.
func (r report) rows() {
	t := screen.Table{Columns: []screen.Column{{Title: "current"}, {Title: "counted"}, {Title: "learned"}, {Title: "status"}}}
	vocab := r.e.Corpus.Vocab
	for i, row := range r.outcome.Rows {
		t.Rows = append(t.Rows, []string{vocab.Text(row.Word), words(vocab, row.Counted), words(vocab, row.Learned), string(row.Status)})
		if row.Status == train.Missing || row.Status == train.Spurious {
			t.Strong = append(t.Strong, i)
		}
	}
	r.screen.Heading("Masks, row by row")
	r.screen.Table(t)
}

// next proposes what to do with the run.
func (r report) next() {
	word, context := r.telling()
	var b strings.Builder
	fmt.Fprintf(&b, "Look further: qk lookup %s", shellWord(word))
	if context != "" {
		fmt.Fprintf(&b, "  ·  qk vote %s", shellWord(context))
	}
	b.WriteString("  ·  qk check")
	r.screen.Gap()
	r.screen.Aside(b.String())
}

// shellWord quotes a text for a shell where it has to be: in double quotes, or in
// single ones if it holds what a shell would act on in double ones.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	switch {
	case s != "" && s[0] != '-' && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	case !strings.ContainsAny(s, "\\\"$`!"):
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func words(v *data.Vocabulary, ws []data.Word) string {
	if len(ws) == 0 {
		return "–"
	}
	return strings.Join(v.Texts(ws), " ")
}

// figure formats a number of a check: whole numbers as such, others to six
// digits after the point, tiny ones with an exponent.
func figure(x float64) string {
	switch {
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return fmt.Sprintf("%.0f", x)
	case math.Abs(x) < 1e-4:
		return fmt.Sprintf("%.2e", x)
	}
	return fmt.Sprintf("%.6f", x)
}

// corpusName is how the texts of a run are called.
func corpusName(corpus train.CorpusNames) string {
	names := corpus.Names()
	for i, name := range names {
		names[i] = text.DisplayName(name)
	}
	return strings.Join(names, ", ")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func notANumber() float64 { return math.NaN() }

// sentence makes a sentence of a clause.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// graphOf says how a run computes.
func graphOf(c train.Config) string {
	if c.Graph == train.Plain {
		return string(c.Graph)
	}
	return fmt.Sprintf("%s, %s", c.Graph, c.Precision)
}
