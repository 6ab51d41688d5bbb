package train

import (
	"math"
	"slices"
	"sync"

	"qk/data"
)

// RuleWorth is what a rule is worth over some positions.
type RuleWorth struct {
	N uint64 // the positions with u before w
	// Saves is by how much the loss of the positions would rise without the rule, in
	// nats in all: TakenAway of a raised word; of a lowered one, the rise were its
	// score neutral. Below zero the rule does harm.
	Saves float64
	// TakenAway is by how much the loss of the positions would rise if u had no
	// attention, S[w,u] = −∞, everything else being as it was learned.
	TakenAway float64
}

// RowWorth is what the rules of one current word are worth over its positions, in
// nats in all.
type RowWorth struct {
	N     uint64  // positions of w
	Saves float64 // sum over all rules
	// Together is the rise of the loss if all raised words lost their attention at
	// once. It differs from the sum of what each alone saves: two words that say the
	// same can do without either, not without both.
	Together   float64
	Loss       float64 // with everything as learned
	Alone      float64 // when no word votes but those that have a rule
	FirstOrder float64 // of P(y|w)
}

// BookWorth is what all rules are worth over some positions: mean losses in nats,
// and how many rules of the words asked for do what.
type BookWorth struct {
	Positions  uint64
	Loss       float64 // as learned
	Alone      float64 // when no word votes but those that have a rule
	FirstOrder float64 // of P(y|w)
	Harmful    int     // rules that save less than nothing
	Unseen     int     // rules whose earlier word never comes before the current one
}

// rowReaders read votes in several goroutines.
type rowReaders struct{ free sync.Pool }

// newRowReaders returns nil for no voters.
func newRowReaders(v *data.Voters) *rowReaders {
	if v == nil {
		return nil
	}
	return &rowReaders{sync.Pool{New: func() any { return v.Reader() }}}
}

// read calls f with the votes at the positions of w.
func (r *rowReaders) read(w data.Word, f func(*data.RowVotes)) {
	reader, _ := r.free.Get().(*data.VoteReader)
	f(reader.Row(w))
	r.free.Put(reader)
}

// weigh computes what the rules save of the text that was learned from.
func (r *ruleRow) weigh(v *data.RowVotes) {
	row, rules := r.worth(v)
	r.row.RowWorth = row
	for i := range rules {
		r.rules[i].RuleWorth = rules[i]
	}
}

// weighHeldOut computes what they save of the sentences that were held out.
func (r *ruleRow) weighHeldOut(v *data.RowVotes) {
	row, rules := r.worth(v)
	r.row.HeldOut = &row
	for i, worth := range rules { // a rule that is dropped lets go of its worth
		r.rules[i].HeldOut = &worth
	}
}

// worth computes the losses of the row and what its rules save over some
// positions. A word without a rule, such as one that was never counted before w and
// votes by what it backs off to, keeps the attention that it has.
func (r *ruleRow) worth(v *data.RowVotes) (row RowWorth, rules []RuleWorth) {
	rules = make([]RuleWorth, len(r.rules))
	w := weigher{s: r.s, null: r.e.Config.Null, neutral: r.row.Neutral}
	ruled := make([]data.Word, len(r.rules))
	for i := range r.rules {
		ruled[i] = r.rules[i].Earlier
	}
	var ruleOf []int // of every earlier word, its rule, or −1
	votes := v.Votes
	for i, p := range v.Positions {
		w.look(p.Earlier, v.Base[i], votes[:len(p.Earlier)])
		votes = votes[len(p.Earlier):]
		ruleOf = appendRules(ruleOf[:0], ruled, p.Earlier)
		n := float64(p.N)
		row.N += p.N
		row.Loss += n * w.loss()
		row.FirstOrder -= n * math.Log(v.Base[i])
		row.Alone += n * w.lossOf(func(i int) bool { return ruleOf[i] >= 0 })
		row.Together += n * (w.lossOf(func(i int) bool {
			return ruleOf[i] < 0 || r.rules[ruleOf[i]].Kind != Raised
		}) - w.loss())
		for i, at := range ruleOf {
			if at < 0 {
				continue
			}
			rule := &rules[at]
			rule.N += p.N
			away := n * w.takenAway(i)
			rule.TakenAway += away
			if r.rules[at].Kind == Raised {
				rule.Saves += away
			} else {
				rule.Saves += n * w.madeNeutral(i)
			}
		}
	}
	for _, rule := range rules {
		row.Saves += rule.Saves
	}
	return row, rules
}

// appendRules appends the rule of every earlier word, or −1, given the words that
// have one, in ascending order.
func appendRules(rules []int, ruled, earlier []data.Word) []int {
	for _, u := range earlier {
		at, ok := slices.BinarySearch(ruled, u)
		if !ok {
			at = -1
		}
		rules = append(rules, at)
	}
	return rules
}

// adds is what a row adds to the book. Its losses are sums.
func (r *ruleRow) adds(wanted bool, minSave float64) Book {
	var rules []Rule
	if wanted {
		rules = r.rules
	}
	b := Book{Found: len(rules), BookWorth: r.row.adds()}
	if r.row.HeldOut != nil {
		held := r.row.HeldOut.adds()
		b.HeldOut = &held
	}
	for _, rule := range rules {
		if rule.Saves < minSave {
			b.Small++
		}
		b.BookWorth.count(rule.RuleWorth)
		if rule.HeldOut != nil {
			b.HeldOut.count(*rule.HeldOut)
		}
	}
	switch {
	case !wanted:
	case r.row.Status == Undetermined:
		b.Undetermined = 1
	case b.Found == 0:
		b.Flat = 1
	}
	return b
}

func (r RowWorth) adds() BookWorth {
	return BookWorth{Positions: r.N, Loss: r.Loss, Alone: r.Alone, FirstOrder: r.FirstOrder}
}

func (b *BookWorth) count(r RuleWorth) {
	switch {
	case r.N == 0:
		b.Unseen++
	case r.Saves < 0:
		b.Harmful++
	}
}

// newBook puts together what the rows add, in their order.
func newBook(e *Experiment, rows []Book) *Book {
	b := &Book{BookWorth: BookWorth{Positions: e.Counts.Total}}
	if e.heldOut != nil {
		b.HeldOut = &BookWorth{Positions: e.heldOut.Total}
	}
	for _, r := range rows {
		b.Found += r.Found
		b.Small += r.Small
		b.Undetermined += r.Undetermined
		b.Flat += r.Flat
		b.BookWorth.add(r.BookWorth)
		if b.HeldOut != nil {
			b.HeldOut.add(*r.HeldOut)
		}
	}
	if e.Smoothing == nil {
		b.FirstOrder = data.FirstOrder(e.Counts) // in the report's own digits
	}
	return b
}

// add adds a row's sums to the means.
func (b *BookWorth) add(r BookWorth) {
	total := float64(b.Positions)
	b.Loss += r.Loss / total
	b.Alone += r.Alone / total
	b.FirstOrder += r.FirstOrder / total
	b.Harmful += r.Harmful
	b.Unseen += r.Unseen
}
