package data

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// mixtureLoss is −Σ n ln Σ λ_k P_k.
func mixtureLoss(counts []float64, votes [][]float64, weights []float64) float64 {
	var loss float64
	for y, n := range counts {
		var p float64
		for k, v := range votes {
			p += weights[k] * v[y]
		}
		loss -= n * math.Log(p)
	}
	return loss
}

// TestMixtureBound has mixtures whose optimum is known. Where what is counted
// lies between the voters, it is the entropy of the counts, n Σ −f ln f.
func TestMixtureBound(t *testing.T) {
	entropy := func(counts ...float64) float64 {
		var n, sum float64
		for _, c := range counts {
			n += c
		}
		for _, c := range counts {
			sum -= c * math.Log(c/n)
		}
		return sum
	}
	for _, c := range []struct {
		name   string
		counts []float64
		votes  [][]float64
		want   float64
	}{
		{"one next word: the best voter", []float64{3}, [][]float64{{0.25}, {0.5}, {0.125}}, 3 * math.Ln2},
		{"one next word, certain", []float64{7}, [][]float64{{0.1}, {1}}, 0},
		{"one voter", []float64{1, 2}, [][]float64{{0.5, 0.25}}, 5 * math.Ln2},
		{"two voters, each sure of another word", []float64{1, 3}, [][]float64{{1, 0}, {0, 1}}, entropy(1, 3)},
		{"three", []float64{1, 3, 4}, [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, entropy(1, 3, 4)},
		{"half and half", []float64{3, 1}, [][]float64{{0.5, 0.5}, {1, 0}}, entropy(3, 1)},
		{"alike", []float64{2, 2}, [][]float64{{0.5, 0.25}, {0.5, 0.25}, {0.5, 0.25}}, 6 * math.Ln2},
		// At (½, ½) alone, (1, 0) has g = ¼·2 = ½ < 1: no weight for it helps.
		{"beyond the voters", []float64{1, 3}, [][]float64{{0.5, 0.5}, {1, 0}}, 4 * math.Ln2},
		// g of (¼, ¾) at (¾, ¼) would be 1·3, so the weight goes there.
		{"at the other end", []float64{0.1, 9.9}, [][]float64{{0.75, 0.25}, {0.25, 0.75}}, 0.1*math.Log(4) + 9.9*math.Log(4./3)},
	} {
		got := mixtureBound(c.counts, c.votes)
		if got > c.want+1e-12 || got < c.want-1e-6 {
			t.Errorf("%s: the bound is %.15g, want %.15g or hardly less", c.name, got, c.want)
		}
	}
}

// TestMixtureBoundProperties: no weights have a loss below the bound, and for
// two voters the least loss, by bisection of its slope, is close to it.
func TestMixtureBoundProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "next words")
		voters := rapid.IntRange(1, 4).Draw(t, "voters")
		counts := rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 20), func(n int) float64 { return float64(n) }), n, n).Draw(t, "counts")
		votes := make([][]float64, voters)
		for k := range votes {
			shares := rapid.SliceOfN(rapid.IntRange(0, 9), n+1, n+1).Draw(t, "shares")
			total := 1.0 // of it, something goes to words that do not follow here
			for _, s := range shares {
				total += float64(s)
			}
			for y := range n {
				if k == 0 {
					shares[y]++ // every next word has a vote
					total++
				}
				votes[k] = append(votes[k], float64(shares[y]))
			}
			for y := range n {
				votes[k][y] /= total
			}
		}
		var sum float64
		for _, c := range counts {
			sum += c
		}
		bound := mixtureBound(counts, votes)
		weights := make([]float64, voters)
		for range 20 {
			var total float64
			for k := range weights {
				weights[k] = math.Pow(rapid.Float64Range(0, 1).Draw(t, "weight"), 3) + 1e-9
				total += weights[k]
			}
			for k := range weights {
				weights[k] /= total
			}
			if loss := mixtureLoss(counts, votes, weights); loss < bound-1e-12*(1+sum) {
				t.Fatalf("%v of %v with the weights %v has %.15g, below the bound %.15g", counts, votes, weights, loss, bound)
			}
		}
		if voters != 2 {
			return
		}
		slope := func(a float64) float64 { // at the weights 1−a, a
			var s float64
			for y, c := range counts {
				s -= c * (votes[1][y] - votes[0][y]) / ((1-a)*votes[0][y] + a*votes[1][y])
			}
			return s
		}
		low, high := 0.0, 1.0
		for range 100 {
			if middle := (low + high) / 2; slope(middle) < 0 {
				low = middle
			} else {
				high = middle
			}
		}
		least := mixtureLoss(counts, votes, []float64{1 - low, low})
		if bound > least+1e-12*(1+sum) || bound < least-0.003*sum {
			t.Fatalf("%v of %v has at least %.15g; the bound is %.15g", counts, votes, least, bound)
		}
	})
}
