package main

import (
	"fmt"
	"strings"

	"qk/data"
	"qk/graph"
	"qk/train"
)

// maxTold is how many rows the summary names.
const maxTold = 3

// story says in plain words what came out, for a reader who has not met the
// terms of the report.
func (r report) story() {
	r.screen.Heading("In short")
	if r.outcome.HeldOut != nil {
		r.screen.Paragraph(r.heldOutStory())
		return
	}
	if r.e.Config.Task == graph.Predict {
		r.screen.Paragraph(r.countedStory() + " " + r.learnedStory())
		return
	}
	l := r.outcome.Ladder
	text := fmt.Sprintf("QKᵀ was to reproduce a counted table and got to a loss of %s", figure(r.outcome.Loss))
	if l.Floor != nil {
		text += fmt.Sprintf(", %s above the lowest that is possible, %s", figure(max(0, r.outcome.Loss-*l.Floor)), figure(*l.Floor))
	}
	if right, all := r.recovered(); all > 0 {
		text += fmt.Sprintf(". %d of %d rows are right", right, all)
	}
	r.screen.Paragraph(text + ".")
}

// countedStory says what the counts say.
func (r report) countedStory() string {
	vocab := r.e.Corpus.Vocab
	var told []string
	rows, estimates := 0, 0
	for _, row := range r.outcome.Rows {
		switch {
		case row.Estimate:
			estimates++
		case len(row.Counted) > 0:
			rows++
			if len(told) < maxTold {
				told = append(told, fmt.Sprintf("after “%s” it is worth looking back for %s", vocab.Text(row.Word), either(vocab, row.Counted)))
			}
		}
	}
	if estimates > 0 {
		return fmt.Sprintf("The text is too rich for exact masks in %s of %d or more earlier words, which are judged by the order of their scores.", countOf(estimates, "row"), data.MaxExhaustive+1)
	}
	if rows == 0 && *r.outcome.Ladder.FirstOrder-data.ContextEntropy(r.e.Counts) > 1e-9 {
		return "Counting says that no single earlier word makes the next one easier to tell, though several together do: that is outside what a mask of single words can express."
	}
	if rows == 0 {
		return "Counting says that no single earlier word makes the next one easier to tell: the current word is all that such a mask can use."
	}
	s := "Counting says: " + strings.Join(told, "; ")
	if rows > len(told) {
		s += fmt.Sprintf("; and so on for %s more", countOf(rows-len(told), "word"))
	}
	if l := r.outcome.Ladder; l.BestMask != nil && *l.AllVotes > *l.BestMask {
		return s + ". The votes of the other earlier words only dilute it."
	}
	return s + "."
}

// learnedStory says whether learning found the same.
func (r report) learnedStory() string {
	l := r.outcome.Ladder
	var s strings.Builder
	right, all := r.recovered()
	spurious := 0
	for _, row := range r.outcome.Rows {
		if row.Status == train.Spurious && !row.Estimate {
			spurious++
		}
	}
	switch {
	case all == 0 && spurious == 0:
		s.WriteString("Q and K, which saw nothing but next words,")
	case right == all && spurious == 0:
		s.WriteString("Q and K never saw a mask, only which word came next, and found the same. They")
	case spurious > 0:
		fmt.Fprintf(&s, "Q and K found %d of %d, and attend to words without a reason in the text after %s. They", right, all, countOf(spurious, "word"))
	default:
		fmt.Fprintf(&s, "Q and K found %d of %d. They", right, all)
	}
	if *l.FirstOrder-r.outcome.Loss > 1e-9 {
		fmt.Fprintf(&s, " took the loss from %.6f (current word alone) to %.6f nats a word", *l.FirstOrder, r.outcome.Loss)
	} else {
		fmt.Fprintf(&s, " kept the loss of the current word alone, %.6f nats a word", r.outcome.Loss)
	}
	fmt.Fprintf(&s, "; no attention can go below %.6f.", *l.Floor)
	return s.String()
}

// recovered counts the rows with a counted set, and those learned exactly.
func (r report) recovered() (right, all int) {
	for _, row := range r.outcome.Rows {
		if row.Estimate || len(row.Counted) == 0 {
			continue
		}
		all++
		if row.Status == train.Exact {
			right++
		}
	}
	return right, all
}

// either joins words as a choice: "a, b or c".
func either(v *data.Vocabulary, ws []data.Word) string {
	const most = 4
	texts := v.Texts(ws[:min(most, len(ws))])
	for i, s := range texts {
		texts[i] = "“" + s + "”"
	}
	switch {
	case len(ws) > most:
		return fmt.Sprintf("%s or %d more", strings.Join(texts, ", "), len(ws)-most)
	case len(texts) == 1:
		return texts[0]
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " or " + texts[len(texts)-1]
}
