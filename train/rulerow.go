package train

import (
	"cmp"
	"slices"

	"qk/data"
)

// ruleRow is one row while its rules are read off.
type ruleRow struct {
	e       *Experiment
	row     RowRules
	s       []float64 // [V] the scores
	learned LearnedRow
	rules   []Rule // all of them, without their reasons
}

// newRuleRow finds the rules of a row.
func newRuleRow(e *Experiment, l LearnedRow, s []float64) *ruleRow {
	r := &ruleRow{e: e, s: s, learned: l}
	r.row.RowAgreement = AgreeRow(e, l)
	margin := FlatRange
	if !e.Config.Null {
		r.row.Neutral, margin = middleOf(l.Determined, s), FlatRange/2
	}
	mask := e.Masks.Rows[l.Word]
	if r.row.Status != Undetermined {
		for _, u := range l.Determined {
			c, _ := mask.Candidate(u)
			rule := Rule{Earlier: u, Score: s[u], Attention: l.Attention[u], Seen: c, Counted: has(r.row.Counted, u)}
			switch {
			case has(l.Set, u):
				rule.Kind = Raised
				r.row.Raised++
			case c.Informs && s[u] <= r.row.Neutral-margin:
				rule.Kind = Lowered
				r.row.Lowered++
			default:
				r.row.Others++
				continue
			}
			r.rules = append(r.rules, rule)
		}
	}
	return r
}

// has tells whether a set in ascending order holds a word.
func has(set []data.Word, u data.Word) bool {
	_, ok := slices.BinarySearch(set, u)
	return ok
}

// middleOf is the middle of the range of the scores of some words.
func middleOf(words []data.Word, s []float64) float64 {
	if len(words) == 0 {
		return 0
	}
	low, high := s[words[0]], s[words[0]]
	for _, u := range words {
		low, high = min(low, s[u]), max(high, s[u])
	}
	return (low + high) / 2
}

// pick returns the rules that are wanted, with their reasons.
func (r *ruleRow) pick(o RuleOptions) []Rule {
	rules := slices.DeleteFunc(r.rules, func(rule Rule) bool { return rule.Saves < o.MinSave })
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(b.Saves, a.Saves) })
	if o.Top > 0 && len(rules) > o.Top {
		rules = rules[:o.Top]
	}
	rules = slices.Clone(rules)
	for i := range rules {
		r.explain(&rules[i])
	}
	return rules
}

// explain adds the counted reason of a rule.
func (r *ruleRow) explain(rule *Rule) {
	w := r.learned.Word
	all := r.e.Counts.Transitions[w]
	pair, _ := r.e.Counts.Pair(w, rule.Earlier)
	rule.With, rule.WithMore = mostFrequent(pair)
	rule.Without, rule.OtherMore = mostFrequent(absent(pair, all))
	for _, u := range r.e.Masks.Rows[w].Classes[rule.Seen.Class] {
		if u != rule.Earlier {
			rule.Twins = append(rule.Twins, u)
		}
	}
}

// absent returns c1(w,·) − c2(u,w,·): what follows w where u did not come earlier.
func absent(pair, all data.Row) data.Row {
	row := data.Row{Total: all.Total - pair.Total}
	for _, c := range all.Cells {
		if n := c.N - pair.Count(c.Word); n > 0 {
			row.Cells = append(row.Cells, data.Cell{Word: c.Word, N: n})
		}
	}
	return row
}

// mostFrequent returns the first [Reasons] words of a row by how often they
// occur, equal ones by their number, and how many there are besides.
func mostFrequent(row data.Row) (next []NextWord, more int) {
	cells := slices.Clone(row.Cells)
	slices.SortStableFunc(cells, func(a, b data.Cell) int { return cmp.Compare(b.N, a.N) })
	shown := min(Reasons, len(cells))
	for _, c := range cells[:shown] {
		next = append(next, NextWord{c.Word, float64(c.N) / float64(row.Total)})
	}
	return next, len(cells) - shown
}
