package train

import (
	"fmt"
	"strings"
	"testing"

	"qk/data"
	"qk/graph"
)

// TestRecall reproduces the counted tables of the built-in corpora. H is the
// conditional entropy of the transitions, and tail2 the sum of the squares of
// the singular values of P(y|w) after the second, both computed independently
// with numpy, float64.
func TestRecall(t *testing.T) {
	for _, test := range []struct {
		corpus   string
		h, tail2 float64
	}{
		{"coat", 0.2574132535161434, 1.3799999999999994},
		{"candle", 0.24926358037379867, 2.6337802231438596},
		{"diary", 0.13202803439237054, 7.6909830056250525},
	} {
		corpus := func(c *Config) { c.Corpus = NameCorpus(test.corpus) }
		for _, seed := range seeds(3) {
			t.Run(fmt.Sprintf("%s/%d", test.corpus, seed), func(t *testing.T) {
				t.Parallel()
				r := learn(t, recall(graph.CrossEntropy, seeded(seed), corpus), "")
				wantVerdict(t, r.Outcome)
				wantNear(t, "cross-entropy", r.Loss, test.h, 1e-4)
				wantNear(t, "floor", *r.Ladder.Floor, test.h, 1e-12)

				r = learn(t, recall(graph.Squared, seeded(seed), corpus), "")
				wantVerdict(t, r.Outcome)
				wantNear(t, "squared distance at full rank", r.Loss, 0, 1e-4)

				r = learn(t, recall(graph.Squared, seeded(seed), corpus, ranked(2)), "")
				wantVerdict(t, r.Outcome)
				wantNear(t, "squared distance at rank 2", r.Loss, test.tail2, 1e-5)
				wantNear(t, "floor at rank 2", *r.Ladder.Floor, test.tail2, 1e-12)

				r = learn(t, recall(graph.Logistic, seeded(seed), corpus), "")
				wantVerdict(t, r.Outcome)
				wantNear(t, "logistic loss", r.Loss, 0, 1e-4)
			})
		}
	}
}

// TestRecallRows looks at the rows that come out: the table of diary has two
// words after "the" and after "went", and none after the last word.
func TestRecallRows(t *testing.T) {
	for _, o := range []graph.Objective{graph.CrossEntropy, graph.Squared} {
		r := learn(t, recall(o), "")
		wantRow(t, r.e, r.Outcome, "the", Exact, "candle train")
		wantRow(t, r.e, r.Outcome, "went", Exact, "again out")
		wantRow(t, r.e, r.Outcome, "it", Exact, "went")
		wantRow(t, r.e, r.Outcome, "again", Undetermined, "")
	}
	r := learn(t, recall(graph.Logistic), "")
	wantRow(t, r.e, r.Outcome, "went", Exact, "candle train")
	wantRow(t, r.e, r.Outcome, "open", Undetermined, "") // no word comes before it
	wantOthersEmpty(t, r.e, r.Outcome, "went")
}

// TestRecallRankTooLow asks for what so few columns cannot hold.
func TestRecallRankTooLow(t *testing.T) {
	r := learn(t, recall(graph.CrossEntropy, ranked(1)), "")
	wantVerdict(t, r.Outcome, "loss above the floor", "rows recovered", "rows with spurious words")
	wantText(t, "the note", item(t, r.Outcome, "loss above the floor").Note, "at rank 1 of 13", "raise --rank")
	wantText(t, "the note", item(t, r.Outcome, "rows recovered").Note, "missing: ")

	// At rank 1 the signs of a row are those of K, all as they are or all turned:
	// row out needs candle and look to have one sign, row went two.
	r = learn(t, recall(graph.Logistic, ranked(1)), "")
	wantVerdict(t, r.Outcome, "rows recovered")
}

// TestRecallByHand judges tables that were set by hand.
func TestRecallByHand(t *testing.T) {
	squared := count(t, recall(graph.Squared, ranked(2)), "")
	zero := make([]float64, 13*13)
	o := judge(t, squared, zero, 11) // ‖T‖² of diary: 10 rows of 1² and 2 rows of 2·½²
	wantVerdict(t, o, "loss above the floor, as a share of ‖T‖²")
	c := item(t, o, "loss above the floor, as a share of ‖T‖²")
	wantNear(t, "the figure", c.Figure, (11-7.6909830056250525)/11, 1e-12)

	o = judge(t, squared, zero, 7.69) // less than any matrix of rank 2 can reach
	wantVerdict(t, o, "loss is not below the floor")

	entropy := count(t, recall(graph.CrossEntropy), "")
	o = judge(t, entropy, zero, 0.132)
	wantVerdict(t, o, "loss is not below the floor", "rows recovered", "rows with spurious words")
	if r := rowOf(t, entropy, o, "the"); len(r.Learned) != 13 || r.Status != Spurious {
		t.Errorf("a uniform row learned %d words, %s", len(r.Learned), r.Status)
	}
	o = judge(t, count(t, recall(graph.Logistic), ""), zero, 0.6931)
	wantVerdict(t, o, "loss", "rows recovered", "rank correlation with the graded mask")
}

// TestRecallOfManyWords has an interval for a floor. Each word but the last has a
// next word of its own, so the 2,001 singular values are all 1, and ‖T‖² less the
// rank is the floor.
func TestRecallOfManyWords(t *testing.T) {
	var text strings.Builder
	for i := range 2002 {
		fmt.Fprintf(&text, "word%d ", i)
	}
	e := count(t, recall(graph.Squared, ranked(2), func(c *Config) { c.Context = 1 }), text.String())
	l, err := e.Ladder()
	must(t, err)
	if l.Floor == nil || l.FloorGap == nil || *l.Floor > 1999+1e-9 || *l.Floor+*l.FloorGap < 1999-1e-9 || *l.FloorGap > 10 {
		t.Fatalf("floor %v, gap %v", l.Floor, l.FloorGap)
	}
	_, members := marshalled(t, NewDocument(e, &Outcome{Ladder: l}, 0, "", 0))
	wantText(t, "the lines", string(members["lines"]), `"floor_gap":`)

	const excess = "loss above the floor, as a share of ‖T‖²"
	floor, gap := 1990.0, 8.0
	for _, test := range []struct {
		loss   float64
		failed []string
	}{
		{1989.9, []string{"loss is not below the floor"}},
		{1990, nil},
		{1998 + 2.001, nil}, // SquaredExcess of 2,001
		{1998 + 2.002, []string{excess}},
	} {
		c := checker{e: e, o: &Outcome{Loss: test.loss, Ladder: data.Ladder{Floor: &floor, FloorGap: &gap}}}
		c.squared()
		c.o.Pass = test.failed == nil // which squared leaves alone
		wantVerdict(t, c.o, test.failed...)
		wantText(t, "the note", item(t, c.o, excess).Note, "at least 1990 and at most 8 more")
	}
}

// TestRecallWithoutFloor: the check rests on ‖T‖² alone where the ladder is empty.
func TestRecallWithoutFloor(t *testing.T) {
	c := checker{e: count(t, recall(graph.Squared, ranked(1)), ""), o: &Outcome{Loss: 11.5}} // ‖T‖² is 11
	c.squared()
	if len(c.o.Checks) != 1 || c.o.Checks[0].Pass || c.o.Checks[0].Figure != 11.5/11 {
		t.Errorf("%+v", c.o.Checks)
	}
}
