package graph

import (
	"fmt"
	"math"
	"sync/atomic"

	G "gorgonia.org/gorgonia"

	"qk/data"
)

// fusedPredict is the loss of predict as one operation: (Q [V,R], K [V,R]) →
// scalar, or (K [V,V]) → scalar in the one-hot form. It computes what the graph
// of predict.go computes, by the sparsity that the graph cannot see:
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
// Exponentials are shifted by the row's largest score. A position all of whose
// words are so far below that its sums vanish is computed with its own shift.
//
// Rows are independent of each other until the last sum, and columns are in the
// product with the queries, so any number of goroutines gives the same bits.
type fusedPredict struct {
	id     int64 // Gorgonia merges operations of equal hash
	V, R   int
	scale  float64 // 1/√R or 1
	oneHot bool
	data   *ragged

	scores []float64 // [pairs] S[w,u]
	exps   []float64 // [pairs] e^(S[w,u] − row's shift)
	ds     []float64 // [pairs] ∂loss/∂S[w,u] of the last Do
	losses []float64 // [V] Σ −n/N ln p over the positions of the row
}

var fusedIDs atomic.Int64

func newFusedPredict(c *data.Counts, w *Weights, null bool) *fusedPredict {
	r := newRagged(c, null)
	pairs := len(r.pairU)
	o := &fusedPredict{
		id: fusedIDs.Add(1), V: w.V, R: w.R, scale: 1, oneHot: w.OneHot, data: r,
		scores: make([]float64, pairs), exps: make([]float64, pairs), ds: make([]float64, pairs), losses: make([]float64, w.V),
	}
	if w.Scaled {
		o.scale = 1 / math.Sqrt(float64(w.R))
	}
	return o
}

// matrices returns the numbers of Q, nil in the one-hot form, and of K.
func (o *fusedPredict) matrices(in []G.Value) (q, k []float64, err error) {
	k, err = dense(in[o.keys()])
	if err == nil && !o.oneHot {
		q, err = dense(in[0])
	}
	if err == nil && (len(k) != o.V*o.R || !o.oneHot && len(q) != o.V*o.R) {
		err = fmt.Errorf("%d and %d numbers, expected %d", len(q), len(k), o.V*o.R)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", o, err)
	}
	return q, k, nil
}

// keys is the index of K among the inputs.
func (o *fusedPredict) keys() int { return o.Arity() - 1 }

// Do computes the loss, and ds for the gradient.
func (o *fusedPredict) Do(in ...G.Value) (G.Value, error) {
	q, k, err := o.matrices(in)
	if err != nil {
		return nil, err
	}
	parallel(o.V, len(o.data.entryPair)+len(o.data.pairU)*o.R, func(first, last int) {
		for w := first; w < last; w++ {
			o.losses[w] = o.row(w, q, k)
		}
	})
	loss := o.data.rest
	for _, l := range o.losses {
		loss += l
	}
	return G.NewF64(loss), nil
}

// row computes the scores of row w, the loss of its positions and ds.
func (o *fusedPredict) row(w int, q, k []float64) float64 {
	d := o.data
	first, last := d.pairStart[w], d.pairStart[w+1]
	shift := 0.0 // of the null slot; any shift near the largest score serves
	if o.oneHot {
		for p := first; p < last; p++ {
			o.scores[p] = k[int(d.pairU[p])*o.R+w] * o.scale
		}
	} else {
		query := q[w*o.R : (w+1)*o.R]
		for p := first; p < last; p++ {
			u := int(d.pairU[p])
			o.scores[p] = dot(query, k[u*o.R:(u+1)*o.R]) * o.scale
		}
	}
	for p := first; p < last; p++ {
		shift = max(shift, o.scores[p])
	}
	for p := first; p < last; p++ {
		o.exps[p] = math.Exp(o.scores[p] - shift)
		o.ds[p] = 0
	}
	null, loss := math.Exp(-shift), 0.0
	for i := d.positionStart[w]; i < d.positionStart[w+1]; i++ {
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

// dot is the inner product of two vectors of one length, in four partial sums.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var a, b, c, d float64
	for len(x) >= 4 && len(y) >= 4 {
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}
