package screen

import "strconv"

// Rule is what holds of an earlier word, and why.
type Rule struct {
	// Raised tells a word that is worth attention from one that is passed over.
	Raised bool
	// Earlier is the word; Twins are others that cannot be told from it.
	Earlier string
	Twins   []string
	// Saves is what the rule is worth.
	Saves float64
	// Facts are set beside it, as many as there is room for.
	Facts []string
	// HeldOut is what the rule is worth on other text; nil without any.
	HeldOut *Trial
	// With are the next words where the earlier word came before, Without those
	// where it did not; the sums of the words left out are WithMore and OtherMore.
	With, Without       []Vote
	WithMore, OtherMore int
	// Always tells that there is no place without the earlier word.
	Always bool
}

// Trial is what a rule is worth where it was not learned.
type Trial struct {
	Saves float64
	Facts []string // set beside it
	Never bool     // there is no place for the rule
}

// RuleGroup is all the rules of one current word.
type RuleGroup struct {
	Current string
	// Facts are set beside the current word.
	Facts []string
	// HeldOut are facts about other text, on a line of their own; none without any.
	HeldOut []string
	Rules   []Rule
}

const (
	ruleWord   = 14 // columns for an earlier word, at most
	ruleLabel  = 9  // columns for the label of a reason
	ruleIndent = 2
	ruleTwins  = 4 // twins that are named, at most

	heldOutLabel = "held out"
)

// Rules writes each group as a head and its rules: a sign, the earlier word, what
// the rule saves and facts about it, and below it what follows with the word and
// without it.
func (s *Screen) Rules(groups []RuleGroup) { s.print(ruleLines(groups, s.opts.Width)) }

// ruleLines lays the groups out in one set of columns.
func ruleLines(groups []RuleGroup, width int) []line {
	at := ruleColumns{word: ruleLabel}
	for _, g := range groups {
		for _, r := range g.Rules {
			at.fit(r, width)
		}
	}
	var ls []line
	for i, g := range groups {
		if i > 0 {
			ls = append(ls, line{})
		}
		var head line
		head.add(bold, cut(clean(g.Current), width))
		ls = append(ls, factLines(head, cleanAll(g.Facts), width)...)
		if len(g.HeldOut) > 0 {
			ls = append(ls, factLines(labelled(heldOutLabel, width), cleanAll(g.HeldOut), width)...)
		}
		for _, r := range g.Rules {
			ls = append(ls, r.lines(at, width)...)
		}
	}
	return ls
}

// ruleColumns are the widths of what all rules have.
type ruleColumns struct {
	word, saves int
	facts       []int
}

// fit makes room for a rule.
func (at *ruleColumns) fit(r Rule, width int) {
	at.word = max(at.word, min(cells(clean(r.Earlier)), ruleWord, width/3))
	at.saves = max(at.saves, cells(saved(r.Saves)))
	if r.HeldOut != nil {
		at.saves = max(at.saves, cells(saved(r.HeldOut.Saves)))
	}
	for i, f := range cleanAll(r.Facts) {
		if i == len(at.facts) {
			at.facts = append(at.facts, 0)
		}
		at.facts[i] = max(at.facts[i], cells(f))
	}
}

// lines sets one rule.
func (r Rule) lines(at ruleColumns, width int) []line {
	var l line
	word := strong
	if r.Raised {
		l.add(strong, "▲")
	} else {
		word = bad
		l.add(bad, "▼")
	}
	l.to(ruleIndent)
	l.add(word, cut(clean(r.Earlier), at.word))
	l.right(plain, saved(r.Saves), ruleIndent+at.word+tableGap+at.saves)
	facts := cleanAll(r.Facts)
	for i, f := range facts[:max(0, len(facts)-1)] { // nothing stands behind the last
		facts[i] = spaces(at.facts[i]-cells(f)) + f
	}
	ls := factLines(l.clip(width), facts, width)
	if r.HeldOut != nil {
		ls = append(ls, r.HeldOut.lines(at, width)...)
	}
	if len(r.Twins) > 0 {
		named := min(len(r.Twins), ruleTwins)
		ls = append(ls, reasonLines("same as", listed(cleanAll(r.Twins[:named]), len(r.Twins)-named), at.word, width)...)
	}
	ls = append(ls, reasonLines("with", shares(r.With, r.WithMore), at.word, width)...)
	if r.Always {
		return append(ls, reasonLines("without", []text{"never seen"}, at.word, width)...)
	}
	return append(ls, reasonLines("without", shares(r.Without, r.OtherMore), at.word, width)...)
}

// lines sets what a rule is worth elsewhere, in the columns of the rule.
func (t Trial) lines(at ruleColumns, width int) []line {
	if t.Never {
		return reasonLines(heldOutLabel, []text{"never seen"}, at.word, width)
	}
	l := labelled(heldOutLabel, width)
	l.right(plain, saved(t.Saves), ruleIndent+at.word+tableGap+at.saves)
	facts := cleanAll(t.Facts)
	if len(facts) > 0 && len(at.facts) > 0 {
		facts[0] = spaces(at.facts[0]-cells(facts[0])) + facts[0]
	}
	return factLines(l.clip(width), facts, width)
}

// labelled is the beginning of a line about a rule.
func labelled(label text, width int) line {
	var l line
	l.to(ruleIndent)
	l.add(faint, label)
	return l.clip(width)
}

// factLines sets facts behind the beginning of a line, on lines of their own where
// there is no room.
func factLines(front line, facts []text, width int) []line {
	ls := []line{front}
	const gap = " · "
	for i, f := range facts {
		last := &ls[len(ls)-1]
		lead := text(gap)
		if i == 0 {
			lead = "  "
		}
		if last.width+cells(lead)+cells(f) > width {
			ls = append(ls, line{})
			last, lead = &ls[len(ls)-1], spaces(ruleIndent)
		}
		last.add(faint, lead+cut(f, width-last.width-cells(lead)))
	}
	return ls
}

// reasonLines sets a label and a list behind it.
func reasonLines(label text, items []text, wordWidth, width int) []line {
	indent := max(min(ruleIndent+wordWidth+tableGap, width/2), ruleIndent+cells(label)+1)
	ls := []line{labelled(label, width)}
	for i, item := range items {
		last := &ls[len(ls)-1]
		if i == 0 {
			last.to(indent)
		} else if last.width+tableGap+cells(item) > width {
			ls = append(ls, line{})
			last = &ls[len(ls)-1]
			last.to(indent)
		} else {
			last.to(last.width + tableGap)
		}
		last.add(plain, cut(item, width-last.width))
	}
	return ls
}

// shares sets next words with their probabilities.
func shares(votes []Vote, more int) []text {
	items := make([]text, len(votes))
	for i, v := range votes {
		items[i] = cut(clean(v.Word), ruleWord) + " " + percent(v.Share)
	}
	return listed(items, more)
}

// listed adds how many items are left out.
func listed(items []text, more int) []text {
	if more > 0 {
		items = append(items, count(more)+" more")
	}
	return items
}

// saved writes nats with four decimals.
func saved(v float64) text {
	if t, odd := oddNumber(v); odd {
		return t
	}
	return text(strconv.FormatFloat(v, 'f', 4, 64))
}
