package train

import (
	"math"
	"slices"
	"testing"

	"qk/data"
	"qk/graph"
)

// TestSigmoid holds 1/(1+e^−x) against closed forms, up to where e^x overflows.
func TestSigmoid(t *testing.T) {
	for _, test := range []struct{ x, want float64 }{
		{0, 0.5}, {math.Log(3), 0.75}, {-math.Log(3), 0.25}, {math.Log(1e9), 1 / (1 + 1e-9)},
		{40, 1}, {1e4, 1}, {-1e4, 0}, {math.Inf(1), 1}, {math.Inf(-1), 0}, {-700, math.Exp(-700)},
	} {
		if got := sigmoid(test.x); math.Abs(got-test.want) > 1e-15*test.want {
			t.Errorf("σ(%g) = %g, want %g", test.x, got, test.want)
		}
	}
	for x := -50.0; x <= 50; x++ {
		wantNear(t, "σ(x) + σ(−x)", sigmoid(x)+sigmoid(-x), 1, 1e-15)
	}
}

// TestSoftmax: equal scores share, a shift changes nothing, and the size of the
// scores does no harm. e^ln2 : e^0 : e^ln5 is 2 : 1 : 5.
func TestSoftmax(t *testing.T) {
	for _, test := range []struct{ s, want []float64 }{
		{[]float64{math.Ln2, 0, math.Log(5)}, []float64{2.0 / 8, 1.0 / 8, 5.0 / 8}},
		{[]float64{7, 7, 7, 7}, []float64{0.25, 0.25, 0.25, 0.25}},
		{[]float64{1e300, 1e300, 0}, []float64{0.5, 0.5, 0}},
		{[]float64{-1e300, -1e300, -1e301}, []float64{0.5, 0.5, 0}},
		{[]float64{math.Inf(-1), 3}, []float64{0, 1}},
		{[]float64{1e4, 0}, []float64{1, 0}},
		{[]float64{5}, []float64{1}},
	} {
		got := slices.Clone(test.s)
		softmax(got)
		for i := range got {
			wantNear(t, "softmax", got[i], test.want[i], 1e-15)
		}
	}
}

// rowScores puts scores of the row went of diary into a matrix of zeros.
func rowScores(e *Experiment, s map[string]float64) []float64 {
	V, vocab := e.Counts.V(), e.Corpus.Vocab
	went, _ := vocab.Lookup("went")
	all := make([]float64, V*V)
	for text, x := range s {
		u, _ := vocab.Lookup(text)
		all[int(went)*V+int(u)] = x
	}
	return all
}

// learnedWent reads the row went off scores that were set by hand.
func learnedWent(t *testing.T, e *Experiment, s map[string]float64) LearnedRow {
	t.Helper()
	went, err := e.Corpus.Vocab.Find("went")
	must(t, err)
	return learnedRow(e, rowScores(e, s), went)
}

func attentionOf(t *testing.T, e *Experiment, r LearnedRow, text string) float64 {
	t.Helper()
	u, err := e.Corpus.Vocab.Find(text)
	must(t, err)
	return r.Attention[u]
}

// TestAttentionWithNull: with the null slot the attention that a word gets when
// it is alone is e^s/(1+e^s), here 3/4, 1/4 and 1/2; words that never come before
// went have none.
func TestAttentionWithNull(t *testing.T) {
	e := count(t, predict(), "")
	r := learnedWent(t, e, map[string]float64{"candle": math.Log(3), "open": -math.Log(3), "out": 9})
	wantNear(t, "attention of candle", attentionOf(t, e, r, "candle"), 0.75, 1e-15)
	wantNear(t, "attention of open", attentionOf(t, e, r, "open"), 0.25, 1e-15)
	wantNear(t, "attention of the", attentionOf(t, e, r, "the"), 0.5, 1e-15)
	wantNear(t, "range", r.Range, 2*math.Log(3), 1e-15)
	for _, text := range []string{"out", "again", "went"} {
		if a := attentionOf(t, e, r, text); !math.IsNaN(a) {
			t.Errorf("attention of %s is %g, and it never comes before went", text, a)
		}
	}
	if got := len(r.Determined); got != 10 {
		t.Errorf("%d words are determined, want 10", got)
	}
}

// TestAttentionWithoutNull: without the slot the 10 words before went share all
// attention, here 11 : 9·1.
func TestAttentionWithoutNull(t *testing.T) {
	e := count(t, predict(withoutNull), "")
	r := learnedWent(t, e, map[string]float64{"candle": math.Log(11)})
	wantNear(t, "attention of candle", attentionOf(t, e, r, "candle"), 0.55, 1e-15)
	wantNear(t, "attention of train", attentionOf(t, e, r, "train"), 0.05, 1e-15)
	var sum float64
	for _, a := range r.Attention {
		if !math.IsNaN(a) {
			sum += a
		}
	}
	wantNear(t, "sum", sum, 1, 1e-15)
}

// TestFlatRows: below a range of ¼ nat nothing is learned, with the null slot's 0
// as one end of the range, and a row that the text does not determine has no
// attention.
func TestFlatRows(t *testing.T) {
	with, without := count(t, predict(), ""), count(t, predict(withoutNull), "")
	up := func(x float64) map[string]float64 { return map[string]float64{"candle": x, "train": x} }
	all := map[string]float64{}
	for _, text := range with.Corpus.Vocab.All() {
		all[text] = 3
	}
	for _, test := range []struct {
		name   string
		e      *Experiment
		scores map[string]float64
		words  int
	}{
		{"just flat", with, up(0.249), 0},
		{"just not", with, up(0.25), 2},
		{"flat without the null slot", without, up(0.249), 0},
		{"not flat without the null slot", without, up(0.25), 2},
		{"all equal, far from the null slot", with, all, 10},
		{"all equal, no null slot", without, all, 0},
	} {
		if r := learnedWent(t, test.e, test.scores); len(r.Set) != test.words {
			t.Errorf("%s: learned %q", test.name, test.e.Corpus.Vocab.Texts(r.Set))
		}
	}
	the, _ := with.Corpus.Vocab.Lookup("the") // only "open" comes before it, always
	r := learnedRow(with, make([]float64, 13*13), the)
	if len(r.Determined) != 0 || r.Range != 0 || slices.ContainsFunc(r.Attention, func(a float64) bool { return !math.IsNaN(a) }) {
		t.Errorf("row the: %+v", r)
	}
}

// TestStandingOut: in a row that ought to be flat the words are named that stand
// out by more than half of the most, on either side of the null slot's 0, and
// without the slot those above the middle.
func TestStandingOut(t *testing.T) {
	s := []float64{1, -1, 0.49, -0.51, 0, 0.6}
	about := []data.Word{0, 1, 2, 3, 4, 5}
	if got := standingOut(about, s, -1, 1, true); !slices.Equal(got, []data.Word{0, 1, 3, 5}) {
		t.Errorf("with the null slot: %v", got)
	}
	if got := standingOut(about, s, -1, 1, false); !slices.Equal(got, []data.Word{0, 2, 5}) {
		t.Errorf("without: %v", got)
	}
}

// TestLearnTable reads rows of recall: the words of a probability of at least
// 0.05, by softmax or as they are.
func TestLearnTable(t *testing.T) {
	entropy := count(t, recall(graph.CrossEntropy), "")
	r := learnedWent(t, entropy, map[string]float64{"out": math.Log(88), "again": math.Log(5), "the": math.Log(4.9)})
	total := 88 + 5 + 4.9 + 10 // the other 10 words have e⁰
	wantNear(t, "P(out)", attentionOf(t, entropy, r, "out"), 88/total, 1e-15)
	if got := entropy.Corpus.Vocab.Texts(r.Set); !slices.Equal(got, []string{"out"}) {
		t.Errorf("learned %q", got) // 5/107.9 is below 0.05
	}
	squared := count(t, recall(graph.Squared), "")
	r = learnedWent(t, squared, map[string]float64{"out": 0.5, "again": 0.05, "the": 0.0499, "up": -1})
	if got := squared.Corpus.Vocab.Texts(r.Set); !slices.Equal(got, []string{"again", "out"}) {
		t.Errorf("learned %q", got)
	}
	again, _ := entropy.Corpus.Vocab.Lookup("again") // nothing follows it
	if r := learnedRow(entropy, make([]float64, 13*13), again); len(r.Set) > 0 || len(r.Determined) > 0 || !math.IsNaN(r.Attention[0]) {
		t.Errorf("the row of a word that nothing follows: %+v", r)
	}
}

// TestAgreeTable: a probability may be off by a factor of two, and below 0.05 by
// any.
func TestAgreeTable(t *testing.T) {
	counted := data.Row{Total: 100, Cells: []data.Cell{{Word: 0, N: 60}, {Word: 1, N: 37}, {Word: 2, N: 3}}}
	for _, test := range []struct {
		p                 []float64
		missing, spurious []data.Word
		status            Status
	}{
		{[]float64{0.60, 0.37, 0.03, 0}, nil, nil, Exact},
		{[]float64{0.31, 0.73, 0, 0.04}, nil, nil, Exact},
		{[]float64{0.29, 0.70, 0, 0.01}, []data.Word{0}, nil, Missing},
		{[]float64{0.20, 0.75, 0, 0.05}, []data.Word{0}, []data.Word{1, 3}, Spurious},
		{[]float64{0.60, 0.33, 0.07, 0}, nil, []data.Word{2}, Spurious},
	} {
		got := agreeTable(counted, LearnedRow{Attention: test.p})
		if !slices.Equal(got.Missing, test.missing) || !slices.Equal(got.Spurious, test.spurious) || got.Status != test.status {
			t.Errorf("%v: %+v", test.p, got)
		}
	}
}
