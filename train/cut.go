package train

import (
	"cmp"
	"math"
	"slices"

	"qk/data"
)

// bestCut returns the learned set of row w: the words of the highest scores, cut
// where the counted loss of the binary mask is least, see [LearnRow]. about lists
// the words of the row, s the scores [V], middle the middle of the row's range.
func bestCut(c *data.Counts, w data.Word, about []data.Word, s []float64, middle float64) []data.Word {
	order := slices.Clone(about)
	slices.SortStableFunc(order, func(a, b data.Word) int { return cmp.Compare(s[b], s[a]) })
	losses := cutLosses(c, w, order)
	for n := 1; n < len(order); n++ {
		if s[order[n-1]] == s[order[n]] {
			losses[n] = math.Inf(1) // the scores do not tell these two apart
		}
	}

	least := slices.Min(losses)
	tolerance := 1e-12 * (1 + least)
	atMiddle := 0
	for atMiddle < len(order) && s[order[atMiddle]] > middle {
		atMiddle++
	}
	cut := atMiddle
	if losses[atMiddle] > least+tolerance {
		cut = slices.IndexFunc(losses, func(l float64) bool { return l <= least+tolerance })
	}
	set := order[:cut]
	slices.Sort(set)
	return set
}

// cutLosses returns, for n = 0 … len(order), −Σ ln p over the positions of row w
// in nats when the first n words are selected: p is the mean of their votes
// where any of them is present, else P(y|w). A word that is added changes only
// the positions that hold it.
func cutLosses(c *data.Counts, w data.Word, order []data.Word) []float64 {
	positions := c.PositionsOf(w)
	at := map[data.Word][]int{} // positions that hold a word
	sum, count, loss := make([]float64, len(positions)), make([]float64, len(positions)), make([]float64, len(positions))
	for i, p := range positions {
		loss[i] = -float64(p.N) * math.Log(c.Transitions[w].P(p.Next))
		for _, u := range p.Earlier {
			at[u] = append(at[u], i)
		}
	}
	losses := []float64{total(loss)}
	for _, u := range order {
		pair, _ := c.Pair(w, u)
		for _, i := range at[u] {
			sum[i] += pair.P(positions[i].Next)
			count[i]++
			loss[i] = -float64(positions[i].N) * math.Log(sum[i]/count[i])
		}
		losses = append(losses, total(loss))
	}
	return losses
}

func total(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum
}
