package train

import (
	"cmp"
	"slices"
)

// SomersD returns Somers' D of y given x: over all pairs of observations whose
// x differ, the share of those that y orders the same way less the share that y
// orders the other way. Pairs that y ties count as neither. It is 1 when y
// orders everything as x does, 0 without any association and −1 when it
// reverses the order. ok is false when all x are equal.
//
// Ties in x are left out, unlike in Kendall's τ: among words that the counts
// value alike, a learner may put any first.
//
// Observations are taken in ascending order of x, and those of a smaller y and of
// a larger y among the ones before are looked up in a tree of counts, so that n
// observations cost O(n log n). All numbers of pairs are exact.
//
// Source: R. H. Somers, "A new asymmetric measure of association for ordinal
// variables", American Sociological Review 27(6), 1962.
func SomersD(x, y []float64) (d float64, ok bool) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	levels := slices.Clone(y)
	slices.Sort(levels)
	levels = slices.Compact(levels)

	before := make(fenwick, len(levels)+1)
	var same, opposite, pairs int
	for done := 0; done < len(order); {
		group := 1 // observations of one x
		for done+group < len(order) && x[order[done+group]] == x[order[done]] {
			group++
		}
		ties := order[done : done+group]
		for _, i := range ties {
			level, _ := slices.BinarySearch(levels, y[i])
			same += before.sum(level)
			opposite += done - before.sum(level+1)
		}
		for _, i := range ties {
			level, _ := slices.BinarySearch(levels, y[i])
			before.add(level)
		}
		pairs += done * group
		done += group
	}
	if pairs == 0 {
		return 0, false
	}
	return float64(same-opposite) / float64(pairs), true
}

// fenwick counts observations by level so that sums are fast: entry i holds the
// count of the levels i − lowest bit of i … i − 1.
//
// Source: P. M. Fenwick, "A new data structure for cumulative frequency tables",
// Software: Practice and Experience 24(3), 1994.
type fenwick []int

// add counts one observation of a level.
func (f fenwick) add(level int) {
	for i := level + 1; i < len(f); i += i & -i {
		f[i]++
	}
}

// sum returns the number of observations below a level.
func (f fenwick) sum(level int) int {
	n := 0
	for i := level; i > 0; i -= i & -i {
		n += f[i]
	}
	return n
}
