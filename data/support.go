package data

import (
	"iter"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat/distuv"
)

// sameShare tells whether a/b = c/d, in 128-bit integers.
func sameShare(a, b, c, d uint64) bool {
	hi1, lo1 := bits.Mul64(a, d)
	hi2, lo2 := bits.Mul64(c, b)
	return hi1 == hi2 && lo1 == lo2
}

// jointly yields c2(u,w,y) and c1(w,y) for every y that follows w. As both rows
// are sorted, one walk over them does.
func jointly(pair, all Row) iter.Seq2[uint64, uint64] {
	return func(yield func(in, n uint64) bool) {
		rest := pair.Cells
		for _, c := range all.Cells {
			in := uint64(0)
			if len(rest) > 0 && rest[0].Word == c.Word {
				in, rest = rest[0].N, rest[1:]
			}
			if !yield(in, c.N) {
				return
			}
		}
	}
}

// Informs tells whether seeing the earlier word changes what follows the
// current word at all: whether P(·|u,w) differs from P(·|w). pair is c2(u,w,·)
// and all is c1(w,·).
//
// The two are compared by cross-multiplication, c2(u,w,y)·c1(w) against
// c2(u,w)·c1(w,y), in 128-bit integers, so there is no threshold and no
// rounding. Words y that never follow w make both sides zero and need no look.
func Informs(pair, all Row) bool {
	for in, n := range jointly(pair, all) {
		if !sameShare(in, pair.Total, n, all.Total) {
			return true
		}
	}
	return false
}

// Divergence returns the Kullback–Leibler divergence KL(P(·|u,w) ‖ P(·|w)) in
// nats: how much an observation of u tells about what follows w. It is the
// graded form of [Informs], zero exactly where that is false.
func Divergence(pair, all Row) float64 {
	if !Informs(pair, all) {
		return 0
	}
	var kl float64
	for _, c := range pair.Cells {
		p := float64(c.N) / float64(pair.Total)
		kl += p * math.Log(p/all.P(c.Word))
	}
	return max(kl, 0)
}

// ChiSquared returns Pearson's divergence χ²(P(·|u,w) ‖ P(·|w)) = Σ (p−q)²/q,
// summed over the words y that follow w. Times −c2(u,w)/N it is the gradient of
// the loss with respect to a gate on u at zero, see the package graph.
func ChiSquared(pair, all Row) float64 {
	var sum float64
	for in, n := range jointly(pair, all) {
		q := float64(n) / float64(all.Total)
		d := float64(in)/float64(pair.Total) - q
		sum += d * d / q
	}
	return sum
}

// GTest is the likelihood-ratio test of whether the next word depends on the
// presence of u before w: the table is (u present, u absent) × (next word).
// statistic is G = 2 Σ O ln(O/E), degrees the degrees of freedom, p the
// probability of a G at least as large if u told nothing, by the χ²
// distribution. With one next word only, or when u is always present, there is
// nothing to test and p is 1.
//
// Source: R. R. Sokal and F. J. Rohlf, Biometry, "The G-test of independence".
func GTest(pair, all Row) (statistic float64, degrees int, p float64) {
	absent := all.Total - pair.Total
	degrees = len(all.Cells) - 1
	if absent == 0 || degrees < 1 || !Informs(pair, all) {
		return 0, max(degrees, 0), 1
	}
	var alone [64]float64 // the terms of a small n that is never seen with u, once known
	for in, n := range jointly(pair, all) {
		q := float64(n) / float64(all.Total)
		if in > 0 || n >= uint64(len(alone)) {
			statistic += gTerm(in, float64(pair.Total)*q) + gTerm(n-in, float64(absent)*q)
			continue
		}
		if alone[n] == 0 {
			alone[n] = gTerm(n, float64(absent)*q)
		}
		statistic += alone[n]
	}
	statistic = max(2*statistic, 0)
	return statistic, degrees, distuv.ChiSquared{K: float64(degrees)}.Survival(statistic)
}

// gTerm is O ln(O/E), and 0 for O = 0.
func gTerm(observed uint64, expected float64) float64 {
	if observed == 0 {
		return 0
	}
	return float64(observed) * math.Log(float64(observed)/expected)
}
