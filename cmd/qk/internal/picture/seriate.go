package picture

import (
	"cmp"
	"math"
	"slices"
)

// seriate orders the rows and the columns of a matrix of weights, none below zero,
// so that large ones lie along the diagonal: rows that are alike are put side by side,
// then each column goes to the mean place of its rows and each row to that of its
// columns, in turns until nothing moves (barycentres, Sugiyama, Tagawa and Toda 1981).
// What has no weight goes to the end, in the order given. The result is two
// permutations.
func seriate(weights [][]float64, columns int) (rowOrder, columnOrder []int) {
	rowOrder, columnOrder = chain(weights), identity(columns)
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

// chain puts the rows in a row in which each is followed by the one most like it, by
// the cosine, of those that are left. It begins with the heaviest. By themselves
// barycentres can stand still where like rows are spread evenly.
func chain(weights [][]float64) []int {
	var order, left []int
	for i := range weights {
		left = append(left, i)
	}
	dot := func(i, j int) float64 {
		var sum float64
		for k, x := range weights[i] {
			sum += x * weights[j][k]
		}
		return sum
	}
	norm := make([]float64, len(weights))
	for i := range weights {
		norm[i] = math.Sqrt(dot(i, i))
	}
	for len(left) > 0 {
		best, most := 0, -1.0
		for k, i := range left {
			like := norm[i]
			if n := len(order); n > 0 && norm[i] > 0 && norm[order[n-1]] > 0 {
				like = 1 + dot(i, order[n-1])/norm[i]/norm[order[n-1]] // above all without weight
			}
			if like > most {
				best, most = k, like
			}
		}
		order = append(order, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return order
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
