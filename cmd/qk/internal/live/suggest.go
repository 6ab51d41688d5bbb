package live

import (
	"math"
	"slices"
	"strings"

	"qk/data"
	"qk/data/text"
	"qk/train"
)

// suggestion is the beginning of a sentence of the text that is worth looking at: one
// after which the counted mask tells the next word much better than the vote of all.
func suggestion(e *train.Experiment) string {
	if e.Config.Table() {
		return firstWord(e)
	}
	most, found := -1.0, data.Position{}
	unknown, known := e.Corpus.Vocab.Lookup(data.Unknown)
	for w := range e.Counts.V() {
		word := data.Word(w)
		row := countedSet(e, word)
		if len(row.Counted) == 0 || known && word == unknown {
			continue
		}
		for _, p := range e.Counts.PositionsOf(word) {
			v := e.WeighingsOf(row, nil, nil)
			gain := float64(p.N) * math.Log(e.ShareOf(p, v.Counted)/e.ShareOf(p, v.All))
			if known && (p.Next == unknown || slices.Contains(p.Earlier, unknown)) { // it could not be typed
				continue
			}
			if len(p.Earlier) > 0 && len(p.Earlier) < maxSentence && gain > most {
				most, found = gain, p
			}
		}
	}
	if words, ok := e.Counts.Sentence(found); most >= 0 && ok && len(words) < maxSentence {
		return spoken(e, words)
	}
	return firstWord(e)
}

// firstWord is the most frequent word that another follows, of those that can be typed if
// there are any.
func firstWord(e *train.Experiment) string {
	best, most := data.Word(0), uint64(0)
	for w, row := range e.Counts.Transitions {
		word := data.Word(w)
		if row.Total > most && word != e.Corpus.Boundary && e.Corpus.Vocab.Text(word) != data.Unknown {
			best, most = word, row.Total
		}
	}
	return spoken(e, []data.Word{best})
}

// spoken joins words as they would be typed.
func spoken(e *train.Experiment, words []data.Word) string {
	separator := " "
	if e.Config.Tokens == text.Chars {
		separator = ""
	}
	return strings.Join(e.Corpus.Vocab.Texts(words), separator)
}
