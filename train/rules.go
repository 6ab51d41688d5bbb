package train

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"qk/data"
	"qk/graph"
)

// Kind says what a rule does to the attention of an earlier word.
type Kind string

// The kinds of rules.
const (
	// Raised is a word of the row's learned set, see [LearnRow].
	Raised Kind = "raised"
	// Lowered is a word outside the learned set that tells something all the same,
	// see [data.Informs], and has a score clearly below the neutral one, see
	// [RowRules]. Words that tell nothing vote as the null slot does, so that
	// lowering them says nothing about them.
	Lowered Kind = "lowered"
)

// Reasons is how many next words a rule lists as its reason, on either side.
const Reasons = 3

// ErrNoRules says that what a run learned is not about earlier words that vote.
var ErrNoRules = errors.New("rules are what the task predict learns about earlier words, and this is a run of the task recall: `qk lookup` shows its rows")

// Rule is what was learned about one earlier word u of a current word w, why, and
// what it is worth.
type Rule struct {
	Earlier   data.Word
	Kind      Kind
	Score     float64        // S[w,u]
	Attention float64        // as in [LearnedRow]
	Counted   bool           // u is in the counted set of the row, see [RowAgreement]
	Seen      data.Candidate // what the counts say of u before w
	Twins     []data.Word    // the other words of its class, which come before w wherever u does
	With      []NextWord     // the most frequent next words where u came earlier, P(y|u,w)
	Without   []NextWord     // and where it did not, P(y|w, not u); empty if u always did
	WithMore  int            // how many next words With leaves out
	OtherMore int            // how many Without leaves out

	// RuleWorth is over the text that was learned from, with the votes that it was
	// learned from: those of leave-one-out where sentences are held out.
	RuleWorth
	HeldOut *RuleWorth // over the sentences that were held out; nil without any
}

// NextWord is a next word with its probability.
type NextWord struct {
	Word data.Word
	P    float64
}

// RowRules is what was learned about the earlier words of one current word.
//
// The neutral score, to which the words are compared, is the 0 of the null slot;
// without it, the middle of the row's scores. A word is lowered when its score is
// below that by [FlatRange], or without the null slot, whose middle is half a
// range from either end, by half of it.
type RowRules struct {
	RowAgreement
	Neutral  float64 // the neutral score
	Rules    []Rule  // those asked for, by what they save, then by word
	Raised   int     // how many rules of either kind there are, shown or not
	Lowered  int
	Others   int       // further words whose scores the data determine
	RowWorth           // over the text that was learned from, see [Rule]
	HeldOut  *RowWorth // over the sentences that were held out; nil without any
}

// RuleOptions says which rules are wanted.
type RuleOptions struct {
	Wanted  func(w data.Word) bool // which current words; nil for all. It is called from several goroutines at a time
	Top     int                    // so many at most, those that save most; 0 for all
	MinSave float64                // and no rule that saves less, in nats over the text
}

// Book is what a run has learned, as rules.
type Book struct {
	Rows         []RowRules // rows with rules that were asked for, by what they save, then by word
	Shown        int        // rules in Rows
	Found        int        // rules of the words asked for
	Small        int        // of these, how many save less than was asked for
	Undetermined int        // rows of the words asked for of which the text says nothing
	Flat         int        // and those without any rule
	BookWorth               // over the text that was learned from, see [Rule]
	HeldOut      *BookWorth // over the sentences that were held out; nil without any
}

// Rules reads the rules off learned scores S [V,V], which are seen one row at a
// time. Rules are ordered and left out by what they save of the text that was
// learned from: few positions are held out, and most rules have no place there. The
// error of a run of recall wraps [ErrNoRules].
func Rules(e *Experiment, scores Scores, o RuleOptions) (*Book, error) {
	if e.Config.Task != graph.Predict {
		return nil, ErrNoRules
	}
	wanted := o.Wanted
	if wanted == nil {
		wanted = func(data.Word) bool { return true }
	}
	V := e.Counts.V()
	rows, broken := make([]RowRules, V), make([]error, V)
	books := make([]Book, V) // what each row adds to the book
	training, heldOut := newRowReaders(e.Voters()), newRowReaders(e.heldOut)
	err := eachRow(scores, V, e.Workers, func(w data.Word, s, attention []float64) {
		for _, x := range s {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				broken[w] = fmt.Errorf("the scores of %q hold %g: the weights are damaged, so train anew", e.Corpus.Vocab.Text(w), x)
				return
			}
		}
		r := newRuleRow(e, learnRow(e, w, s, attention), s)
		training.read(w, r.weigh)
		if heldOut != nil {
			heldOut.read(w, r.weighHeldOut)
		}
		rows[w] = r.row
		books[w] = r.adds(wanted(w), o.MinSave)
		if wanted(w) {
			rows[w].Rules = r.pick(o)
		}
	})
	for _, e := range append(broken, err) {
		if e != nil {
			return nil, e
		}
	}
	b := newBook(e, books)
	b.keep(rows, o.Top)
	return b, nil
}

// keep puts the rows that have rules in order, with no more rules than top.
func (b *Book) keep(rows []RowRules, top int) {
	var all []float64
	for _, r := range rows {
		for _, rule := range r.Rules {
			all = append(all, rule.Saves)
		}
	}
	least, equal := math.Inf(-1), len(all) // rules at least so good, and how many of just that
	if top > 0 && len(all) > top {
		slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
		least = all[top-1]
		equal = top - slices.Index(all, least)
	}
	for _, r := range rows {
		r.Rules = slices.DeleteFunc(r.Rules, func(rule Rule) bool {
			if rule.Saves == least {
				equal--
				return equal < 0
			}
			return rule.Saves < least
		})
		if len(r.Rules) > 0 {
			b.Rows = append(b.Rows, r)
			b.Shown += len(r.Rules)
		}
	}
	slices.SortStableFunc(b.Rows, func(a, b RowRules) int { return cmp.Compare(b.Saves, a.Saves) })
}
