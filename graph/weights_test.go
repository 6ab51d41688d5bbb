package graph

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
)

// checkLookup checks that every row that Lookup pulls is the row of Scores to the
// bit, and what plain sums give.
func checkLookup(t tb, w *Weights) {
	t.Helper()
	scores, err := w.Scores()
	if err != nil {
		t.Fatalf("scores: %v", err)
	}
	if len(scores) != w.V*w.V {
		t.Fatalf("%d scores, want %d", len(scores), w.V*w.V)
	}
	for word := range w.V {
		row, err := w.Lookup(data.Word(word))
		if err != nil {
			t.Fatalf("look up %d: %v", word, err)
		}
		if !sameBits(row, scores[word*w.V:(word+1)*w.V]) {
			t.Fatalf("V = %d, R = %d: row %d is %v looked up, but %v among all", w.V, w.R, word, row, scores[word*w.V:(word+1)*w.V])
		}
	}
	plain := plainScores(w)
	if w.OneHot && !w.Scaled && !slices.Equal(scores, plain) {
		t.Errorf("V = %d: one-hot scores are not Kᵀ", w.V)
	}
	wantNear(t, "scores", scores, plain, largest(w.Q...)*largest(w.K...), 1e-14) // the size of the summands
}

func TestLookup(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		V, R := rapid.IntRange(1, 20).Draw(rt, "V"), rapid.IntRange(1, 20).Draw(rt, "R")
		w := NewWeights(V, R, false, rapid.Bool().Draw(rt, "scaled"))
		w.Draw(rapid.Uint64().Draw(rt, "seed"), rapid.Float64Range(1e-3, 1e3).Draw(rt, "scale"))
		checkLookup(rt, w)
	})
}

// TestLookupLarge does so where products of matrices go in blocks and on several
// cores, while one row does not.
func TestLookupLarge(t *testing.T) {
	for _, shape := range [][2]int{{64, 64}, {65, 65}, {70, 130}, {130, 70}, {200, 3}, {700, 5}} {
		w := NewWeights(shape[0], shape[1], false, false)
		w.Draw(1, 1)
		checkLookup(t, w)
	}
}

func TestLookupOneHot(t *testing.T) {
	for _, V := range []int{1, 2, 13, 70} {
		for _, scaled := range []bool{false, true} {
			w := NewWeights(V, V, true, scaled)
			for i := range w.K {
				w.K[i] = math.Sqrt(float64(i + 1))
			}
			checkLookup(t, w)
		}
	}
}

// TestScaled checks the division by √R where it is exact: R = 4 halves.
func TestScaled(t *testing.T) {
	plain, scaled := NewWeights(5, 4, false, false), NewWeights(5, 4, false, true)
	plain.Draw(1, 1)
	scaled.Draw(1, 1)
	x, err := plain.Scores()
	if err != nil {
		t.Fatal(err)
	}
	y, err := scaled.Scores()
	if err != nil {
		t.Fatal(err)
	}
	for i := range x {
		if y[i] != x[i]/2 {
			t.Errorf("score %d is %v scaled, want %v/2", i, y[i], x[i])
		}
	}
}

// TestRows asks for rows in an order of their own, more than a block of them, and
// some twice.
func TestRows(t *testing.T) {
	w := NewWeights(30, 4, false, true)
	w.Draw(2, 1)
	all, err := w.Scores()
	if err != nil {
		t.Fatal(err)
	}
	var words, got []data.Word
	for i := range 70 {
		words = append(words, data.Word((i*17+3)%30))
	}
	err = w.Rows(words, func(word data.Word, s []float64) error {
		got = append(got, word)
		if !sameBits(s, all[int(word)*30:(int(word)+1)*30]) {
			t.Errorf("row %d is not the one among all", word)
		}
		for i := range s {
			s[i] = math.NaN() // they belong to the caller
		}
		return nil
	})
	if err != nil || !slices.Equal(got, words) {
		t.Errorf("rows %v, %v; want %v", got, err, words)
	}
}

// TestRowsStop: an error of the caller ends the rows and comes back, words that
// are not there are refused before the first, and no words are no rows.
func TestRowsStop(t *testing.T) {
	w, enough, rows := NewWeights(5, 2, false, false), errors.New("enough"), 0
	err := w.EachRow(func(word data.Word, _ []float64) error {
		if rows++; word == 2 {
			return enough
		}
		return nil
	})
	if err != enough || rows != 3 {
		t.Errorf("%d rows, error %v", rows, err)
	}
	never := func(data.Word, []float64) error { t.Error("a row"); return nil }
	if err := w.Rows([]data.Word{1, 5}, never); err == nil {
		t.Error("word 5 of 5 was found")
	}
	if err := w.Rows(nil, never); err != nil {
		t.Error(err)
	}
}

// TestEachRowMemory: all rows of a large matrix are seen in a small part of its
// memory.
func TestEachRowMemory(t *testing.T) {
	const V = 3000
	w := NewWeights(V, 2, false, false)
	w.Draw(1, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := w.EachRow(func(data.Word, []float64) error { return nil }); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(V*V*8/8); got > most {
		t.Errorf("%d bytes were allocated, more than %d", got, most)
	}
}

// TestLookupUnknown asks for words that are not there.
func TestLookupUnknown(t *testing.T) {
	w := NewWeights(3, 2, false, false)
	for _, word := range []data.Word{-1, 3, math.MaxInt32, math.MinInt32} {
		if row, err := w.Lookup(word); err == nil || !strings.Contains(err.Error(), "V = 3") {
			t.Errorf("word %d: row %v and error %v, want an error that gives V", word, row, err)
		}
	}
}

// TestNewWeights checks the first weights: zero, and the identity as one-hot Q.
func TestNewWeights(t *testing.T) {
	w := NewWeights(2, 3, false, false)
	if zero := make([]float64, 6); !slices.Equal(w.Q, zero) || !slices.Equal(w.K, zero) {
		t.Errorf("Q is %v and K %v, want zeros", w.Q, w.K)
	}
	w = NewWeights(2, 2, true, false)
	if !slices.Equal(w.Q, []float64{1, 0, 0, 1}) || !slices.Equal(w.K, make([]float64, 4)) {
		t.Errorf("one-hot Q is %v and K %v, want the identity and zeros", w.Q, w.K)
	}
}

// TestDraw pins the numbers that a seed gives, so that a recorded seed means the
// same for ever. They are 0.1 times the first normal numbers of math/rand/v2's
// PCG of seed and stream 0x716b, as a program of five lines prints them.
func TestDraw(t *testing.T) {
	draw := func(seed uint64, scale float64) *Weights {
		w := NewWeights(2, 1, false, false)
		w.Draw(seed, scale)
		return w
	}
	w := draw(1, 0.1)
	if got, want := slices.Concat(w.Q, w.K), []float64{0.03862052762122292, 0.0754186101862409, -0.11144424685120101, 0.17994327170148502}; !slices.Equal(got, want) {
		t.Errorf("seed 1 gives Q, K = %v, want %v", got, want)
	}
	if again := draw(1, 0.1); !slices.Equal(w.Q, again.Q) || !slices.Equal(w.K, again.K) {
		t.Error("the same seed gives other numbers")
	}
	w.Draw(1, 0.1) // over numbers that are there
	if again := draw(1, 0.1); !slices.Equal(w.Q, again.Q) || !slices.Equal(w.K, again.K) {
		t.Error("drawing twice gives other numbers than drawing once")
	}
	for _, seed := range []uint64{0, 2, math.MaxUint64} {
		if other := draw(seed, 0.1); slices.Equal(w.Q, other.Q) || slices.Equal(w.K, other.K) {
			t.Errorf("seeds 1 and %d give the same numbers", seed)
		}
	}
	if zero := draw(1, 0); !slices.Equal(slices.Concat(zero.Q, zero.K), make([]float64, 4)) {
		t.Errorf("deviation 0 gives Q = %v, K = %v, want zeros", zero.Q, zero.K)
	}
}

// TestDrawMoments checks mean and deviation of many numbers: the mean of n has
// deviation σ/√n and the variance σ²·√(2/n), and five of them is the bound.
func TestDrawMoments(t *testing.T) {
	w := NewWeights(100, 100, false, false)
	w.Draw(9, 0.5)
	var sum, squares float64
	all := slices.Concat(w.Q, w.K)
	for _, x := range all {
		sum, squares = sum+x, squares+x*x
	}
	n := float64(len(all))
	wantNear(t, "mean", []float64{sum / n}, []float64{0}, 0.5/math.Sqrt(n), 5)
	wantNear(t, "variance", []float64{squares / n}, []float64{0.25}, 0.25*math.Sqrt(2/n), 5)
}

func TestDrawOneHot(t *testing.T) {
	w := NewWeights(2, 2, true, false)
	w.K[1] = 7
	w.Draw(1, 0.1)
	if !slices.Equal(w.Q, []float64{1, 0, 0, 1}) || !slices.Equal(w.K, make([]float64, 4)) {
		t.Errorf("one-hot Q is %v and K %v after drawing, want the identity and zeros", w.Q, w.K)
	}
}
