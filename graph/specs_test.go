package graph

import (
	"fmt"
	"slices"
	"testing"
)

// losses lists one spec for every loss that a graph can have.
func losses() []Spec {
	return []Spec{
		{Task: Predict, Objective: CrossEntropy, Null: true},
		{Task: Predict, Objective: CrossEntropy},
		{Task: Predict, Objective: CrossEntropy, Null: true, Fused: true},
		{Task: Predict, Objective: CrossEntropy, Fused: true},
		{Task: Recall, Objective: CrossEntropy},
		{Task: Recall, Objective: Squared},
		{Task: Recall, Objective: Logistic},
		{Task: Recall, Objective: CrossEntropy, Fused: true},
		{Task: Recall, Objective: Squared, Fused: true},
		{Task: Recall, Objective: Logistic, Fused: true},
	}
}

// forms lists every form of the scores. Of rank 1 they are the same scaled.
func forms() []Spec {
	return []Spec{
		{OneHot: true}, {OneHot: true, Scaled: true},
		{Rank: 1},
		{Rank: 2}, {Rank: 2, Scaled: true},
	}
}

// specs lists every loss in every form, without and with a penalty.
func specs() []Spec {
	var all []Spec
	for _, s := range losses() {
		for _, form := range forms() {
			for _, l2 := range []float64{0, 0.01} {
				s.OneHot, s.Rank, s.Scaled, s.L2 = form.OneHot, form.Rank, form.Scaled, l2
				all = append(all, s)
			}
		}
	}
	return all
}

// shapes are small texts that differ in what can go wrong.
var shapes = map[string]string{
	"one word in all":    "a a a", // V = 1
	"two words a line":   "a b\nb a\na a\na b",
	"a last word only":   "a b c\nb a c\nb a c\na b a c", // nothing follows c
	"three words a line": "a b a\nb b b\nb b b\na b b\nb a b\nc b c",
}

// describe names a spec.
func describe(s Spec) string {
	form := fmt.Sprintf("rank %d", s.Rank)
	if s.OneHot {
		form = "one-hot"
	}
	if s.Fused {
		form += " fused"
	}
	return fmt.Sprintf("%s %s, null %v, %s, scaled %v, L2 %g, batches of %d", s.Task, s.Objective, s.Null, form, s.Scaled, s.L2, s.BatchRows)
}

// canLearn tells whether the corpus has what the spec is to learn: the objective
// logistic needs a pair of words.
func (c corpus) canLearn(s Spec) bool {
	return s.Objective != Logistic || len(c.tally.before) > 0
}

// everyModel calls visit for every spec on every shape, with weights of the
// given size. The batches hold all rows, one row and two in turn, so that the
// last one is often shorter than the others.
func everyModel(t *testing.T, scale float64, visit func(t *testing.T, c corpus, s Spec, m *Model)) {
	var names []string
	for name := range shapes {
		names = append(names, name)
	}
	slices.Sort(names)
	for shape, name := range names {
		t.Run(name, func(t *testing.T) {
			c := newCorpus(t, shapes[name], 16)
			for i, s := range specs() {
				if !c.canLearn(s) {
					continue
				}
				s.BatchRows = (shape + i) % 3
				m := newModel(t, c, s)
				randomise(m, uint64(i), scale)
				visit(t, c, s, m)
			}
		})
	}
}
