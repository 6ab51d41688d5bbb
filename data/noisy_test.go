package data

import (
	"math"
	"strings"
	"testing"
)

const (
	trainLine        = "open the train diary and look up when it went again"
	candleLine       = "open the candle diary and look up when it went out again"
	trainEngineLine  = "open the train engine diary and look up when it went again"
	candleEngineLine = "open the candle engine diary and look up when it went out again"
)

// TestNoisyCorpora has texts in which the marks are twins, unsure, or of use
// only together. All figures were computed independently with numpy, float64;
// the best mask of the row is checked against all 2^n masks besides.
func TestNoisyCorpora(t *testing.T) {
	var xor strings.Builder
	for _, a := range []string{"red", "blue"} {
		for _, b := range []string{"dog", "cat"} {
			xor.WriteString("say " + a + " with " + b + " then ")
			xor.WriteString(map[bool]string{true: "even\n", false: "odd\n"}[(a == "red") == (b == "dog")])
		}
	}
	for _, want := range []struct {
		name, text       string
		row              string
		support, mask    string
		ties             int
		classes          int
		loss             float64 // of the row, Σ −ln p
		sizes            sizes
		first, all, best float64
	}{
		{
			"twins", trainEngineLine + "\n" + candleLine, "went", "candle engine train", "candle engine train", 1, 3, 0,
			sizes{14, 22, 15, 74, 83, 21, 20, 2, 2}, 0.1260267601018082, 0.1129503022630909, 0.0630133800509041,
		},
		{
			// Lines that are about trains have engine nine times in ten, the
			// others once in ten.
			"proxy", times(9, trainEngineLine) + times(1, trainLine) + times(1, candleEngineLine) + times(9, candleLine),
			"went", "candle engine train", "candle train", 1, 4, 0,
			sizes{14, 220, 17, 76, 90, 39, 36, 4, 20}, 0.1555797576828490, 0.1439295861820644, 0.0925663776319449,
		},
		{
			"a mark that errs once in ten", times(9, strings.Replace(trainLine, "train", "engine", 1)) + times(1, strings.Replace(trainLine, "train", "lamp", 1)) +
				times(9, strings.Replace(candleLine, "candle", "lamp", 1)) + times(1, strings.Replace(candleLine, "candle", "engine", 1)),
			"went", "engine lamp", "engine lamp", 1, 3, 20*math.Log(10) - 18*math.Log(9), // 20 times the entropy of (0.9, 0.1)
			sizes{13, 210, 14, 65, 76, 23, 20, 4, 20}, 0.1320280343923705, 0.1256153691352586, 0.0969743003763232,
		},
		{
			// Either mark alone leaves even chances; both together would tell.
			// Every set of the classes is as good: red, blue, dog, cat, and
			// say with its twin with.
			"parity", xor.String(), "then", "", "", 32, 5, 4 * math.Ln2,
			sizes{9, 20, 10, 19, 28, 16, 13, 4, 4}, 0.4158883083359671, 0.4158883083359671, 0.4158883083359671,
		},
		{
			"every transition certain", times(3, "one two three four five") + times(2, "six seven eight nine"), "three", "", "", 2, 1, 0,
			sizes{9, 18, 7, 9, 9, 7, 7, 2, 5}, 0, 0, 0,
		},
	} {
		c := countText(t, want.text, unbounded)
		got := sizesOf(c)
		got.sentences, got.lines = len(c.Corpus.Sentences), int(c.Corpus.Lines())
		if got != want.sizes {
			t.Errorf("%s: %+v, want %+v", want.name, got, want.sizes)
		}
		masks := NewMasks(c)
		for w, row := range masks.Rows {
			support := ""
			if c.Corpus.Vocab.Text(Word(w)) == want.row {
				support = want.support
			}
			if got := textOf(c, row.Support()); got != support {
				t.Errorf("%s: row %s has the support %q, want %q", want.name, c.Corpus.Vocab.Text(Word(w)), got, support)
			}
		}
		row := masks.Rows[wordOf(t, c, want.row)]
		if got := textOf(c, row.Best.Mask); got != want.mask || len(row.Best.Ties) != want.ties || len(row.Classes) != want.classes {
			t.Errorf("%s: the best mask is %q of %d classes, with %d ties; want %q, %d, %d", want.name, got, len(row.Classes), len(row.Best.Ties), want.mask, want.classes, want.ties)
		}
		isNear(t, want.name+": the loss of the row", row.Best.Loss, want.loss, 1e-12)
		least, ties := bruteForce(newTally(want.text, unbounded), want.row)
		isNear(t, want.name+": the loss by brute force", least, want.loss, 1e-12)
		if len(ties) != want.ties || preferred(ties) != preferred(row.Best.Ties) {
			t.Errorf("%s: ties %b, by brute force %b", want.name, row.Best.Ties, ties)
		}
		best, ok := masks.BestLoss(c)
		isNear(t, want.name+": first order", FirstOrder(c), want.first, 1e-12)
		isNear(t, want.name+": all votes", AllVotes(c), want.all, 1e-12)
		isNear(t, want.name+": best mask", best, want.best, 1e-12)
		if floor := AttentionFloor(c, true); !ok || floor > best+1e-12 || floor < best-5e-6 {
			t.Errorf("%s: the floor is %.15f, the best mask has %.15f (%v)", want.name, floor, best, ok)
		}
	}
}

// TestTwins: of twins the counts can tell the class, never the word.
func TestTwins(t *testing.T) {
	c := countText(t, trainEngineLine+"\n"+candleLine, unbounded)
	row := NewMasks(c).Rows[wordOf(t, c, "went")]
	if got := showClasses(c, row.Word); got != "and diary it look open the up when | candle | engine train" {
		t.Errorf("the classes are %q", got)
	}
	engine, _ := row.Candidate(wordOf(t, c, "engine"))
	train, _ := row.Candidate(wordOf(t, c, "train"))
	engine.Word, train.Word = 0, 0
	if engine != train || engine.Class != 2 || !engine.Informs {
		t.Errorf("engine %+v and train %+v are not alike", engine, train)
	}
}

// TestParityIsOutOfReach: with both marks the next word is certain, and still no
// attention over the votes does better than a coin.
func TestParityIsOutOfReach(t *testing.T) {
	c := countText(t, "red dog then even\nred cat then odd\nblue dog then odd\nblue cat then even", unbounded)
	// Red or blue, then dog or cat, then parity: three even chances in all, but
	// the first is nobody's to predict: ln 2 for each of the last two, of three.
	isNear(t, "the floor", AttentionFloor(c, true), 2*math.Ln2/3, 1e-12)
	isNear(t, "first order", FirstOrder(c), 2*math.Ln2/3, 1e-12)
	then := wordOf(t, c, "then")
	if got := c.Determined(then, true); len(got) != 0 {
		t.Errorf("the scores of %q are determined", textOf(c, got))
	}
}
