package graph

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"qk/data"
)

// fusedSquared is the loss ‖S − T‖²_F without S: T is sparse, and S = QKᵀ has
// rank R, so that
//
//	‖S − T‖² = ⟨QᵀQ, KᵀK⟩ − 2 Σ T[w,y] S[w,y] + ‖T‖²
//	dQ = 2 (Q·KᵀK − T·K)        dK = 2 (K·QᵀQ − Tᵀ·Q)
//
// which costs O(V·R² + cells·R) in place of O(V²·R). Near a perfect fit the three
// terms cancel: the loss is exact to about 10⁻¹⁵‖T‖² only, and never below zero.
type fusedSquared struct {
	V, R  int
	scale float64
	pairs pairTable
	t     []float64 // [pairs] T[w,y] = P(y|w)
	norm  float64   // ‖T‖²

	scores []float64 // [pairs] S[w,y]
	ds     []float64 // [pairs] −2T
	qq, kk []float64 // [R,R] QᵀQ, KᵀK
}

func newFusedSquared(c *data.Counts, w *Weights) *fusedSquared {
	o := &fusedSquared{V: w.V, R: w.R, scale: w.scale()}
	o.pairs, o.t = newTransitionPairs(c, func(row data.Row, cell data.Cell) float64 {
		return float64(cell.N) / float64(row.Total)
	})
	o.scores, o.ds = make([]float64, len(o.t)), make([]float64, len(o.t))
	for p, t := range o.t {
		o.norm += t * t
		o.ds[p] = -2 * t
	}
	if !w.OneHot {
		o.qq, o.kk = make([]float64, w.R*w.R), make([]float64, w.R*w.R)
	}
	return o
}

func (o *fusedSquared) loss(q, k []float64) float64 {
	if q == nil {
		return o.oneHotLoss(k)
	}
	V, R := o.V, o.R
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, matrix(V, R, q), matrix(V, R, q), 0, matrix(R, R, o.qq))
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, matrix(V, R, k), matrix(V, R, k), 0, matrix(R, R, o.kk))
	sum := o.scale * o.scale * dot(o.qq, o.kk)
	for w := range V {
		o.pairs.scores(w, q, k, R, o.scale, o.scores)
	}
	return max(0, sum-2*dot(o.t, o.scores)+o.norm)
}

func (o *fusedSquared) gradient(g float64, q, k, dq, dk []float64) {
	V, R := o.V, o.R
	o.pairs.gradients(g*o.scale, o.ds, q, k, dq, dk, R)
	if q == nil {
		axpy(2*g*o.scale*o.scale, k, dk)
		return
	}
	g *= 2 * o.scale * o.scale
	blas64.Gemm(blas.NoTrans, blas.NoTrans, g, matrix(V, R, q), matrix(R, R, o.kk), 1, matrix(V, R, dq))
	blas64.Gemm(blas.NoTrans, blas.NoTrans, g, matrix(V, R, k), matrix(R, R, o.qq), 1, matrix(V, R, dk))
}

// oneHotLoss is ‖scale·K − Tᵀ‖², of which T has few cells.
func (o *fusedSquared) oneHotLoss(k []float64) float64 {
	sum := o.scale * o.scale * dot(k, k)
	for w := range o.V {
		o.pairs.scores(w, nil, k, o.R, o.scale, o.scores)
	}
	return max(0, sum-2*dot(o.t, o.scores)+o.norm)
}
