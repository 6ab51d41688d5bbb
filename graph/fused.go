package graph

import (
	"math"

	"qk/data"
	"qk/graph/kernel"
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
// step costs O(P·R + E), and memory O(P + E); in a batch P = E.
//
// Exponentials are shifted by the row's largest score or the null slot's 0. A
// position all of whose words are so far below that its sums vanish is computed
// with its own shift.
//
// Rows are independent of each other until the last sum, and so are columns of
// the gradient, so any number of members gives the same bits.
type fusedPredict[F kernel.Float] struct {
	shape
	set  *kernel.Set[F]
	team *team
	data *positions[F]
	null bool

	all, now *ragged // the whole text, the batch
	written  footprint
	stale    bool // the gradient holds numbers that are not to stay

	scores []F       // [pairs] S[w,u]
	exps   []F       // [pairs] e^(S[w,u] − row's shift)
	ds     []F       // [pairs] scale · ∂loss/∂S[w,u]
	by     []F       // [pairs] ds by columns
	losses []float64 // [rows] Σ −a ln p over the positions of the row
	each   []float64 // [positions] −ln p, if asked for

	q, k, dq, dk []F
	work         func(member, members int)
}

func newFusedPredict[F kernel.Float](v *data.Voters, s shape, null bool, set *kernel.Set[F], t *team) *fusedPredict[F] {
	o := &fusedPredict[F]{shape: s, set: set, team: t, data: newPositions[F](v), null: null}
	o.all = o.data.whole(s.V)
	o.all.rest = o.data.lonely(o.data.ids, o.data.weights)
	o.work = o.descend
	o.use(nil)
	return o
}

func (o *fusedPredict[F]) rows() ([]int32, []uint64, float64) {
	return o.data.ids, o.data.masses, o.data.unit
}

func (o *fusedPredict[F]) prepare(b *Batch) {
	r := planOf[ragged](b)
	o.data.lay(r, b, o.V)
	r.rest = o.data.lonely(b.Rows, b.Weights)
}

func (o *fusedPredict[F]) use(b *Batch) {
	o.now = o.all
	if b != nil {
		o.now = planOf[ragged](b)
	}
	n := o.now.pairs.len()
	o.scores, o.exps, o.ds, o.by = grow(o.scores, n), grow(o.exps, n), grow(o.ds, n), grow(o.by, n)
	o.losses = grow(o.losses, len(o.now.pairs.words))
}

// wipe leaves it to the members of the next run to clear what the last one wrote,
// unless that is what they write again.
func (o *fusedPredict[F]) wipe([]F, []F) { o.stale = !o.written.whole || o.now != o.all }

func (o *fusedPredict[F]) math(r *ragged) pairMath[F] {
	return pairMath[F]{o.shape, o.set, &r.pairs}
}

func (o *fusedPredict[F]) run(q, k, dq, dk []F) float64 {
	o.q, o.k, o.dq, o.dk = q, k, dq, dk
	members := o.team.size(maxShards, o.now.pairs.len()*o.R+8*len(o.now.entryPair))
	o.team.run(members, o.work)
	o.q, o.k, o.dq, o.dk, o.stale = nil, nil, nil, nil, false
	loss := o.now.rest
	for _, l := range o.losses {
		loss += l
	}
	if dk != nil {
		o.written.stamp(&o.now.pairs, o.now == o.all, o.oneHot)
	}
	return loss
}

// descend is the work of one member: its rows, and when all rows are done, its
// columns.
func (o *fusedPredict[F]) descend(member, members int) {
	if o.stale {
		wipe(&o.written, o.shape, o.dq, o.dk, member, members)
		o.team.wait()
	}
	m := o.math(o.now)
	first, last := share(m.start, member, members)
	for i := first; i < last; i++ {
		o.losses[i] = o.row(m, i)
		if o.dq != nil {
			m.queryGradient(i, o.ds, o.k, o.dq)
		}
	}
	if o.dk == nil {
		return
	}
	o.team.wait()
	first, last = share(m.columnStart, member, members)
	m.keyGradients(first, last, o.ds, o.by, o.q, o.dk)
}

// row computes the scores of a row, the loss of its positions and ds.
func (o *fusedPredict[F]) row(m pairMath[F], i int) float64 {
	first, last := m.start[i], m.start[i+1]
	m.scores(i, o.q, o.k, o.scores)
	var shift F // of the null slot; any shift near the largest score serves
	scores, exps := o.scores[first:last], o.exps[first:last]
	for _, s := range scores {
		if s > shift { // NaN shows in the sums
			shift = s
		}
	}
	copy(exps, scores)
	o.set.Exp(exps, shift)
	clear(o.ds[first:last])
	null, loss := math.Exp(float64(-shift)), 0.0
	for p := o.now.start[i]; p < o.now.start[i+1]; p++ {
		l := o.position(int(p), null)
		loss += l
		if o.each != nil {
			o.each[o.now.at[p]] = l / o.now.weight[p]
		}
	}
	if o.scale != 1 {
		for p := first; p < last; p++ {
			o.ds[p] *= F(o.scale)
		}
	}
	return loss
}

// eachLoss makes the runs to come write −ln p of every position that has earlier
// words to each; that of the others is written now.
func (o *fusedPredict[F]) eachLoss(each []float64) {
	o.each = each
	for i := range each {
		each[i] = -math.Log(float64(o.data.base[i]))
	}
}

// vanishing is the size below which a sum of shifted exponentials is computed
// with a shift of its own: far above the smallest normal number.
func vanishing[F kernel.Float]() float64 {
	if kernel.Size[F]() == 4 {
		return 1e-28
	}
	return 1e-200
}

// position adds the derivatives of one position to ds and returns its loss. null
// is e^(0 − shift).
//
//	−a ln p = a (ln den − ln num),   ∂/∂S[w,u] = a · e^S (1/den − P(y|u,w)/num)
func (o *fusedPredict[F]) position(i int, null float64) float64 {
	r := o.now
	first, last := r.entryStart[i], r.entryStart[i+1]
	pairs := r.entryPair[first:last]
	votes := o.data.entryVote[r.entryFrom[i]:][:len(pairs)]
	var den, num float64
	if o.null {
		den, num = null, null*float64(o.data.base[r.at[i]])
	}
	for j, p := range pairs {
		e := float64(o.exps[p])
		den += e
		num += e * float64(votes[j])
	}
	if !(num > vanishing[F]() && den > vanishing[F]()) { // or not a number
		return o.farPosition(i, pairs, votes)
	}
	n := r.weight[i]
	a, b := n/den, n/num
	for j, p := range pairs {
		o.ds[p] += F(float64(o.exps[p]) * (a - b*float64(votes[j])))
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
func (o *fusedPredict[F]) farPosition(i int, pairs []int32, votes []F) float64 {
	base := math.Log(float64(o.data.base[o.now.at[i]]))
	m, t := negInf, negInf
	if o.null {
		m = 0
	}
	for _, p := range pairs {
		m = max(m, float64(o.scores[p]))
	}
	if o.null {
		t = base - m
	}
	for j, p := range pairs {
		t = max(t, float64(o.scores[p])-m+math.Log(float64(votes[j])))
	}
	var den, num float64
	if o.null {
		den, num = math.Exp(-m), math.Exp(base-m-t)
	}
	for j, p := range pairs {
		s := float64(o.scores[p]) - m
		den += math.Exp(s)
		num += math.Exp(s + math.Log(float64(votes[j])) - t)
	}
	n := o.now.weight[i]
	for j, p := range pairs {
		s := float64(o.scores[p]) - m
		attention := math.Exp(s) / den
		posterior := math.Exp(s+math.Log(float64(votes[j]))-t) / num
		o.ds[p] += F(n * (attention - posterior))
	}
	return n * (math.Log(den) - t - math.Log(num))
}
