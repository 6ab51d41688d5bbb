package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"
	"unicode"

	"qk/data"
	"qk/data/text"
	"qk/train"
)

// codeLanguage is a language in which rules can be written; "" for none.
type codeLanguage string

const (
	goCode     codeLanguage = "go"
	pythonCode codeLanguage = "python"
)

func codeLanguages() []string { return []string{string(goCode), string(pythonCode)} }

// check refuses a language that there is no code in.
func (c codeLanguage) check() error {
	known := codeLanguages()
	if slices.Contains(known, string(c)) {
		return nil
	}
	why := "use one of " + strings.Join(known, ", ")
	if near := text.Nearest(string(c), known, 1); len(near) > 0 {
		why = fmt.Sprintf("did you mean %s? %s", near[0], why)
	}
	value := string(c)
	if value == "" {
		value = `""`
	}
	return &train.FlagError{Flag: "code", Value: value, Why: why}
}

// codeFile is what the templates of code are about. Every text in it is quoted.
type codeFile struct {
	Run, Corpus              string
	Context                  int
	Null                     bool
	Rules                    int
	FirstOrder, All, Learned float64
	Complete                 bool // no rule is left out
	Words                    []codeWord
	Rest                     []codeWord     // current words without a rule
	Smoothed                 *codeSmoothing // nil where votes are the counts' own shares
}

type codeWord struct {
	Word  string
	N     uint64
	Next  []codeNext // c1(w,·)
	Rules []codeRule
}

type codeRule struct {
	Earlier  string
	Score    string
	Next     []codeNext // c2(u,w,·)
	Comments []string
}

type codeNext struct {
	Word string
	N    uint64
}

// writeCode prints the rules as a function.
func (a *app) writeCode(c codeLanguage, f codeFile) error {
	var source bytes.Buffer
	t := goRules()
	if c == pythonCode {
		t = pythonRules()
	}
	if err := t.Execute(&source, f); err != nil {
		return fmt.Errorf("write the rules as %s: %w", c, err)
	}
	out := source.Bytes()
	if c == goCode {
		var err error
		if out, err = format.Source(out); err != nil {
			return fmt.Errorf("write the rules as %s: %w", c, err)
		}
	}
	if _, err := a.stdout.Write(out); err != nil {
		return fmt.Errorf("write the rules as %s: %w", c, err)
	}
	return nil
}

// newCodeFile gathers what is written as code: the rules, and what follows the
// current words that have none, of those chosen or, if there are none, of all.
func newCodeFile(l *loaded, b *train.Book, chosen []data.Word) codeFile {
	counts, vocab := l.e.Counts, l.e.Corpus.Vocab
	f := codeFile{
		Run: quoteCode(l.dir.Path), Corpus: quoteCode(corpusName(l.e.Config.Corpus)), Context: counts.Context, Null: l.e.Config.Null,
		Rules: b.Shown, FirstOrder: b.FirstOrder, All: b.Alone, Learned: b.Loss, Complete: b.Shown == b.Found && chosen == nil,
	}
	ruled := make([]bool, counts.V())
	for _, row := range b.Rows {
		ruled[row.Word] = true
		w := codeWord{Word: quoteCode(vocab.Text(row.Word)), N: row.N, Next: codeCounts(vocab, counts.Transitions[row.Word])}
		for _, r := range row.Rules {
			pair, _ := counts.Pair(row.Word, r.Earlier)
			w.Rules = append(w.Rules, codeRule{
				Earlier: quoteCode(vocab.Text(r.Earlier)), Score: fmt.Sprint(r.Score),
				Next: codeCounts(vocab, pair), Comments: codeComments(vocab, r),
			})
		}
		f.Words = append(f.Words, w)
	}
	if l.e.Smoothing != nil {
		f.Smoothed = newCodeSmoothing(l, b)
	}
	for w, row := range counts.Transitions {
		known := row.Total > 0 || f.Smoothed != nil // what was smoothed has an answer to every word
		if known && !ruled[w] && (chosen == nil || slices.Contains(chosen, data.Word(w))) {
			f.Rest = append(f.Rest, codeWord{Word: quoteCode(vocab.Text(data.Word(w))), N: row.Total, Next: codeCounts(vocab, row)})
		}
	}
	return f
}

// codeCounts lists the counts of a row, the most frequent first.
func codeCounts(vocab *data.Vocabulary, row data.Row) []codeNext {
	next := make([]codeNext, len(row.Cells))
	for i, c := range row.Cells {
		next[i] = codeNext{quoteCode(vocab.Text(c.Word)), c.N}
	}
	slices.SortStableFunc(next, func(a, b codeNext) int { return cmp.Compare(b.N, a.N) })
	return next
}

// codeComments gives the reason of a rule, one line each.
func codeComments(vocab *data.Vocabulary, r train.Rule) []string {
	list := func(next []train.NextWord, more int) string {
		var parts []string
		for _, n := range next {
			parts = append(parts, fmt.Sprintf("%s %.1f%%", quoteCode(vocab.Text(n.Word)), 100*n.P))
		}
		if more > 0 {
			parts = append(parts, fmt.Sprintf("%d more", more))
		}
		return strings.Join(parts, ", ")
	}
	without := "never seen"
	if len(r.Without) > 0 {
		without = list(r.Without, r.OtherMore)
	}
	saves, smoothed := fmt.Sprintf("%.4f nats", r.Saves), ""
	if r.HeldOut != nil {
		saves += fmt.Sprintf(", of what was held out %.4f (%s)", r.HeldOut.Saves, countOf(int(r.HeldOut.N), "time"))
		smoothed = " (smoothed)"
	}
	return []string{
		fmt.Sprintf("%s is %s: it saves %s.", quoteCode(vocab.Text(r.Earlier)), r.Kind, saves),
		"With it:    " + list(r.With, r.WithMore),
		"Without it: " + without,
		fmt.Sprintf("Seen %s, tells %.4f nats%s, chance %.2g.", countOf(int(r.Seen.N), "time"), r.Seen.Divergence, smoothed, r.Seen.P),
	}
}

// quoteCode writes a text as a literal that means the same in Go and in Python,
// and stands in one line of a comment as well. Quotes, backslashes and what cannot
// be printed are escaped; so are letters that are written from right to left, as
// they would turn the code around them, and a mark that would stand on the quote.
func quoteCode(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r) && !rightToLeft(r) && !(i == 0 && unicode.Is(unicode.M, r)):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// rightToLeft tells whether a character stands in a block of Unicode whose
// characters are written from right to left, by the defaults at the head of
// DerivedBidiClass.txt.
func rightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
		r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}

// String, Set and Type make the language a flag. What is typed is checked later.
func (c *codeLanguage) String() string { return string(*c) }

// Set takes what is typed.
func (c *codeLanguage) Set(s string) error { *c = codeLanguage(s); return nil }

// Type names the kind of value in the help.
func (c *codeLanguage) Type() string { return "name" }

func parseTemplate(name, source string) *template.Template {
	return template.Must(template.New(name).Parse(source))
}
