package main

import (
	"fmt"

	"qk/data"
	"qk/train"
)

// codeSmoothing is what written rules take to smooth their votes, and how they do
// on the sentences that were held out.
type codeSmoothing struct {
	FirstOrder, All, Learned float64    // losses of what was held out
	Uniform, After, Pair     string     // κ₀, κ₁ and κ₂
	Total                    uint64     // N
	Counts                   []codeNext // c(y) of every word
	Unknown                  string     // the word that stands for those that were not counted, or ""
}

func newCodeSmoothing(l *loaded, b *train.Book) *codeSmoothing {
	kappa, counts := l.e.Smoothing.Kappa, data.Row{}
	for y, n := range l.e.Smoothing.Next() {
		counts.Cells = append(counts.Cells, data.Cell{Word: data.Word(y), N: n})
	}
	s := &codeSmoothing{
		FirstOrder: b.HeldOut.FirstOrder, All: b.HeldOut.Alone, Learned: b.HeldOut.Loss,
		Uniform: fmt.Sprint(kappa.Uniform), After: fmt.Sprint(kappa.Next), Pair: fmt.Sprint(kappa.Pair),
		Total: l.e.Counts.Total, Counts: codeCounts(l.e.Corpus.Vocab, counts),
	}
	if unknown, ok := l.unknown(); ok {
		s.Unknown = quoteCode(l.e.Corpus.Vocab.Text(unknown))
	}
	return s
}
