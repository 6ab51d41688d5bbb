package data

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// FloorBounds is an interval that holds the floor of the objective squared,
// ‖S−T‖²_F, for certain. Low and High are equal where it is known exactly, up to
// rounding.
type FloorBounds struct{ Low, High float64 }

// The size of the randomised method, by measurement: a wider basis or more
// iterations do not narrow the interval of real texts noticeably.
const (
	extraColumns    = 136     // of the basis, besides twice the rank
	powerIterations = 6       // of the range finder
	maxBasis        = 1 << 26 // entries of a basis, 512 MiB
	maxBasisWork    = 4e9     // entries times columns, which are in proportion to the time
	maxCertified    = 9000    // rows of a dense table, 650 MB, that is decomposed to be certain
	blockRows       = 256     // of that table, which are computed at once
)

// floorBounds encloses the sum of the squares of the singular values σ of T after
// the first rank ones.
//
// Let Q have orthonormal columns, B = QᵀT and E = (I−QQᵀ)T. As QᵀE = 0,
//
//	TᵀT = BᵀB + EᵀE  and  ‖T‖² = ‖B‖² + ‖E‖².
//
// Let θ be the eigenvalues of BBᵀ = QᵀTTᵀQ, in descending order, R the rank.
//
// High: the best approximation of B, multiplied by Q, has rank R and is at
// ‖E‖² + Σ_{i>R} θᵢ = ‖T‖² − Σ_{i≤R} θᵢ from T.
//
// Low, first: ‖T−X‖² ≥ ‖Qᵀ(T−X)‖² = ‖B−QᵀX‖² ≥ Σ_{i>R} θᵢ for every X of rank R.
// This is High − ‖E‖², wide where the singular values fall slowly.
//
// Low, second: by Ky Fan, the floor is ‖T‖² less the sum of the R largest
// eigenvalues of TTᵀ. Let U be the first m ≥ R Ritz vectors, V complete them to an
// orthonormal basis, in which
//
//	TTᵀ = (Θ  C ; Cᵀ  F),  CCᵀ = ZᵀZ,  Z = TTᵀU − UΘ.
//
// If F ≤ τI, then for each δ > 0, as 2aᵀCb ≤ aᵀCCᵀa/δ + δbᵀb,
//
//	TTᵀ ≤ (Θ + CCᵀ/δ  0 ; 0  (τ+δ)I),
//
// and eigenvalues grow with the matrix, so the R largest of the right side are
// enough. With τ+δ = θ_R the error is only ‖C‖²/δ, quadratic in the residual. That
// F ≤ τI is certain if τI − TTᵀ + UΘUᵀ + (ZUᵀ + UZᵀ), which is τI − F on V and τI
// on U, has a Cholesky decomposition, see [sparseTable.isBelow].
func (t *sparseTable) floorBounds(rank, width, iterations int) (FloorBounds, error) {
	n := len(t.rows)
	if rank >= n {
		return FloorBounds{}, nil
	}
	if rank == 0 {
		return FloorBounds{t.norm, t.norm}, nil
	}
	width = min(max(width, rank+1), n)
	u, theta, err := t.ritz(t.findRange(width, iterations))
	if err != nil {
		return FloorBounds{}, err
	}
	// Each figure is a sum of squares that come to ‖T‖² at most, over basis and
	// table; 8(n+width) roundings of it are more than can add up.
	rounding := 8 * float64(n+width+len(t.columns)) * 0x1p-53 * t.norm
	first, rest := sum(theta[:rank]), sum(theta[rank:])
	b := FloorBounds{Low: max(0, rest-rounding), High: max(0, t.norm-first) + rounding}
	if width == n || n > maxCertified || b.High-b.Low <= 4*rounding {
		return b, nil
	}
	m := (rank + width) / 2
	top, err := t.largest(rank, columnsOf(u, m), theta[:m+1])
	if err != nil {
		return FloorBounds{}, err
	}
	b.Low = max(b.Low, t.norm-top-rounding)
	return b, nil
}

// ritz returns U = QX and θ for the eigenvectors X of QᵀTTᵀQ and its eigenvalues,
// in descending order.
func (t *sparseTable) ritz(q blas64.General) (u blas64.General, theta []float64, err error) {
	k := q.Cols
	vectors := mat.NewDense(k, k, nil)
	theta, err = eigenvalues(gram(product(t.columns, q)), vectors)
	if err != nil {
		return u, nil, err
	}
	u = newDense(q.Rows, k)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, q, vectors.RawMatrix(), 0, u)
	for i := range u.Rows { // the eigenvalues were ascending
		slices.Reverse(denseRow(u, i))
	}
	return u, theta, nil
}

// gram returns XᵀX.
func gram(x blas64.General) *mat.SymDense {
	s := mat.NewSymDense(x.Cols, nil)
	blas64.Syrk(blas.Trans, 1, x, 0, s.RawSymmetric())
	return s
}

// eigenvalues returns those of a symmetric matrix, in descending order, and sets
// vectors, unless nil, to the eigenvectors in the opposite order.
func eigenvalues(s *mat.SymDense, vectors *mat.Dense) ([]float64, error) {
	var e mat.EigenSym
	if !e.Factorize(s, vectors != nil) {
		return nil, fmt.Errorf("the eigenvalues of a [%d,%d] matrix did not converge", s.SymmetricDim(), s.SymmetricDim())
	}
	if vectors != nil {
		e.VectorsTo(vectors)
	}
	values := e.Values(nil)
	slices.Reverse(values)
	return values, nil
}

// largest bounds the sum of the rank largest eigenvalues of TTᵀ from above, see
// [sparseTable.floorBounds]: u [n,m] are the first Ritz vectors and theta their
// values, with the one after them. It is infinite where no τ is found.
func (t *sparseTable) largest(rank int, u blas64.General, theta []float64) (float64, error) {
	m := u.Cols
	z := product(t.rows, product(t.columns, u))
	for i := range z.Rows {
		to, from := denseRow(z, i), denseRow(u, i)
		for j := range to {
			to[j] -= theta[j] * from[j]
		}
	}
	tau := max(math.Sqrt(max(0, theta[m]*theta[rank-1])), 1.01*theta[m], 1e-9*t.norm)
	for tries := 0; !t.isBelow(tau, u, z, theta); tries++ {
		if tries == 2 {
			return math.Inf(1), nil
		}
		tau *= 2
	}
	coupling := gram(z)
	least := math.Inf(1)
	for _, delta := range []float64{theta[rank-1] - tau, tau, tau / 10, tau / 100, tau / 1e4, tau / 1e6} {
		if delta <= 0 {
			continue
		}
		s := mat.NewSymDense(m, nil)
		s.ScaleSym(1/delta, coupling)
		for i := range m {
			s.SetSym(i, i, s.At(i, i)+theta[i])
		}
		values, err := eigenvalues(s, nil)
		if err != nil {
			return 0, err
		}
		for i := range values {
			values[i] = max(values[i], tau+delta) // there are n−m of these besides, maybe fewer than needed
		}
		least = min(least, sum(values[:rank]))
	}
	return least, nil
}

// isBelow tells whether F ≤ τI for certain: whether the Cholesky decomposition of
// A = τI − TTᵀ + UΘUᵀ + ZUᵀ + UZᵀ exists after more is taken off the diagonal than
// rounding can have added. A decomposition that ends is that of A + Δ with
// ‖Δ‖ ≤ (n+1)ε/(1−(n+1)ε) tr A, and tr A ≤ nτ (N. J. Higham, "Accuracy and
// Stability of Numerical Algorithms", theorem 10.3). The entries of A are wrong by
// no more than 8(n+m)ε‖T‖² together.
func (t *sparseTable) isBelow(tau float64, u, z blas64.General, theta []float64) bool {
	n, m := u.Rows, u.Cols
	safe := 0x1p-53 * (4*float64(n)*float64(n+2)*tau + 8*float64(n+m+len(t.columns))*t.norm)
	a := mat.NewSymDense(n, nil)
	raw := a.RawSymmetric()
	// UΘUᵀ + ZUᵀ + UZᵀ is (UΘ/2 + Z)Uᵀ and its transpose.
	half := newDense(n, m)
	for i := range n {
		to, us, zs := denseRow(half, i), denseRow(u, i), denseRow(z, i)
		for j := range to {
			to[j] = theta[j]*us[j]/2 + zs[j]
		}
	}
	for first := 0; first < n; first += blockRows { // the upper half, in blocks: faster than Syr2k
		last := min(first+blockRows, n)
		block := blas64.General{Rows: last - first, Cols: n - first, Stride: raw.Stride, Data: raw.Data[first*raw.Stride+first:]}
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, rowsOf(half, first, last), rowsOf(u, first, n), 0, block)
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, rowsOf(u, first, last), rowsOf(half, first, n), 1, block)
	}
	eachWord(n, func() func(Word) {
		return func(w Word) {
			i := int(w)
			row := raw.Data[i*raw.Stride : i*raw.Stride+n]
			row[i] += tau - safe
			for _, e := range t.rows[i] {
				for _, other := range t.columns[e.at] {
					if other.at >= i {
						row[other.at] -= e.x * other.x
					}
				}
			}
		}
	})
	_, exists := lapack64.Potrf(raw)
	return exists
}

// rowsOf returns rows of a matrix, in place.
func rowsOf(m blas64.General, first, last int) blas64.General {
	return blas64.General{Rows: last - first, Cols: m.Cols, Stride: m.Stride, Data: m.Data[first*m.Stride:]}
}

// columnsOf returns the first columns of a matrix, copied.
func columnsOf(m blas64.General, columns int) blas64.General {
	first := newDense(m.Rows, columns)
	for i := range m.Rows {
		copy(denseRow(first, i), denseRow(m, i))
	}
	return first
}

func sum(x []float64) float64 {
	var s float64
	for i := len(x) - 1; i >= 0; i-- { // the smallest first, for accuracy
		s += x[i]
	}
	return s
}
