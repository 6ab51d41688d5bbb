package graph

import (
	"math"

	"qk/data"
)

// fusedPredict is the loss of predict, computed as the graph of predict.go
// computes it but by the sparsity that the graph cannot see:
//
//   - A score S[w,u] and its exponential are computed once for each pair that
//     occurs, not once for each row of a batch and each of V columns.
//   - A position then costs two multiply-adds for each of its earlier words.
//   - The derivative is gathered by pair, ds = ∂loss/∂S[w,u], and only then
//     multiplied with the keys and queries.
//
// With P pairs, E entries (positions times their earlier words) and rank R, a
// step costs O(P·R + E), and memory O(P + E).
//
// Exponentials are shifted by the row's largest score or the null slot's 0. A
// position all of whose
// words are so far below that its sums vanish is computed with its own shift.
//
// Rows are independent of each other until the last sum, so any number of
// goroutines gives the same bits.
type fusedPredict struct {
	V, R  int
	scale float64 // 1/√R or 1
	data  *ragged

	scores []float64 // [pairs] S[w,u]
	exps   []float64 // [pairs] e^(S[w,u] − row's shift)
	ds     []float64 // [pairs] ∂loss/∂S[w,u]
	losses []float64 // [V] Σ −n/N ln p over the positions of the row
}

func newFusedPredict(c *data.Counts, w *Weights, null bool) *fusedPredict {
	r := newRagged(c, null)
	n := r.pairs.len()
	return &fusedPredict{
		V: w.V, R: w.R, scale: w.scale(), data: r,
		scores: make([]float64, n), exps: make([]float64, n), ds: make([]float64, n), losses: make([]float64, w.V),
	}
}

func (o *fusedPredict) loss(q, k []float64) float64 {
	parallel(o.V, len(o.data.entryPair)+o.data.pairs.len()*o.R, func(first, last int) {
		for w := first; w < last; w++ {
			o.losses[w] = o.row(w, q, k)
		}
	})
	loss := o.data.rest
	for _, l := range o.losses {
		loss += l
	}
	return loss
}

func (o *fusedPredict) gradient(g float64, q, k, dq, dk []float64) {
	o.data.pairs.gradients(g*o.scale, o.ds, q, k, dq, dk, o.R)
}

// row computes the scores of row w, the loss of its positions and ds.
func (o *fusedPredict) row(w int, q, k []float64) float64 {
	d := o.data
	first, last := d.pairs.start[w], d.pairs.start[w+1]
	d.pairs.scores(w, q, k, o.R, o.scale, o.scores)
	shift := 0.0 // of the null slot; any shift near the largest score serves
	for p := first; p < last; p++ {
		shift = max(shift, o.scores[p])
	}
	for p := first; p < last; p++ {
		o.exps[p] = math.Exp(o.scores[p] - shift)
		o.ds[p] = 0
	}
	null, loss := math.Exp(-shift), 0.0
	for i := d.start[w]; i < d.start[w+1]; i++ {
		loss += o.position(int(i), null)
	}
	return loss
}

// vanishing is the size below which a sum of shifted exponentials is computed
// with a shift of its own.
const vanishing = 1e-200

// position adds the derivatives of one position to ds and returns its loss. null
// is e^(0 − shift).
//
//	−n/N ln p = n/N (ln den − ln num),   ∂/∂S[w,u] = n/N · e^S (1/den − P(y|u,w)/num)
func (o *fusedPredict) position(i int, null float64) float64 {
	d := o.data
	first, last := d.entryStart[i], d.entryStart[i+1]
	pairs, votes := d.entryPair[first:last], d.entryVote[first:last]
	den := null * d.null[i]
	num := den * d.base[i]
	for j, p := range pairs {
		e := o.exps[p]
		den += e
		num += e * votes[j]
	}
	if !(num > vanishing && den > vanishing) { // or not a number
		return o.farPosition(i)
	}
	n := d.weight[i]
	a, b := n/den, n/num
	for j, p := range pairs {
		o.ds[p] += o.exps[p] * (a - b*votes[j])
	}
	return n * math.Log(den/num)
}

// farPosition is position with shifts of its own. All scores are first taken
// relative to the position's largest, m, which is exact for scores far apart and
// leaves logarithms of the size of the votes' own:
//
//	ln den = m + ln Σ e^(s−m),   ln num = m + t + ln Σ e^(s−m + ln P − t)
//
// with t the largest of s − m + ln P. In the loss m cancels.
func (o *fusedPredict) farPosition(i int) float64 {
	d := o.data
	first, last := d.entryStart[i], d.entryStart[i+1]
	pairs, votes := d.entryPair[first:last], d.entryVote[first:last]
	m := negInf
	if d.null[i] > 0 {
		m = 0
	}
	for _, p := range pairs {
		m = max(m, o.scores[p])
	}
	t := negInf
	if d.null[i] > 0 {
		t = math.Log(d.base[i]) - m
	}
	for j, p := range pairs {
		t = max(t, o.scores[p]-m+math.Log(votes[j]))
	}
	var den, num float64
	if d.null[i] > 0 {
		den, num = math.Exp(-m), math.Exp(math.Log(d.base[i])-m-t)
	}
	for j, p := range pairs {
		den += math.Exp(o.scores[p] - m)
		num += math.Exp(o.scores[p] - m + math.Log(votes[j]) - t)
	}
	n := d.weight[i]
	for j, p := range pairs {
		attention := math.Exp(o.scores[p]-m) / den
		posterior := math.Exp(o.scores[p]-m+math.Log(votes[j])-t) / num
		o.ds[p] += n * (attention - posterior)
	}
	return n * (math.Log(den) - t - math.Log(num))
}
