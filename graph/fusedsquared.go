package graph

import (
	"qk/data"
	"qk/graph/kernel"
)

// fusedSquared is the loss Σ_w a_w ‖S_w − T_w‖² without S, with a_w = 1 for the
// whole table: T is sparse, and S = QKᵀ has rank R, so that with A = diag(a)
//
//	loss = ⟨QᵀAQ, KᵀK⟩ − 2 Σ a_w T[w,y] S[w,y] + Σ a_w ‖T_w‖²
//	dQ = 2A(Q·KᵀK − T·K)        dK = 2(K·QᵀAQ − TᵀA·Q)
//
// which costs O(V·R² + cells·R) in place of O(V²·R). Near a perfect fit the three
// terms cancel: the loss is exact to about ε‖T‖² only, with ε the rounding unit of
// the numbers, and never below zero. (The factor scale of S is left out here.)
type fusedSquared[F kernel.Float] struct {
	cells[F]
	t      []F       // [cells] T[w,y] = P(y|w)
	norms  []float64 // [V] ‖T_w‖²
	masses []uint64  // [V] ones

	aq     []F       // [V,R] AQ
	qq, kk []F       // [R,R] scale²·2·QᵀAQ, the same of KᵀK
	sums   []float64 // [V] Σ_y T[w,y] S[w,y]
	work   func(member, members int)
}

func newFusedSquared[F kernel.Float](c *data.Counts, s shape, set *kernel.Set[F], t *team) *fusedSquared[F] {
	o := &fusedSquared[F]{norms: make([]float64, s.V), masses: make([]uint64, s.V), sums: make([]float64, s.V)}
	o.cells = newCells(s, set, t, func(w int, u []int32) []int32 {
		row := c.Transitions[w]
		o.masses[w] = 1
		for _, cell := range row.Cells {
			p := float64(cell.N) / float64(row.Total)
			u, o.t = append(u, int32(cell.Word)), append(o.t, F(p))
			o.norms[w] += p * p
		}
		return u
	})
	if !s.oneHot {
		o.aq, o.qq, o.kk = make([]F, s.V*s.R), make([]F, s.R*s.R), make([]F, s.R*s.R)
	}
	o.work = o.descend
	o.use(nil)
	return o
}

func (o *fusedSquared[F]) rows() ([]int32, []uint64, float64) { return o.ids, o.masses, 1 }
func (o *fusedSquared[F]) use(b *Batch)                       { o.useRows(b, 1) }

func (o *fusedSquared[F]) run(q, k, dq, dk []F) float64 {
	o.q, o.k, o.dq, o.dk = q, k, dq, dk
	defer func() { o.q, o.k, o.dq, o.dk = nil, nil, nil, nil }()
	var product float64 // ⟨QᵀAQ, KᵀK⟩ times scale²
	if q != nil {
		product = o.gram()
	}
	o.team.run(o.team.size(maxShards, o.len()*o.R), o.work)
	loss := product
	for w, a := range o.weight {
		loss += a * (o.norms[w] - 2*o.sums[w])
	}
	return max(0, loss)
}

// gram computes QᵀAQ and KᵀK and returns their inner product, times scale².
func (o *fusedSquared[F]) gram() float64 {
	V, R := o.V, o.R
	for w, a := range o.weight {
		for j, x := range o.q[w*R : (w+1)*R] {
			o.aq[w*R+j] = F(a) * x
		}
	}
	o.set.Gemm(R, R, V, o.aq, 1, R, o.q, R, o.qq, R, false)
	o.set.Gemm(R, R, V, o.k, 1, R, o.k, R, o.kk, R, false)
	var product float64
	for i, x := range o.qq {
		product += float64(x) * float64(o.kk[i])
	}
	twice := F(2 * o.scale * o.scale)
	for i := range o.qq {
		o.qq[i] *= twice
		o.kk[i] *= twice
	}
	return o.scale * o.scale * product
}

// descend is the work of one member: scores and dQ of its rows, then dK of its
// columns.
func (o *fusedSquared[F]) descend(member, members int) {
	R := o.R
	first, last := part(o.V, member, members)
	for w := first; w < last; w++ {
		o.rowSums(w)
		if o.dq != nil {
			o.queryGradient(w, o.ds, o.k, o.dq)
		}
	}
	if o.dk == nil {
		return
	}
	if o.dq != nil {
		clear(o.dk[first*R : last*R]) // a row without a cell is in nobody's columns
		o.set.Gemm(last-first, R, R, o.aq[first*R:], R, 1, o.kk, R, o.dq[first*R:], R, true)
	} else {
		o.oneHotRows(first, last)
	}
	o.team.wait()
	first, last = share(o.columnStart, member, members)
	if o.q == nil {
		o.oneHotCells(first, last)
		return
	}
	o.keyGradients(first, last, o.ds, o.by, o.q, o.dk)
	o.team.wait()
	first, last = part(o.V, member, members)
	o.set.Gemm(last-first, R, R, o.k[first*R:], R, 1, o.qq, R, o.dk[first*R:], R, true)
}

// rowSums computes Σ T·S of a row, and −2·scale·a·T as the derivative of its cells.
func (o *fusedSquared[F]) rowSums(w int) {
	o.pairMath.scores(w, o.q, o.k, o.cells.scores)
	a, sum := F(-2*o.scale*o.weight[w]), 0.0
	for p := o.start[w]; p < o.start[w+1]; p++ {
		sum += float64(o.t[p]) * float64(o.cells.scores[p])
		o.ds[p] = a * o.t[p]
	}
	if o.q == nil { // S_w is column w of K
		for y := range o.V {
			s := o.scale * float64(o.k[y*o.R+w])
			sum -= s * s / 2
		}
	}
	o.sums[w] = sum
}

// oneHotRows writes 2·scale²·a·K to some rows of dK, in the one-hot form.
func (o *fusedSquared[F]) oneHotRows(first, last int) {
	for y := first; y < last; y++ {
		row := o.dk[y*o.R:][:o.R]
		for w, x := range o.k[y*o.R:][:o.R] {
			row[w] = F(2*o.scale*o.scale*o.weight[w]) * x
		}
	}
}

// oneHotCells adds the derivative of the cells of some columns.
func (o *fusedSquared[F]) oneHotCells(first, last int) {
	for c := first; c < last; c++ {
		row := o.dk[int(o.columns[c])*o.R:][:o.R]
		for i := o.columnStart[c]; i < o.columnStart[c+1]; i++ {
			row[o.columnWord[i]] += o.ds[o.columnPair[i]]
		}
	}
}
