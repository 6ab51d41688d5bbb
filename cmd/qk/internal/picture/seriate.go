package picture

import (
	"cmp"
	"slices"
)

// seriate orders the rows and the columns of a matrix of weights, none below zero,
// so that large ones lie along the diagonal: each row goes to the mean place of its
// columns and each column to that of its rows, in turns until nothing moves
// (barycentres, Sugiyama, Tagawa and Toda 1981). What has no weight goes to the end, in
// the order given. The result is two permutations.
func seriate(weights [][]float64, columns int) (rowOrder, columnOrder []int) {
	rowOrder, columnOrder = identity(len(weights)), identity(columns)
	at := func(i, j int) float64 { return weights[i][j] }
	turned := func(j, i int) float64 { return weights[i][j] }
	for range 50 { // it settles within a few
		moved := barycentre(columnOrder, rowOrder, turned)
		moved = barycentre(rowOrder, columnOrder, at) || moved
		if !moved {
			break
		}
	}
	return rowOrder, columnOrder
}

// barycentre sorts order by the mean places in other, and tells whether it changed.
func barycentre(order, other []int, weight func(i, j int) float64) bool {
	before := slices.Clone(order)
	centres := make([]float64, len(order))
	for _, i := range order {
		var sum, places float64
		for place, j := range other {
			sum += weight(i, j)
			places += weight(i, j) * float64(place)
		}
		centres[i] = float64(len(other)) // without weight: behind all others
		if sum > 0 {
			centres[i] = places / sum
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(centres[a], centres[b]) })
	return !slices.Equal(before, order)
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
