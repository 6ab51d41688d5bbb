package train

import (
	"math"
	"slices"
	"testing"
)

// noisyProxy is a text in which candle and train tell the next word of went for
// certain, and engine tells it nine times in ten.
var noisyProxy = lines(9, "open the train engine diary and look up when it went again") +
	lines(1, trainLine) +
	lines(1, "open the candle engine diary and look up when it went out again") +
	lines(9, candleLine)

// TestNoisyProxy learns among a reliable and an unreliable mark. The support
// holds engine, as it changes what follows (0.9 against 0.5); the best mask does
// not, as its vote of 0.9 would spoil votes of 1, and is the only one. After
// "the", after "train" and after "candle" one of two follows, whatever came
// earlier: 20·ln2 + 2·10·H(0.1) over 20·10 + 10 + 10 positions; engine adds one
// position to each of 10 sentences.
func TestNoisyProxy(t *testing.T) {
	best := (20*math.Ln2 - 20*(0.9*math.Log(0.9)+0.1*math.Log(0.1))) / 220
	for _, null := range []bool{true, false} {
		for _, seed := range seeds(5) {
			r := learn(t, predict(seeded(seed), func(c *Config) { c.Null = null }), noisyProxy)
			wantVerdict(t, r.Outcome)
			wantRow(t, r.e, r.Outcome, "went", Exact, "candle train")
			wantOthersEmpty(t, r.e, r.Outcome, "went")
			wantNear(t, "loss", r.Loss, best, 1e-5)

			mask := r.e.Masks.Rows[rowOf(t, r.e, r.Outcome, "went").Word]
			if got := r.e.Corpus.Vocab.Texts(mask.Support()); !slices.Equal(got, []string{"candle", "engine", "train"}) {
				t.Errorf("support %q", got)
			}
			if len(mask.Best.Ties) != 1 {
				t.Errorf("%d best masks, want 1", len(mask.Best.Ties))
			}
			wantNear(t, "loss of the best mask of went", mask.Best.Loss, 0, 1e-12)
		}
	}
}

// twins holds two words that always occur together.
const twins = "open the train engine diary and look up when it went again\n" + candleLine + "\n"

// TestTwins learns from a text with two words that no count can tell apart. They
// are one class, and the row is right whichever of them was picked.
func TestTwins(t *testing.T) {
	for _, null := range []bool{true, false} {
		for _, seed := range seeds(5) {
			r := learn(t, predict(seeded(seed), func(c *Config) { c.Null = null }), twins)
			wantVerdict(t, r.Outcome)
			if row := rowOf(t, r.e, r.Outcome, "went"); row.Status != Exact {
				t.Errorf("row went is %s", row.Status)
			}
			wantOthersEmpty(t, r.e, r.Outcome, "went")
			wantNear(t, "loss", r.Loss, 2*math.Ln2/22, 1e-5) // 11 positions a sentence
		}
	}
	e := count(t, predict(), twins)
	for _, picked := range []string{"engine", "train", "engine train"} {
		o := judge(t, e, byHand(t, e, map[string]string{"went": "candle " + picked}), 2*math.Ln2/22)
		wantVerdict(t, o)
		if row := rowOf(t, e, o, "went"); row.Status != Exact || len(row.Missing)+len(row.Spurious) > 0 {
			t.Errorf("picked %s: %+v", picked, row)
		}
	}
	// None of the class is a missing class, named once.
	o := judge(t, e, byHand(t, e, map[string]string{"went": "candle"}), 2*math.Ln2/22)
	row := rowOf(t, e, o, "went")
	if got := e.Corpus.Vocab.Texts(row.Missing); row.Status != Missing || !slices.Equal(got, []string{"engine"}) {
		t.Errorf("row went is %s, missing %q", row.Status, got)
	}
}

// TestExclusiveOr learns from a text whose next word is the parity of two
// marks: every mark alone leaves it one in two, so that no mask of single words
// helps, and the check has to say so. 4 sentences of 5 positions, and after
// "say", after either colour with "with", and after "then" one of two.
func TestExclusiveOr(t *testing.T) {
	const text = "say red with one then odd\nsay red with two then even\nsay blue with one then even\nsay blue with two then odd\n"
	for _, null := range []bool{true, false} {
		for _, seed := range seeds(5) {
			r := learn(t, predict(seeded(seed), func(c *Config) { c.Null = null }), text)
			wantVerdict(t, r.Outcome)
			wantOthersEmpty(t, r.e, r.Outcome)
			wantNear(t, "loss", r.Loss, 3*math.Ln2/5, 1e-9)
			wantText(t, "the note", item(t, r.Outcome, "loss of first order is kept").Note,
				"outside what a mask of single words can express")
		}
	}
}

// TestOutOfReachWithoutNull has a text in which first order cannot be reached
// without the null slot: x follows after a alone and after b alone, y after both,
// so that P(·|a,w) and P(·|b,w) are ½ while P(x|w) is ⅔. Once w and once b follow
// a: 2·ln2 in both, and 3·ln2 against −2·ln⅔ − ln⅓ for what follows w, over 7
// positions.
func TestOutOfReachWithoutNull(t *testing.T) {
	const text = "a w x\nb w x\na b w y\n"
	r := learn(t, predict(withoutNull), text)
	wantVerdict(t, r.Outcome)
	wantOthersEmpty(t, r.e, r.Outcome)
	wantNear(t, "loss", r.Loss, 5*math.Ln2/7, 1e-9)
	first := (2*math.Ln2 + 2*math.Log(1.5) + math.Log(3)) / 7
	wantNear(t, "first order", *r.Ladder.FirstOrder, first, 1e-12)
	c := item(t, r.Outcome, "loss against all votes")
	wantText(t, "the note", c.Note, "first order, 0.470834, is out of reach without the null slot")
	wantVerdict(t, judge(t, r.e, scores(t, r.loop), 5*math.Ln2/7+1e-6), "loss against all votes")

	with := judge(t, count(t, predict(), text), make([]float64, 25), first)
	item(t, with, "share of the best mask's gain") // the slot brings first order back
}

// TestNothingToLearn gives a text in which every word has one successor.
func TestNothingToLearn(t *testing.T) {
	for name, text := range map[string]string{
		"one sentence": "the quick fox jumps over a lazy dog\n",
		"two words":    "go on\n",
		"one word":     "go go\n",
	} {
		r := learn(t, predict(), text)
		wantVerdict(t, r.Outcome)
		wantOthersEmpty(t, r.e, r.Outcome)
		if r.Loss != 0 {
			t.Errorf("%s: loss %g, want 0", name, r.Loss)
		}
		wantText(t, "the note of "+name, item(t, r.Outcome, "loss of first order is kept").Note,
			"no earlier word can help", "nothing to gain")
		wantText(t, "the note of "+name, item(t, r.Outcome, "rows recovered").Note, "no row has a counted set")
	}
}

// TestWeights gives the two sentences the weights 60 and 40. In the candle
// sentence the 9 words before went vote 1 + 8·0.4 = 4.2 for out and 8·0.6 = 4.8
// for again, so that without a mask the wrong word wins; with the learned
// attention the right one does. What is left is the choice after "the", 5 H(0.4)
// over 3·10 + 2·11 positions.
func TestWeights(t *testing.T) {
	best := -5 * (0.6*math.Log(0.6) + 0.4*math.Log(0.4)) / 52
	r := learn(t, predict(), lines(3, trainLine)+lines(2, candleLine))
	wantVerdict(t, r.Outcome)
	wantRow(t, r.e, r.Outcome, "went", Exact, "candle train")
	wantOthersEmpty(t, r.e, r.Outcome, "went")
	wantNear(t, "loss", r.Loss, best, 1e-5)

	plain := voteFor(t, r, "out", func(float64) float64 { return 1 })
	wantNear(t, "plain vote for out", plain, 4.2/9, 1e-12)
	masked := voteFor(t, r, "out", math.Exp)
	if masked < 0.99 {
		t.Errorf("vote for out with the learned attention is %g", masked)
	}
}

// voteFor returns the share of a word in the votes after "open the candle diary
// and look up when it went", when every voter's weight is a function of its
// score.
func voteFor(t *testing.T, r result, next string, weight func(score float64) float64) float64 {
	t.Helper()
	vocab, s := r.e.Corpus.Vocab, scores(t, r.loop)
	went, _ := vocab.Lookup("went")
	y, _ := vocab.Lookup(next)
	var sum, total float64
	for _, text := range []string{"open", "the", "candle", "diary", "and", "look", "up", "when", "it"} {
		u, _ := vocab.Lookup(text)
		pair, _ := r.e.Counts.Pair(went, u)
		g := weight(s[int(went)*vocab.Len()+int(u)])
		sum += g * pair.P(y)
		total += g
	}
	return sum / total
}
