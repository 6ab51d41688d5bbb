package export

import (
	"fmt"
	"slices"
	"strings"

	"qk/data/text"
	"qk/train"
)

// Table is a table that can be written as CSV.
type Table string

// The tables. Numbers have all their digits; one that is not determined, or not
// defined, is an empty cell.
const (
	Vocabulary  Table = "vocabulary"  // number, word, positions: c1(w)
	Transitions Table = "transitions" // word, next, n: c1(w,y), p: P(y|w)
	Pairs       Table = "pairs"       // earlier, word, next, n: c2(u,w,y), p: P(y|u,w)
	Masks       Table = "masks"       // for each pair that was seen: what is counted, what is learned
	Scores      Table = "scores"      // S [V,V]: a row for each word, a column for each earlier word
	Attention   Table = "attention"   // the learned mask [V,V]
	Queries     Table = "q"           // Q [V,R]
	Keys        Table = "k"           // K [V,R]
	Metrics     Table = "metrics"     // the logged steps
	Checks      Table = "checks"      // the verdict
	Lines       Table = "lines"       // the reference losses
	Settings    Table = "settings"    // of the run
)

// Tables lists every table.
func Tables() []Table {
	return []Table{Vocabulary, Transitions, Pairs, Masks, Scores, Attention, Queries, Keys, Metrics, Checks, Lines, Settings}
}

// ParseTable returns the table of a name. The error is a [*train.FlagError], which
// proposes the nearest.
func ParseTable(flag, name string) (Table, error) {
	var names []string
	for _, t := range Tables() {
		if string(t) == name {
			return t, nil
		}
		names = append(names, string(t))
	}
	why := "use one of " + strings.Join(names, ", ")
	if near := text.Nearest(name, names, 1); len(near) > 0 {
		why = fmt.Sprintf("did you mean %s? %s", near[0], why)
	}
	if name == "" {
		name = `""`
	}
	return "", &train.FlagError{Flag: flag, Value: name, Why: why}
}

// NeedsText tells whether a table is counted in the text or learned from it, so that
// [Load] has to read the run; for the others [LoadRecord] does.
func (t Table) NeedsText() bool {
	return !slices.Contains([]Table{Metrics, Checks, Lines, Settings}, t)
}

// Wide tells whether a table has columns that depend on the run, so that those of
// several runs cannot be put below each other.
func (t Table) Wide() bool {
	return slices.Contains([]Table{Scores, Attention, Queries, Keys}, t)
}

// header returns the names of the columns.
func (t Table) header(r *Run) []string {
	switch t {
	case Vocabulary:
		return []string{"number", "word", "positions"}
	case Transitions:
		return []string{"word", "next", "n", "p"}
	case Pairs:
		return []string{"earlier", "word", "next", "n", "p"}
	case Masks:
		return []string{"word", "earlier", "n", "informs", "nats", "g", "degrees", "chance", "class", "best", "counted", "learned", "score", "attention"}
	case Scores, Attention:
		return append([]string{"word"}, r.words()...)
	case Queries, Keys:
		head := []string{"word"}
		for i := range r.Weights.R {
			head = append(head, fmt.Sprint(i))
		}
		return head
	case Metrics:
		return []string{"step", "loss", "penalty", "grad_norm", "rate", "tuning", "above_floor"}
	case Checks:
		return []string{"name", "figure", "bound", "at_least", "pass", "note"}
	case Lines:
		return []string{"part", "line", "nats"}
	}
	return []string{"setting", "value"}
}
