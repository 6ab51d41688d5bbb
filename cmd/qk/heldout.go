package main

import (
	"fmt"
	"strings"

	"qk/cmd/qk/internal/screen"
	"qk/data"
	"qk/train"
)

// lineNames says what the lines of a ladder are called, and what they know.
var lineNames = map[string]struct{ name, note string }{
	"unigram":     {"no word", "P(next) alone"},
	"first_order": {"first order", "P(next | current)"},
	"all_votes":   {"all votes", "every earlier word votes"},
	"graded_mask": {"graded mask", "weighted by what each tells"},
}

// heldOutLadders shows the losses of the training part and of the sentences that
// were held out, and which differences are noise.
func (r report) heldOutLadders() {
	h := r.outcome.HeldOut
	r.screen.Heading("Loss on the training sentences, each position told by the others")
	r.smoothedLadder(r.outcome.Ladder, r.outcome.Loss)
	r.screen.Heading(fmt.Sprintf("Loss on what was held out: %s, %d positions", sentences(h.Sentences), h.Positions))
	r.smoothedLadder(h.Ladder, h.Loss)
	r.screen.Gap()
	t := screen.Table{Columns: []screen.Column{{Title: r.learned(0)[0].Name + " less"}, {Title: "nats per word", Right: true}, {Title: "95 % interval", Right: true}, {Title: "says"}}}
	for i, d := range h.Differences {
		t.Rows = append(t.Rows, []string{
			lineNames[d.Line].name, fmt.Sprintf("%+.6f", d.Mean),
			fmt.Sprintf("%+.6f … %+.6f", d.Low, d.High), verdictWords(r.learned(0)[0].Name, d),
		})
		if d.Verdict() != "below" {
			t.Strong = append(t.Strong, i)
		}
	}
	r.screen.Table(t)
}

// smoothedLadder shows the losses of one part.
func (r report) smoothedLadder(l data.Ladder, loss float64) {
	rungs := r.learned(loss)
	for _, line := range []struct {
		name  string
		value *float64
	}{{"unigram", l.Unigram}, {"first_order", l.FirstOrder}, {"all_votes", l.AllVotes}, {"graded_mask", l.GradedMask}} {
		rungs = append(rungs, screen.Rung{Name: lineNames[line.name].name, Value: *line.value, Note: lineNames[line.name].note})
	}
	rungs = append(rungs, screen.Rung{Name: "floor", Value: *l.Floor, Note: "no attention can be lower", Floor: true})
	r.screen.Ladder("nats per word", rungs)
}

func verdictWords(name string, d train.Compared) string {
	switch d.Verdict() {
	case "noise":
		return "noise: 0 is inside"
	case "above":
		return name + " is worse"
	}
	return name + " is better"
}

// heldOutStory says in plain words what came out on the sentences that were held
// out.
func (r report) heldOutStory() string {
	h := r.outcome.HeldOut
	var better, worse, noise []string
	for _, d := range h.Differences {
		name := "“" + lineNames[d.Line].name + "”"
		switch d.Verdict() {
		case "below":
			better = append(better, name)
		case "above":
			worse = append(worse, name)
		default:
			noise = append(noise, name)
		}
	}
	first := h.Compare("first_order")
	var s strings.Builder
	fmt.Fprintf(&s, "What Q and K learned was tried on %s that they had not seen. There the current word alone has a loss of %.6f nats a word, and the learned masks %.6f: ", sentences(h.Sentences), *h.Ladder.FirstOrder, h.Loss)
	switch first.Verdict() {
	case "below":
		fmt.Fprintf(&s, "%.6f better, and between %.6f and %.6f with 95 %% confidence.", -first.Mean, -first.High, -first.Low)
	case "above":
		fmt.Fprintf(&s, "%.6f worse, and between %.6f and %.6f with 95 %% confidence.", first.Mean, first.Low, first.High)
	default:
		s.WriteString("a difference that is noise, as sentences differ by more than that. Looking back has shown no gain on this text.")
	}
	if len(better) > 0 {
		fmt.Fprintf(&s, " They are better than %s by more than noise.", and(better))
	}
	if len(worse) > 0 {
		fmt.Fprintf(&s, " They are worse than %s by more than noise.", and(worse))
	}
	if len(noise) > 0 {
		fmt.Fprintf(&s, " The difference from %s is noise: its interval holds 0.", and(noise))
	}
	return s.String()
}

func and(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func sentences(n uint64) string {
	if n == 1 {
		return "1 sentence"
	}
	return fmt.Sprintf("%d sentences", n)
}

// heldOutShare says which share of the sentences a run holds out.
func heldOutShare(c train.Config) string {
	if c.HoldOut == 0 {
		return "none"
	}
	return fmt.Sprint(c.HoldOut)
}
