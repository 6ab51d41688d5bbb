package train

import "fmt"

// judgedLines are the lines that learned masks have to be below on the sentences
// that were held out, and what they are called.
var judgedLines = []struct{ line, name string }{
	{"first_order", "first order"},
	{"all_votes", "all votes"},
	{"graded_mask", "graded mask"},
}

// heldOut judges a run that holds sentences out: by these sentences alone, as the
// counted masks of the training part are estimates too. The best mask and the
// sets of the rows, which take the counts at their word, are no part of it.
func (c *checker) heldOut() {
	h := c.o.HeldOut
	c.atLeast("loss is not below the floor", c.o.Loss, *c.o.Ladder.Floor-Slack,
		"no attention over these votes can do better, so less would be an error in the program")
	c.atLeast("held-out loss is not below its floor", h.Loss, *h.Ladder.Floor-Slack,
		"the same bound, over the positions that were held out")
	for _, judged := range judgedLines {
		d := h.Compare(judged.line)
		c.below("held out: learned less "+judged.name, d)
	}
}

// below asks for a difference that is below 0 with its whole interval.
func (c *checker) below(name string, d Compared) {
	note := fmt.Sprintf("%+.6f nats a word on average, between %+.6f and %+.6f with 95 %% confidence; the figure is the upper end", d.Mean, d.Low, d.High)
	switch d.Verdict() {
	case "noise":
		note += ": the interval holds 0, so the difference is noise"
	case "above":
		note += ": the learned masks are worse"
	}
	c.o.Checks = append(c.o.Checks, CheckItem{Name: name, Figure: d.High, Bound: 0, Pass: d.High < 0, Note: note})
}
