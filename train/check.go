package train

import (
	"fmt"
	"math"
	"strings"

	"qk/data"
	"qk/graph"
)

// CheckItem is one verdict with the figure and the bound that it rests on.
type CheckItem struct {
	Name   string  `json:"name"`
	Figure float64 `json:"figure"`
	Bound  float64 `json:"bound"`
	// AtLeast tells on which side of the bound the figure has to be.
	AtLeast bool   `json:"at_least"`
	Pass    bool   `json:"pass"`
	Note    string `json:"note"`
}

// The bounds of the checks.
const (
	// GainShare is the least share of what the best mask gains over first order
	// that the learned masks have to gain.
	GainShare = 0.95
	// RecallExcess is the most by which recall with cross-entropy may stay above
	// the conditional entropy, in nats per position.
	RecallExcess = 1e-3
	// SquaredExcess is the most by which ‖S−T‖² may stay above the Eckart–Young
	// floor, or the upper end of the interval that holds it, as a share of ‖T‖².
	SquaredExcess = 1e-3
	// LogisticLoss is the most loss that recall of the binary mask may leave, in
	// nats per cell: a probability of 0.95 for the right answer.
	LogisticLoss = 0.05
	// RankAgreement is the least mean Somers' D between the learned scores and
	// the graded mask. Where three standard errors of scores that have no bearing
	// on the mask come to less, that is enough.
	RankAgreement = 0.5
	// Slack is how far below a floor a loss may come out by rounding.
	Slack = 1e-9
)

// Outcome is the result of a check: everything that was compared.
type Outcome struct {
	Ladder data.Ladder
	Loss   float64 // the data loss alone, of the training part if some is held out
	// HeldOut is nil where nothing is held out.
	HeldOut *HeldOut
	Rows    []RowAgreement // [V], by current word
	Checks  []CheckItem
	Pass    bool
}

// Check holds learned scores S [V,V] and the loss that belongs to them against
// the counts. The scores are seen one row at a time.
//
// Where sentences are held out it cannot say how they do: see [Experiment.Judge].
func Check(e *Experiment, scores Scores, loss float64) (*Outcome, error) {
	if e.Smoothing != nil {
		return nil, fmt.Errorf("train: sentences are held out, on which weights have to be measured: use Judge")
	}
	return check(e, scores, loss, nil)
}

func check(e *Experiment, scores Scores, loss float64, held *HeldOut) (*Outcome, error) {
	ladder, err := e.Ladder()
	if err != nil {
		return nil, err
	}
	c := checker{e: e, o: &Outcome{Ladder: ladder, Loss: loss, HeldOut: held}}
	if err := c.compare(scores); err != nil {
		return nil, err
	}
	switch {
	case held != nil:
		c.heldOut()
	case e.Config.Task == graph.Predict:
		c.predict()
	case e.Config.Objective == graph.Squared:
		c.squared()
	case e.Config.Objective == graph.Logistic:
		c.logistic()
	default:
		c.entropy()
	}
	c.o.Pass = true
	for _, item := range c.o.Checks {
		c.o.Pass = c.o.Pass && item.Pass
	}
	return c.o, nil
}

// checker gathers the items of one check.
type checker struct {
	e     *Experiment
	o     *Outcome
	ranks []rowRank // [V], nil for a table
}

func (c *checker) atMost(name string, figure, bound float64, note string) {
	c.o.Checks = append(c.o.Checks, CheckItem{Name: name, Figure: figure, Bound: bound, Pass: figure <= bound, Note: note})
}

func (c *checker) atLeast(name string, figure, bound float64, note string) {
	c.o.Checks = append(c.o.Checks, CheckItem{Name: name, Figure: figure, Bound: bound, AtLeast: true, Pass: figure >= bound, Note: note})
}

func (c *checker) predict() {
	l := c.o.Ladder
	c.atLeast("loss is not below the floor", c.o.Loss, *l.Floor-Slack,
		"no attention over these votes can do better, so less would be an error in the program")
	c.gain()
	c.rows()
	c.order()
}

// gain compares the loss with the reference lines: with the best mask where it
// is known, else with first order and all votes. Without the null slot attention
// cannot fall back on P(y|w) as these lines do, so where the floor of that form
// is above a line, the floor takes its place.
func (c *checker) gain() {
	l := c.o.Ladder
	first, all, floor := *l.FirstOrder, *l.AllVotes, *l.Floor
	best := math.Inf(1)
	if l.BestMask != nil {
		best = max(*l.BestMask, floor)
	}
	switch {
	case floor-first > Slack:
		c.atMost("loss against all votes", c.o.Loss, all+Slack,
			fmt.Sprintf("first order, %.6f, is out of reach without the null slot, whose vote it is", first))
	case first-floor <= Slack:
		note := "first order is at the floor already: no earlier word can help, so there is nothing to gain"
		if first-data.ContextEntropy(c.e.Counts) > Slack {
			note = "first order is at the floor already: the earlier words help only several together, which is outside what a mask of single words can express"
		}
		c.atMost("loss of first order is kept", c.o.Loss, first+Slack, note)
	case first-best > Slack:
		c.atLeast("share of the best mask's gain", (first-c.o.Loss)/(first-best), GainShare,
			fmt.Sprintf("the best mask takes the loss from %.6f (first order) to %.6f nats", first, best))
	default:
		c.atMost("loss against first order", c.o.Loss, first, "P(y|w) alone")
		if first-all > Slack {
			c.atLeast("share of all votes' gain", (first-c.o.Loss)/(first-all), GainShare,
				fmt.Sprintf("with every earlier word voting the loss falls from %.6f (first order) to %.6f nats", first, all))
		}
	}
}

// rows turns the agreement of the rows into checks. Rows too large for the
// exhaustive search are no part of the first: their counted set is an estimate.
func (c *checker) rows() {
	var counted, exact, estimates int
	var missing, spurious []string
	for _, r := range c.o.Rows {
		spuriousHere := r.Status == Spurious
		if r.Estimate && len(c.e.Masks.Rows[r.Word].Support()) > 0 {
			estimates++
			if lit := c.e.Uninformative(r); len(lit) > 0 {
				spurious = append(spurious, c.describe(r.Word, lit))
			}
			continue
		}
		switch {
		case r.Status == Exact, r.Status == Missing, spuriousHere && len(r.Counted) > 0:
			counted++
			if r.Status == Exact {
				exact++
			} else if len(r.Missing) > 0 {
				missing = append(missing, c.describe(r.Word, r.Missing))
			}
		}
		if spuriousHere {
			spurious = append(spurious, c.describe(r.Word, r.Spurious))
		}
	}
	note := "every row's learned set is the counted one"
	if counted == 0 {
		note = "no row has a counted set to recover"
	}
	if len(missing) > 0 {
		note = "missing: " + list(missing)
	} else if exact < counted {
		note = "see the spurious words below"
	}
	if counted > 0 || estimates == 0 { // else there is nothing to judge
		c.atLeast("rows recovered", float64(exact), float64(counted), note)
	}
	note = "no row lights up without a reason in the text"
	if len(spurious) > 0 {
		note = "spurious: " + list(spurious)
		if c.e.Config.L2 == 0 && !c.e.Config.OneHot && c.e.Config.Task == graph.Predict {
			note += "; K is shared by all rows: a penalty (--l2 1e-6) lets the rows fall that the text says nothing about"
		} else if c.e.Config.Solver != "adam" && c.e.Config.Task == graph.Predict {
			note += fmt.Sprintf("; a small penalty works fast only with adam, which scales it up: with %s give a larger --l2 and more --steps", c.e.Config.Solver)
		}
	}
	if estimates > 0 {
		note += fmt.Sprintf("; %d rows are too large for an exact mask: of these only words that tell nothing, and the order of the scores, are judged", estimates)
	}
	c.atMost("rows with spurious words", float64(len(spurious)), 0, note)
}

func (c *checker) entropy() {
	floor := *c.o.Ladder.Floor
	c.atLeast("loss is not below the floor", c.o.Loss, floor-Slack, "the floor is the conditional entropy H(y|w), by Gibbs' inequality")
	note := "softmax(QKᵀ) reproduces the counted table"
	if c.e.Config.Rank < c.e.Counts.V() {
		note = fmt.Sprintf("at rank %d of %d the floor may be out of reach: raise --rank", c.e.Config.Rank, c.e.Counts.V())
	}
	c.atMost("loss above the floor", c.o.Loss-floor, RecallExcess, note)
	c.rows()
}

func (c *checker) squared() {
	var norm float64
	for _, row := range c.e.Counts.Transitions {
		for _, cell := range row.Cells {
			p := float64(cell.N) / float64(row.Total)
			norm += p * p
		}
	}
	if c.o.Ladder.Floor == nil {
		c.atMost("residual as a share of ‖T‖²", c.o.Loss/norm, 1, "V is too large for the Eckart–Young floor, so this says only that something was learned")
		return
	}
	low := *c.o.Ladder.Floor
	high, where := low, ""
	if gap := c.o.Ladder.FloorGap; gap != nil {
		high += *gap
		where = fmt.Sprintf("; V is too large for the exact floor, which is at least %.9g and at most %.2g more", low, *gap)
	}
	c.atLeast("loss is not below the floor", c.o.Loss, low-Slack*norm, "the floor is the tail of the singular values, by Eckart and Young"+where)
	c.atMost("loss above the floor, as a share of ‖T‖²", (c.o.Loss-high)/norm, SquaredExcess, "QKᵀ is the best approximation that its rank allows"+where)
	if high <= SquaredExcess*norm { // below full rank rows cannot all be right
		c.rows()
	}
}

func (c *checker) logistic() {
	c.atLeast("loss is not below the floor", c.o.Loss, -Slack, "a cross-entropy cannot be negative")
	c.atMost("loss", c.o.Loss, LogisticLoss, "the floor 0 is never reached: the scores would have to grow without end")
	c.rows()
	c.order()
}

// describe names a row and some of its words: "went → {candle, train}".
func (c *checker) describe(w data.Word, words []data.Word) string {
	vocab := c.e.Corpus.Vocab
	return fmt.Sprintf("%s → {%s}", vocab.Text(w), list(vocab.Texts(words)))
}

// maxListed is how many things a note lists.
const maxListed = 6

func list(items []string) string {
	if len(items) <= maxListed {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:maxListed], ", "), len(items)-maxListed)
}
