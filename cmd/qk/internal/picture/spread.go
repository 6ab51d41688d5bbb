package picture

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
)

// spread moves the middles of labels of one height apart until no two overlap, as
// little as it can, between low and high. It returns them in the order given. Where
// there is not room for all they are set at equal distances.
//
// Labels that touch are moved as a block whose middle is the mean of what its labels
// wanted, which is the least sum of squares; blocks that meet are joined (the pool of
// adjacent violators, Ayer et al. 1955).
func spread(wanted []vg.Length, height, low, high vg.Length) []vg.Length {
	n := len(wanted)
	if n == 0 {
		return nil
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
	low, high = low+height/2, high-height/2
	out := make([]vg.Length, n)
	if room := high - low; room < height*vg.Length(n-1) {
		for k, i := range order {
			out[i] = low + max(0, room)*vg.Length(k)/vg.Length(max(1, n-1))
		}
		return out
	}
	type block struct {
		sum   vg.Length // of the places where the first label of the block would be for each
		n     int
		start int
	}
	place := func(b block) vg.Length {
		return max(low, min(high-height*vg.Length(b.n-1), b.sum/vg.Length(b.n)))
	}
	var blocks []block
	for k, i := range order {
		b := block{wanted[i], 1, k}
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if place(last)+height*vg.Length(last.n) <= place(b) {
				break
			}
			b = block{last.sum + b.sum - height*vg.Length(last.n)*vg.Length(b.n), last.n + b.n, last.start}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		first := place(b)
		for k := range b.n {
			out[order[b.start+k]] = first + height*vg.Length(k)
		}
	}
	return out
}
