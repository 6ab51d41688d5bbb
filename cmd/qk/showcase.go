package main

import (
	"math"
	"slices"

	"qk/data"
	"qk/train"
)

// showcase looks for the position of the text at which the learned mask gains most
// over the vote of all, preferring one at which all vote for a wrong word, while
// the rows of scores go by.
type showcase struct {
	e       *train.Experiment
	unknown data.Word // −1 if every word is known

	most     float64 // gain so far; 0 while there is no position
	position data.Position
	scores   []float64 // [V] of the row of position
}

func newShowcase(e *train.Experiment) *showcase {
	unknown, known := e.Corpus.Vocab.Lookup(data.Unknown)
	if !known {
		unknown = -1
	}
	return &showcase{e: e, unknown: unknown}
}

// look takes the scores of row w [V].
func (x *showcase) look(w data.Word, s []float64) {
	if w == x.unknown || len(x.e.Masks.Rows[w].Support()) == 0 {
		return
	}
	before := x.most
	for _, p := range x.e.Counts.PositionsOf(w) {
		if len(p.Earlier) < 2 || p.Next == x.unknown {
			continue
		}
		vs := voters(x.e, train.RowAgreement{Word: w}, s, p.Earlier) // all, and learned
		gain := float64(p.N) * math.Log(x.e.ShareOf(p, vs[2].Weighing)/x.e.ShareOf(p, vs[0].Weighing))
		if 2*gain > x.most && !wins(x.e, p, vs[0]) {
			gain *= 2
		}
		if gain > x.most {
			x.position, x.most = p, gain
		}
	}
	if x.most > before {
		x.scores = slices.Clone(s)
	}
}

// text returns the words up to the position that was found, and whether there is
// one.
func (x *showcase) text() ([]string, bool) {
	if x.most == 0 {
		return nil, false
	}
	words, ok := x.e.Counts.Sentence(x.position)
	return x.e.Corpus.Vocab.Texts(words), ok
}

// wins tells whether no word gets more votes than a position's next word.
func wins(e *train.Experiment, p data.Position, v voter) bool {
	votes, _ := e.Counts.Votes(p.Current, p.Earlier, v.Weight, v.Null)
	for _, vote := range votes {
		if vote.Word == p.Next {
			return vote.Share >= votes[0].Share
		}
	}
	return false
}
