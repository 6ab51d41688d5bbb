package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// exactUpTo is how many values two samples may have together for the exact test,
// which takes a millisecond for so many.
const exactUpTo = 100

// uTest is the two-sided test of Mann and Whitney ("On a test of whether one of two
// random variables is stochastically larger than the other", Annals of Mathematical
// Statistics 18, 1947): the probability that the sum of the ranks of a sample is as far
// from its mean as here, or further, when chance alone says which values are in it.
// Equal values share the mean of their ranks. It is exact up to [exactUpTo] values,
// ties or not, and beyond a normal approximation with corrections for ties and for
// continuity. For an empty sample it is not a number.
func uTest(a, b []float64) float64 {
	n, all := len(a), len(a)+len(b)
	if n == 0 || n == all {
		return math.NaN()
	}
	ranks, ties := doubledRanks(append(slices.Clone(a), b...))
	sum := 0
	for _, r := range ranks[:n] {
		sum += r
	}
	middle := n * (all + 1) // the mean of the sum of the doubled ranks
	off := sum - middle
	if off < 0 {
		off = -off
	}
	if all <= exactUpTo {
		return exactTail(ranks, n, middle, off)
	}
	N, nm := float64(all), float64(n)*float64(all-n)
	deviation := math.Sqrt(nm / 12 * (N + 1 - ties/(N*(N-1))))
	if deviation == 0 {
		return 1
	}
	return min(1, 2*distuv.UnitNormal.Survival(max(0, float64(off)/2-0.5)/deviation))
}

// doubledRanks returns twice the rank of every value, which is a whole number, and
// Σ t³−t over the groups of t equal values.
func doubledRanks(values []float64) (ranks []int, ties float64) {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case values[i] < values[j]:
			return -1
		case values[i] > values[j]:
			return 1
		}
		return 0
	})
	ranks = make([]int, len(values))
	for start := 0; start < len(order); {
		end := start + 1
		for end < len(order) && values[order[end]] == values[order[start]] {
			end++
		}
		for _, i := range order[start:end] {
			ranks[i] = start + 1 + end // twice the mean of start+1 … end
		}
		t := float64(end - start)
		ties += t*t*t - t
		start = end
	}
	return ranks, ties
}

// exactTail is the share of all choices of n ranks whose sum is at least off from the
// middle. ways[k][s] is the share of the choices of k ranks among those seen that sum to
// s, in units that keep it from overflowing: each rank multiplies by a half whether
// it is taken or not.
func exactTail(ranks []int, n, middle, off int) float64 {
	total := 0
	for _, r := range ranks {
		total += r
	}
	ways := make([][]float64, n+1)
	for k := range ways {
		ways[k] = make([]float64, total+1)
	}
	ways[0][0] = 1
	reach := 0
	for i, r := range ranks {
		reach += r
		for k := min(n, i+1); k >= 0; k-- {
			row := ways[k]
			for s := reach; s >= 0; s-- {
				row[s] /= 2
				if k > 0 && s >= r {
					row[s] += ways[k-1][s-r] / 2
				}
			}
		}
	}
	var tail, whole float64
	for s, w := range ways[n] {
		whole += w
		if s <= middle-off || s >= middle+off {
			tail += w
		}
	}
	return min(1, tail/whole)
}
