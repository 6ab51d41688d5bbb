package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/data/text"
	"qk/graph"
	"qk/train"
	"qk/train/matrix"
)

// givenFlags are the flags of matrices that another program wrote.
type givenFlags struct{ q, k, scores, vocab string }

// add adds them, and those that say against what they are held.
func (g *givenFlags) add(cmd *cobra.Command, c *train.Config) {
	f := cmd.Flags()
	f.StringVar(&g.q, "q", "", "instead of a run: the queries, FILE or FILE:NAME, .npy, .npz or .safetensors (default NAME W_Q, or Q)")
	f.StringVar(&g.k, "k", "", "with --q: the keys (default NAME W_K, or K)")
	f.StringVar(&g.scores, "scores", "", "instead of --q and --k: the scores S, a row for each current word and a column for each earlier one (default NAME S)")
	f.StringVar(&g.vocab, "vocab", "", "with matrices: the word of each row, one a line, or the vocabulary of a run or of a count")
	wordFlags(cmd, c)
	contextFlag(cmd, c)
	holdOutFlag(cmd, c)
	taskFlags(cmd, c)
	formFlags(cmd, c)
}

// check tells whether matrices are given, and whether what goes with them is.
func (g *givenFlags) check(f *pflag.FlagSet, args []string) (bool, error) {
	given := f.Changed("q") || f.Changed("k") || f.Changed("scores")
	if !given {
		for _, name := range []string{"vocab", "corpus", "tokens", "boundary", "keep-case", "punctuation", "context", "holdout", "task", "objective", "null", "scaled"} {
			if f.Changed(name) {
				return false, &train.FlagError{Flag: name, Value: shown(f.Lookup(name).Value.String()), Why: "a run keeps its own settings: leave this out, or give matrices with --q and --k"}
			}
		}
		return false, nil
	}
	for _, name := range []string{"q", "k", "scores", "vocab", "corpus"} {
		if f.Changed(name) && f.Lookup(name).Value.String() == "" {
			return false, &train.FlagError{Flag: name, Value: `""`, Why: "it is empty: give a file"}
		}
	}
	fail := func(flag, why string) (bool, error) {
		return false, &train.FlagError{Flag: flag, Value: shown(f.Lookup(flag).Value.String()), Why: why}
	}
	first := "q"
	switch {
	case f.Changed("scores"):
		first = "scores"
	case !f.Changed("q"):
		first = "k"
	}
	switch {
	case len(args) > 0:
		return fail(first, fmt.Sprintf("give matrices or the run %s, not both", args[0]))
	case f.Changed("scores") && (f.Changed("q") || f.Changed("k")):
		return fail("scores", "these are Q·Kᵀ already: leave out --q and --k")
	case f.Changed("q") && !f.Changed("k"):
		return fail("q", "the keys are missing: add --k, or give the scores with --scores")
	case f.Changed("k") && !f.Changed("q"):
		return fail("k", "the queries are missing: add --q, or give the scores with --scores")
	case f.Changed("scores") && f.Changed("scaled"):
		return fail("scores", "scores have no rank to scale them by: divide them yourself, or leave out --scaled")
	case !f.Changed("vocab"):
		return fail(first, "which word is which row? Add --vocab with the words, one a line")
	case !f.Changed("corpus"):
		return fail(first, "against which text? Add --corpus with it")
	}
	return true, nil
}

// read reads the matrices and the words.
func (g *givenFlags) read() (*train.Given, error) {
	words, err := readVocab(g.vocab)
	if err != nil {
		return nil, err
	}
	given := &train.Given{Words: words, List: shown(g.vocab)}
	if g.scores != "" {
		given.S, err = readMatrix("scores", g.scores, "S", "scores")
		return given, err
	}
	if given.Q, err = readMatrix("q", g.q, "W_Q", "Q"); err != nil {
		return nil, err
	}
	given.K, err = readMatrix("k", g.k, "W_K", "K")
	return given, err
}

// readMatrix reads FILE or FILE:NAME.
func readMatrix(flag, value string, usual ...string) (*train.GivenMatrix, error) {
	path, name := value, ""
	if at := strings.LastIndexByte(value, ':'); at > 0 && !exists(value) && exists(value[:at]) {
		path, name = value[:at], value[at+1:]
	}
	fail := func(err error) (*train.GivenMatrix, error) {
		return nil, fmt.Errorf("--%s %s: %w", flag, shown(value), err)
	}
	f, err := matrix.Open(path)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	i, err := f.Find(name, usual...)
	if err != nil {
		return fail(err)
	}
	m, err := f.Read(i)
	if err != nil {
		return fail(err)
	}
	if f.Names[i] != "" {
		path += ":" + f.Names[i]
	}
	return &train.GivenMatrix{Flag: flag, Name: shown(path), Dense: m}, nil
}

// checkGiven holds matrices against the counts of a text.
func (a *app) checkGiven(ctx context.Context, c train.Config, flags givenFlags, o checkOptions) error {
	g, err := flags.read()
	if err != nil {
		return err
	}
	if err := g.Validate(); err != nil {
		return err
	}
	if err := g.CheckCase(c); err != nil {
		return err
	}
	g.Configure(&c)
	sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
	if err != nil {
		return err
	}
	e, err := a.experimentOver(ctx, c, g.Words, sources)
	if err != nil {
		return err
	}
	if c.Task == graph.Recall && e.Corpus.Silent() >= 0 && e.Corpus.Unknown > 0 {
		return &train.FlagError{Flag: "vocab", Value: g.List, Why: fmt.Sprintf("%d of %d words of the text are not listed, and --task recall needs a column for each next word: add %s to the list, with its rows, or leave out --task recall", e.Corpus.Unknown, e.Corpus.Tokens, data.Unknown)}
	}
	w, err := g.Weights(e)
	if err != nil {
		return err
	}
	loss, err := e.Loss(w)
	if err != nil {
		return err
	}
	outcome, err := e.Judge(w, w, loss.Data)
	if err != nil {
		return err
	}
	var fitted *train.FittedScale
	if e.Smoothing == nil && !o.quiet {
		f, err := e.FitScale(w)
		if err != nil {
			return err
		}
		fitted = &f
	}
	doc := train.NewDocument(e, outcome, 0, "", 0)
	doc.Given = g.Record(e, fitted)
	return a.showCheck(o, doc, report{e: e, outcome: outcome, weights: w, given: doc.Given})
}

// matrices shows what is checked.
func (r report) matrices() {
	g, sum := r.given, r.e.Summary()
	r.screen.Heading("qk check: matrices from elsewhere against " + corpusName(r.e.Config.Corpus))
	var pairs []screen.Pair
	for _, m := range []struct {
		key    string
		source *train.SourceRecord
	}{{"Q", g.Q}, {"K", g.K}, {"S", g.Scores}} {
		if m.source != nil {
			pairs = append(pairs, screen.Pair{Key: m.key, Value: fmt.Sprintf("[%d,%d] %s, %s", m.source.Shape[0], m.source.Shape[1], m.source.DType, m.source.File)})
		}
	}
	pairs = append(pairs,
		screen.Pair{Key: "words", Value: fmt.Sprintf("%d, %s", g.Words, g.Vocabulary)},
		screen.Pair{Key: "positions", Value: fmt.Sprint(sum.Positions)})
	r.screen.Pairs(pairs)
	if sum.Unknown > 0 {
		note := fmt.Sprintf("%d of %d words of the text are not listed and count as %s", sum.Unknown, sum.Tokens, data.Unknown)
		if g.Silent {
			note += ", which has no row: as next words alone, outside the masks"
		}
		r.screen.Paragraph(note + ".")
	}
	if n := len(g.Never); n > 0 {
		r.screen.Paragraph(fmt.Sprintf("The text never has %d of the words, of which it says nothing: %s.", n, firstOf(g.Never, 6)))
	}
}

// firstOf lists the first of some words.
func firstOf(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}
