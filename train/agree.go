package train

import (
	"slices"

	"qk/data"
	"qk/graph"
)

// Status says how the learned set of a row compares with the counted set.
type Status string

// The statuses. Where sets differ both ways, Spurious is said, as it is the
// graver: the row claims what the text does not say.
const (
	Exact        Status = "exact"        // equal and not empty
	Missing      Status = "missing"      // a counted word is not in the learned set
	Spurious     Status = "spurious"     // a learned word is not in the counted set
	Empty        Status = "empty"        // both empty: no earlier word matters here
	Undetermined Status = "undetermined" // the text says nothing about this row
)

// Worth is the least probability of a next word that the rows of recall are
// compared for; below it a learned probability may be off by any factor.
const Worth = 0.05

// RowAgreement compares the learned with the counted set of one row. Words that
// always occur together are one class: a class counts as selected when any of
// its words is.
type RowAgreement struct {
	Word     data.Word
	Counted  []data.Word
	Learned  []data.Word
	Missing  []data.Word // counted and not learned, one word for each class
	Spurious []data.Word // learned and not counted, one word for each class
	Status   Status
	// Estimate is set where the row is too large for the exhaustive search, and
	// Counted holds the words of a significant association, at [Level].
	Estimate bool
}

// Level is the probability, by chance, up to which an association counts as
// significant in rows too large for the exhaustive search.
const Level = 0.001

// AgreeRow compares one row.
func AgreeRow(e *Experiment, l LearnedRow) RowAgreement {
	if e.Config.Table() {
		return agreeTable(e.Counts.Transitions[l.Word], l)
	}
	mask := e.Masks.Rows[l.Word]
	if e.Config.Objective == graph.Logistic {
		row := agreeSets(mask, mask.Support(), l)
		if len(mask.Candidates) == 0 {
			row.Status = Undetermined
		}
		return row
	}
	return agreePredict(mask, l)
}

// agreePredict compares with the best mask or any other that is as good. A mask
// as good that holds a class which tells nothing is not accepted: it is as good
// only because the class does not matter.
func agreePredict(mask data.MaskRow, l LearnedRow) RowAgreement {
	support := mask.Support()
	switch {
	case len(mask.Candidates) == 0, len(l.Determined) == 0 && len(support) > 0:
		return RowAgreement{Word: l.Word, Learned: l.Set, Status: Undetermined}
	case mask.Best == nil:
		row := agreeSets(mask, mask.Significant(Level), l)
		row.Estimate = true
		return row
	}
	set := mask.ClassSet(l.Set)
	informing := mask.ClassSet(support)
	bits := uint32(0)
	for _, class := range set {
		bits |= 1 << class
	}
	if slices.Contains(mask.Best.Ties, bits) && subset(set, informing) {
		return agreeSets(mask, l.Set, l) // as good as the best: exact by definition
	}
	return agreeSets(mask, mask.Best.Mask, l)
}

// agreeSets compares two sets of words class by class.
func agreeSets(mask data.MaskRow, counted []data.Word, l LearnedRow) RowAgreement {
	row := RowAgreement{Word: l.Word, Counted: counted, Learned: l.Set, Status: Exact}
	want, got := mask.ClassSet(counted), mask.ClassSet(l.Set)
	for i, class := range mask.Classes {
		inWant, inGot := slices.Contains(want, i), slices.Contains(got, i)
		switch {
		case inWant && !inGot:
			row.Missing = append(row.Missing, class[0])
		case inGot && !inWant:
			at := slices.IndexFunc(class, func(u data.Word) bool { return slices.Contains(l.Set, u) })
			row.Spurious = append(row.Spurious, class[at]) // one that was learned
		}
	}
	row.settle()
	return row
}

// agreeTable compares the probabilities of next words. The sets hold the words
// of at least [Worth]; a word is missing when the learned probability is below
// half of the counted one, and spurious when it is above twice that.
func agreeTable(counted data.Row, l LearnedRow) RowAgreement {
	row := RowAgreement{Word: l.Word, Learned: l.Set}
	if counted.Total == 0 {
		row.Status = Undetermined
		return row
	}
	rest := counted.Cells
	for y, p := range l.Attention {
		want := 0.0 // counted.P(y), of cells in the order of their words
		if len(rest) > 0 && rest[0].Word == data.Word(y) {
			want = float64(rest[0].N) / float64(counted.Total)
			rest = rest[1:]
		}
		if want >= Worth {
			row.Counted = append(row.Counted, data.Word(y))
		}
		switch {
		case want >= Worth && p < want/2:
			row.Missing = append(row.Missing, data.Word(y))
		case p >= Worth && p > 2*want:
			row.Spurious = append(row.Spurious, data.Word(y))
		}
	}
	row.Status = Exact
	row.settle()
	return row
}

// settle derives the status from the differences.
func (r *RowAgreement) settle() {
	switch {
	case len(r.Spurious) > 0:
		r.Status = Spurious
	case len(r.Missing) > 0:
		r.Status = Missing
	case len(r.Counted) == 0:
		r.Status = Empty
	}
}

func subset(a, b []int) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}

// Uninformative returns the learned words of a row that tell nothing about what
// follows, by layer 1 of the counted mask.
func (e *Experiment) Uninformative(r RowAgreement) []data.Word {
	var words []data.Word
	for _, u := range r.Learned {
		if cand, ok := e.Masks.Rows[r.Word].Candidate(u); ok && !cand.Informs {
			words = append(words, u)
		}
	}
	return words
}
