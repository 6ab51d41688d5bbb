package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"qk/cmd/qk/internal/picture"
	"qk/data"
	"qk/train"
)

// topWords is how many words a picture of masks shows at most, if nothing is said.
const topWords = 24

// errNothingTold says that there is no mask to draw.
var errNothingTold = errors.New("the text says nothing about any row, so there is no mask to draw")

// plotMasks draws the masks of a run.
func (a *app) plotMasks(args []string, o plotOptions) (picture.Figure, error) {
	name, err := oneRun(args)
	if err != nil {
		return nil, err
	}
	l, err := a.load(name)
	if err != nil {
		return nil, err
	}
	return l.masksFigure(o.top)
}

// oneRun is the only name there may be, "" for none.
func oneRun(args []string) (string, error) {
	switch len(args) {
	case 0:
		return "", nil
	case 1:
		return args[0], nil
	}
	return "", fmt.Errorf("this picture is of one run, not of %d: name one", len(args))
}

// masksFigure is the picture of the counted and the learned mask of a run, or of its
// tables, of at most so many words, or [topWords].
func (l *loaded) masksFigure(top int) (*picture.Masks, error) {
	f, err := l.masksOf(filepath.Base(l.dir.Path), top)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", l.dir.Path, err)
	}
	return f, nil
}

// masksOf is [loaded.masksFigure] under another name.
func (l *loaded) masksOf(name string, top int) (*picture.Masks, error) {
	if top == 0 {
		top = topWords
	}
	table := l.e.Config.Table()
	rows, all := l.e.TellingRows(top)
	if len(rows) == 0 {
		return nil, errNothingTold
	}
	counted, learned := make([][]float64, len(rows)), make([][]float64, len(rows))
	var agreed []train.RowAgreement
	weights := make([]float64, l.e.Counts.V()) // of the columns
	for i, w := range rows {
		_, row, agreement, err := l.row(w)
		if err != nil {
			return nil, err
		}
		agreed = append(agreed, agreement)
		counted[i], learned[i] = l.e.CountedRow(w), clamp(row.Attention)
		for u := range weights {
			weights[u] += columnWeight(counted[i][u], learned[i][u])
		}
		for _, u := range append(agreement.Counted, agreement.Learned...) {
			weights[u]++
		}
	}
	columns := train.Heaviest(weights, top)
	f := &picture.Masks{
		Heading:  fmt.Sprintf("Counted and learned masks of %s", name),
		RowTitle: "current word", ColumnTitle: "earlier word", Top: 1,
		Counted: picture.Matrix{Title: "counted mask"}, Learned: picture.Matrix{Title: "learned mask"},
	}
	if table {
		f.Heading = fmt.Sprintf("Counted and learned table of %s", name)
		f.ColumnTitle, f.Counted.Title, f.Learned.Title = "next word", "counted P(y|w)", "learned"
		f.Top = 0
	}
	vocab := l.e.Corpus.Vocab
	for _, u := range columns {
		f.Columns = append(f.Columns, vocab.Text(data.Word(u)))
	}
	for i, w := range rows {
		f.Rows = append(f.Rows, vocab.Text(w))
		c, k := take(counted[i], columns), take(learned[i], columns)
		f.Counted.Values, f.Learned.Values = append(f.Counted.Values, c), append(f.Learned.Values, k)
		f.Difference = append(f.Difference, difference(c, k, !l.e.Config.Null && !table))
		if table {
			f.Top = max(f.Top, highest(c), highest(k))
			continue
		}
		f.Counted.Marks = append(f.Counted.Marks, members(agreed[i].Counted, columns))
		f.Learned.Marks = append(f.Learned.Marks, members(agreed[i].Learned, columns))
	}
	f.Note = masksNote(len(rows), all, len(columns), l.e.Counts.V(), table)
	return f, nil
}

// masksNote says what is left out, and what dots mean.
func masksNote(rows, allRows, columns, V int, table bool) string {
	note := ""
	if rows < allRows || columns < V {
		note = fmt.Sprintf("The %d of %d rows and %d of %d columns that tell most. ", rows, allRows, columns, V)
	}
	if table {
		return note + "White is 0."
	}
	return note + "Orange: in the row's set. Grey dot: not determined by the data."
}

// columnWeight is how much a cell speaks for showing its column; one that is
// determined speaks a little even at zero.
func columnWeight(counted, learned float64) float64 {
	weight := 0.0
	for _, x := range []float64{counted, learned} {
		if !math.IsNaN(x) {
			weight += x + 1e-6
		}
	}
	return weight
}

// difference is learned less counted. As shares of the most of the row, attention
// that adds up to 1 can be held against what each word tells.
func difference(counted, learned []float64, shares bool) []float64 {
	scale := 1.0
	if most := highest(learned); shares && most > 0 {
		scale = 1 / most
	}
	out := make([]float64, len(counted))
	for i := range out {
		out[i] = learned[i]*scale - counted[i]
	}
	return out
}

func highest(xs []float64) float64 {
	most := 0.0
	for _, x := range xs {
		if x > most {
			most = x
		}
	}
	return most
}

func take(xs []float64, which []int) []float64 {
	out := make([]float64, len(which))
	for i, k := range which {
		out[i] = xs[k]
	}
	return out
}

// members tells which of the columns are in a set.
func members(set []data.Word, columns []int) []bool {
	in := map[int]bool{}
	for _, u := range set {
		in[int(u)] = true
	}
	out := make([]bool, len(columns))
	for i, u := range columns {
		out[i] = in[u]
	}
	return out
}
