package main

import (
	"qk/data"
	"qk/train"
)

// rulesResult is what `qk rules --json` prints.
type rulesResult struct {
	Run       string     `json:"run"`
	Null      bool       `json:"null"`      // whether there is a null slot, of score 0
	Positions uint64     `json:"positions"` // N
	Lines     ruleLosses `json:"lines"`
	Found     int        `json:"found"`        // rules of the current words asked for
	Shown     int        `json:"shown"`        // of these, in words
	Small     int        `json:"small"`        // of those found, how many save less than --min-save
	Harmful   int        `json:"harmful"`      // and how many save less than nothing
	NotKnown  int        `json:"undetermined"` // current words of which the text says nothing
	Flat      int        `json:"flat"`         // current words without a rule
	HeldOut   *ruleTrial `json:"held_out"`     // null where no sentences are held out
	Words     []ruleRow  `json:"words"`        // those that save most first
}

// ruleTrial is what the rules are worth on the sentences that were held out. All
// figures outside it are then about the training text, each position told by the
// others.
type ruleTrial struct {
	Positions uint64     `json:"positions"`
	Lines     ruleLosses `json:"lines"`
	Harmful   int        `json:"harmful"` // rules that save less than nothing there
	Unseen    int        `json:"unseen"`  // rules that have no place there
	Kappa     data.Kappa `json:"kappa"`   // prior weights of the votes, and of what a word tells
}

// ruleLosses are mean losses of the whole text, in nats per position.
type ruleLosses struct {
	FirstOrder float64 `json:"first_order"` // P(y|w)
	Rules      float64 `json:"rules"`       // when no word votes but those that have a rule
	Learned    float64 `json:"learned"`
}

// ruleRow holds the rules of one current word. Losses are in nats over the text.
type ruleRow struct {
	Word     string       `json:"word"`
	N        uint64       `json:"n"`       // c1(w)
	Neutral  float64      `json:"neutral"` // the score that lowered words are held against
	Status   train.Status `json:"status"`
	Estimate bool         `json:"estimate"` // the exact best mask is not known
	Loss     float64      `json:"loss"`     // of its positions
	Saves    float64      `json:"saves"`    // sum over all rules of the word
	Together float64      `json:"together"` // what all raised words save together
	Raised   int          `json:"raised"`   // rules there are, shown or not
	Lowered  int          `json:"lowered"`
	Others   int          `json:"others"`   // earlier words that matter and have no rule
	HeldOut  *ruleRowHeld `json:"held_out"` // null where no sentences are held out
	Rules    []ruleEntry  `json:"rules"`    // those that save most first
}

// ruleRowHeld is what the rules of a current word are worth on what was held out.
type ruleRowHeld struct {
	N        uint64  `json:"n"` // positions of the word
	Loss     float64 `json:"loss"`
	Saves    float64 `json:"saves"`
	Together float64 `json:"together"`
}

// ruleHeld is what one rule is worth there.
type ruleHeld struct {
	N         uint64  `json:"n"` // positions with the earlier word
	Saves     float64 `json:"saves"`
	TakenAway float64 `json:"taken_away"`
}

// ruleEntry is one rule.
type ruleEntry struct {
	Earlier   string     `json:"earlier"`
	Kind      train.Kind `json:"kind"`
	Score     float64    `json:"score"`      // S[w,u]
	Attention float64    `json:"attention"`  // when it is alone, or without a null slot among all of the row
	Saves     float64    `json:"saves"`      // nats over the text
	SavesMean float64    `json:"saves_mean"` // nats per position of the current word
	TakenAway float64    `json:"taken_away"` // rise of the loss at the score −∞, nats over the text
	HeldOut   *ruleHeld  `json:"held_out"`   // null where no sentences are held out
	Counted   bool       `json:"counted"`    // in the counted set
	N         uint64     `json:"n"`          // c2(u,w)
	Tells     float64    `json:"tells"`      // KL(P(·|u,w) ‖ P(·|w)) in nats, of the smoothed votes where sentences are held out
	G         float64    `json:"g"`          // statistic of the G-test
	Degrees   int        `json:"degrees"`
	Chance    float64    `json:"chance"`
	Twins     []string   `json:"twins"` // words that come before w exactly where u does
	With      []ruleNext `json:"with"`  // most frequent next words where u came earlier
	Without   []ruleNext `json:"without"`
}

type ruleNext struct {
	Word string  `json:"word"`
	P    float64 `json:"p"`
}

// ruleDocument puts the rules into one document.
func ruleDocument(l *loaded, b *train.Book) *rulesResult {
	text := l.e.Corpus.Vocab.Text
	next := func(list []train.NextWord) []ruleNext {
		out := make([]ruleNext, len(list))
		for i, n := range list {
			out[i] = ruleNext{text(n.Word), n.P}
		}
		return out
	}
	d := &rulesResult{
		Run: l.dir.Path, Null: l.e.Config.Null, Positions: l.e.Counts.Total,
		Lines: ruleLosses{FirstOrder: b.FirstOrder, Rules: b.Alone, Learned: b.Loss},
		Found: b.Found, Shown: b.Shown, Small: b.Small, Harmful: b.Harmful, NotKnown: b.Undetermined, Flat: b.Flat, Words: []ruleRow{},
	}
	if h := b.HeldOut; h != nil {
		d.HeldOut = &ruleTrial{h.Positions, ruleLosses{FirstOrder: h.FirstOrder, Rules: h.Alone, Learned: h.Loss}, h.Harmful, h.Unseen, l.e.Smoothing.Kappa}
	}
	for _, row := range b.Rows {
		w := ruleRow{
			Word: text(row.Word), N: row.N, Neutral: row.Neutral, Status: row.Status, Estimate: row.Estimate, Loss: row.Loss,
			Saves: row.Saves, Together: row.Together, Raised: row.Raised, Lowered: row.Lowered, Others: row.Others,
		}
		if h := row.HeldOut; h != nil {
			w.HeldOut = &ruleRowHeld{h.N, h.Loss, h.Saves, h.Together}
		}
		for _, r := range row.Rules {
			var held *ruleHeld
			if h := r.HeldOut; h != nil {
				held = &ruleHeld{h.N, h.Saves, h.TakenAway}
			}
			w.Rules = append(w.Rules, ruleEntry{
				Earlier: text(r.Earlier), Kind: r.Kind, Score: r.Score, Attention: r.Attention,
				Saves: r.Saves, SavesMean: r.Saves / float64(row.N), TakenAway: r.TakenAway, HeldOut: held, Counted: r.Counted,
				N: r.Seen.N, Tells: r.Seen.Divergence, G: r.Seen.G, Degrees: r.Seen.Degrees, Chance: r.Seen.P,
				Twins: l.e.Corpus.Vocab.Texts(r.Twins), With: next(r.With), Without: next(r.Without),
			})
		}
		d.Words = append(d.Words, w)
	}
	return d
}
