package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qk/data"
)

// maskLoss counts the loss of a binary mask of one row straight from the text:
// −Σ ln p over the places where the current word is followed by another, with p
// the mean of P(y|u,w) over the distinct earlier words of the mask, or P(y|w)
// where there is none.
func maskLoss(text, current string, mask []string) float64 {
	type place struct {
		earlier map[string]bool
		next    string
	}
	var places []place
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		for i := 0; i+1 < len(words); i++ {
			if words[i] != current {
				continue
			}
			p := place{map[string]bool{}, words[i+1]}
			for _, u := range words[:i] {
				p.earlier[u] = true
			}
			places = append(places, p)
		}
	}
	share := func(given func(place) bool, next string) float64 {
		var all, hits float64
		for _, p := range places {
			if given(p) {
				all++
				if p.next == next {
					hits++
				}
			}
		}
		return hits / all
	}
	var loss float64
	for _, p := range places {
		var sum, n float64
		for _, u := range mask {
			if p.earlier[u] {
				sum += share(func(q place) bool { return q.earlier[u] }, p.next)
				n++
			}
		}
		if n == 0 {
			sum, n = share(func(place) bool { return true }, p.next), 1
		}
		loss -= math.Log(sum / n)
	}
	return loss
}

// randomText makes sentences of random words that end in "when" and one of two
// words, which depends, not quite reliably, on the first.
func randomText(rng *rand.Rand) string {
	var b strings.Builder
	for range 12 {
		words := rng.Perm(7)[:1+rng.IntN(4)]
		for _, w := range words {
			fmt.Fprintf(&b, "%c ", 'a'+w)
		}
		next := "yes"
		if (words[0] < 3) != (rng.IntN(5) == 0) {
			next = "no"
		}
		fmt.Fprintf(&b, "when %s\n", next)
	}
	return b.String()
}

// TestCutLosses compares the losses of all cuts of random orders with a count of
// each from the text.
func TestCutLosses(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		text := randomText(rng)
		e := count(t, predict(), text)
		when, _ := e.Corpus.Vocab.Lookup("when")
		order := candidatesOf(e.Masks.Rows[when])
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		losses := cutLosses(e.Counts, when, order)
		if len(losses) != len(order)+1 {
			t.Fatalf("%d losses of %d words", len(losses), len(order))
		}
		for n, loss := range losses {
			wantNear(t, "loss of a cut", loss, maskLoss(text, "when", e.Corpus.Vocab.Texts(order[:n])), 1e-11)
		}
	}
}

// TestBestCut finds the best cut of random scores by trying all of them: of the
// cuts that are as good as the best, the one at the middle of the range if it is
// among them, else the smallest.
func TestBestCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	atMiddle, elsewhere := 0, 0
	for range 300 {
		text := randomText(rng)
		e := count(t, predict(), text)
		vocab := e.Corpus.Vocab
		when, _ := vocab.Lookup("when")
		about := candidatesOf(e.Masks.Rows[when])
		s := make([]float64, vocab.Len())
		for i := range s {
			s[i] = rng.NormFloat64()
		}
		middle := rng.NormFloat64()

		order := slices.Clone(about)
		slices.SortFunc(order, func(a, b data.Word) int { // no two scores are equal
			if s[a] > s[b] {
				return -1
			}
			return 1
		})
		losses := make([]float64, len(order)+1)
		for n := range losses {
			losses[n] = maskLoss(text, "when", vocab.Texts(order[:n]))
		}
		least := slices.Min(losses)
		cut := slices.IndexFunc(losses, func(l float64) bool { return l <= least+1e-10 })
		above := 0
		for _, u := range about {
			if s[u] > middle {
				above++
			}
		}
		if losses[above] <= least+1e-10 {
			cut = above
			atMiddle++
		} else {
			elsewhere++
		}
		want := slices.Clone(order[:cut])
		slices.Sort(want)

		before := slices.Clone(about)
		if got := bestCut(e.Counts, when, about, s, middle); !slices.Equal(got, want) {
			t.Errorf("cut %q, want %q, of %q", vocab.Texts(got), vocab.Texts(want), vocab.Texts(order))
		}
		if !slices.Equal(about, before) {
			t.Error("the list of words was changed")
		}
	}
	if atMiddle == 0 || elsewhere == 0 {
		t.Errorf("%d cuts at the middle, %d elsewhere: both kinds must occur", atMiddle, elsewhere)
	}
}

// TestBestCutKeepsEqualScoresTogether: words of one score are all taken or all
// left, even where a cut between them would have a lower loss.
func TestBestCutKeepsEqualScoresTogether(t *testing.T) {
	e := count(t, predict(), "")
	went, _ := e.Corpus.Vocab.Lookup("went")
	about := candidatesOf(e.Masks.Rows[went])
	s := make([]float64, e.Counts.V())
	if got := bestCut(e.Counts, went, about, s, -1); len(got) != 10 {
		t.Errorf("all above the middle: %q", e.Corpus.Vocab.Texts(got))
	}
	// 5/9 for the right word with all 10 is better than ½ with none.
	if got := bestCut(e.Counts, went, about, s, 1); len(got) != 10 {
		t.Errorf("all below the middle: %q", e.Corpus.Vocab.Texts(got))
	}
	candle, _ := e.Corpus.Vocab.Lookup("candle")
	the, _ := e.Corpus.Vocab.Lookup("the")
	train, _ := e.Corpus.Vocab.Lookup("train")
	s[candle], s[the], s[train] = 1, 1, 1
	if got := e.Corpus.Vocab.Texts(bestCut(e.Counts, went, about, s, 0.5)); !slices.Equal(got, []string{"candle", "the", "train"}) {
		t.Errorf("three of one score: %q", got)
	}
}

// TestBestCutPrefersTheMiddle: red tells the next word as surely as train does, so
// that it can be taken or left; it is taken when its score is above the middle.
func TestBestCutPrefersTheMiddle(t *testing.T) {
	e := count(t, predict(), strings.Replace(trainLine, "train", "train red", 1)+"\n"+trainLine+"\n"+lines(2, candleLine))
	vocab := e.Corpus.Vocab
	went, _ := vocab.Lookup("went")
	s := make([]float64, e.Counts.V())
	for text, x := range map[string]float64{"candle": 4, "train": 3, "red": 2} {
		u, _ := vocab.Lookup(text)
		s[u] = x
	}
	for middle, want := range map[float64]string{
		1:   "candle red train",
		2.5: "candle train",
		3.5: "candle train", // candle alone is worse: the smallest of the best
		-1:  "candle train",
	} {
		if got := vocab.Texts(bestCut(e.Counts, went, candidatesOf(e.Masks.Rows[went]), s, middle)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("middle %g: %q, want %q", middle, got, want)
		}
	}
}

// TestBestCutReachesTheBestMask gives the words of the best mask the highest
// scores: the cut must be as good as the best mask of an exhaustive search.
func TestBestCutReachesTheBestMask(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		text := randomText(rng)
		e := count(t, predict(), text)
		when, _ := e.Corpus.Vocab.Lookup("when")
		mask := e.Masks.Rows[when]
		s := make([]float64, e.Counts.V())
		for i := range s {
			s[i] = rng.Float64()
		}
		for _, u := range mask.Best.Mask {
			s[u] += 2
		}
		set := bestCut(e.Counts, when, candidatesOf(mask), s, 1.5)
		loss := maskLoss(text, "when", e.Corpus.Vocab.Texts(set))
		best := bestByTrying(text, e.Corpus.Vocab.Texts(candidatesOf(mask)))
		if loss > best+1e-10 {
			t.Errorf("loss %g of %q, the best mask has %g", loss, e.Corpus.Vocab.Texts(set), best)
		}
	}
}

// bestByTrying returns the least loss of all binary masks of the row when.
func bestByTrying(text string, words []string) float64 {
	best := math.Inf(1)
	for bits := range 1 << len(words) {
		var mask []string
		for i, u := range words {
			if bits&(1<<i) != 0 {
				mask = append(mask, u)
			}
		}
		best = min(best, maskLoss(text, "when", mask))
	}
	return best
}
