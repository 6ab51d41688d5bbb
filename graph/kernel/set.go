package kernel

import (
	"math"
	"unsafe"
)

// routines are kernels in assembly. Strides are in bytes; nothing is checked.
type routines struct {
	gemm     func(m, n, k int, a *byte, rsa, csa int, b *byte, ldb int, c *byte, ldc, add int)
	softmax  func(n, cols int, e *byte, ld int, m, z *byte)
	expect   func(n, cols int, e, t *byte, ld int, sum *byte)
	retract  func(n, cols int, e, t *byte, ld int, z *byte)
	rescale  func(n, cols int, e *byte, ld int, c *byte)
	exp      func(n int, x *byte, shift uint64)
	dots     func(n int, idx *byte, r int, q, x *byte, scale uint64, out *byte)
	mix      func(n int, idx, c *byte, r int, x, out *byte, add int)
	pick     func(n int, at, v, x *byte) float64         // AVX-512 only
	place    func(n int, at, v *byte, c uint64, x *byte) // AVX-512 only
	norm     func(n int, x *byte) float64
	adam     func(n int, x, g, m, v, coefficients *byte) float64
	momentum func(n int, x, g, v, coefficients *byte) float64
	sgd      func(n int, x, g, coefficients *byte) float64
	peak     func(n int)
}

// Set is the kernels of one instruction set for one type of number. It may be
// used by several goroutines at once. Its methods panic if a slice is too short
// for the shape; they never read or write outside of what the shape says.
type Set[F Float] struct {
	ISA ISA
	asm routines
}

// New returns the kernels of an instruction set that [Available] lists.
func New[F Float](isa ISA) *Set[F] {
	return &Set[F]{ISA: isa, asm: assembly(isa, Size[F]() == 8)}
}

// Size is the number of bytes of an F.
func Size[F Float]() int {
	var x F
	return int(unsafe.Sizeof(x))
}

// Lanes is the number of columns to a multiple of which the matrices of
// [Set.Softmax] and its kin have to be padded: a vector of 64 bytes.
func Lanes[F Float]() int { return 64 / Size[F]() }

func ptr[T Float | int32](x []T) *byte { return (*byte)(unsafe.Pointer(unsafe.SliceData(x))) }

// bits returns the bits of a number, in the low half for float32.
func bits[F Float](x F) uint64 {
	if Size[F]() == 4 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(float64(x))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Gemm computes C = A·B, or C += A·B with add. A is [m,k] with element (i,j) at
// a[i·rsa + j·csa], so that it may be transposed; B is [k,n] and C [m,n], by rows
// ldb and ldc numbers apart.
func (s *Set[F]) Gemm(m, n, k int, a []F, rsa, csa int, b []F, ldb int, c []F, ldc int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	reach(c, m, n, ldc, 1)
	if k <= 0 {
		if !add {
			for i := range m {
				clear(c[i*ldc : i*ldc+n])
			}
		}
		return
	}
	reach(a, m, k, rsa, csa)
	reach(b, k, n, ldb, 1)
	if s.asm.gemm == nil {
		gemm(m, n, k, a, rsa, csa, b, ldb, c, ldc, add)
		return
	}
	z := Size[F]()
	s.asm.gemm(m, n, k, ptr(a), rsa*z, csa*z, ptr(b), ldb*z, ptr(c), ldc*z, bit(add))
}

// Softmax writes, for every column of e [n,cols], the maximum m, then e = 2^(e−m)
// and z = Σ e. Its rows are ld numbers apart; n is at least 1 and cols a multiple
// of [Lanes]. A NaN or +∞ in a column makes its z NaN, and so do −∞ alone. 2^x is
// computed for x ≥ −126 (float32) or −1022 (float64) and the same below.
func (s *Set[F]) Softmax(n, cols int, e []F, ld int, m, z []F) {
	columns[F](n, cols)
	reach(e, n, cols, ld, 1)
	_, _ = m[cols-1], z[cols-1]
	if s.asm.softmax == nil {
		softmax(n, cols, e, ld, m, z)
		return
	}
	s.asm.softmax(n, cols, ptr(e), ld*Size[F](), ptr(m), ptr(z))
}

// Expect adds Σ t·e of every column to sum, for e and t [n,cols] as in
// [Set.Softmax].
func (s *Set[F]) Expect(n, cols int, e, t []F, ld int, sum []F) {
	columns[F](n, cols)
	reach(e, n, cols, ld, 1)
	reach(t, n, cols, ld, 1)
	_ = sum[cols-1]
	if s.asm.expect == nil {
		expect(n, cols, e, t, ld, sum)
		return
	}
	s.asm.expect(n, cols, ptr(e), ptr(t), ld*Size[F](), ptr(sum))
}

// Retract computes e −= t·z, with one number of z for every column of e and t
// [n,cols] as in [Set.Softmax].
func (s *Set[F]) Retract(n, cols int, e, t []F, ld int, z []F) {
	columns[F](n, cols)
	reach(e, n, cols, ld, 1)
	reach(t, n, cols, ld, 1)
	_ = z[cols-1]
	if s.asm.retract == nil {
		retract(n, cols, e, t, ld, z)
		return
	}
	s.asm.retract(n, cols, ptr(e), ptr(t), ld*Size[F](), ptr(z))
}

// Rescale multiplies every column of e [n,cols], as in [Set.Softmax], with its
// number of c.
func (s *Set[F]) Rescale(n, cols int, e []F, ld int, c []F) {
	columns[F](n, cols)
	reach(e, n, cols, ld, 1)
	_ = c[cols-1]
	if s.asm.rescale == nil {
		rescale(n, cols, e, ld, c)
		return
	}
	s.asm.rescale(n, cols, ptr(e), ld*Size[F](), ptr(c))
}

// Exp replaces every x by e^(x − shift), within what [Set.Softmax] says of 2^x. No x
// may be more than 88 (float32) or 709 (float64) above shift.
func (s *Set[F]) Exp(x []F, shift F) {
	if len(x) == 0 {
		return
	}
	if s.asm.exp == nil {
		exp(x, shift)
		return
	}
	s.asm.exp(len(x), ptr(x), bits(shift))
}

// Dots computes out[i] = scale·⟨q, x[idx[i]]⟩ with q [R] and x [·,R].
func (s *Set[F]) Dots(idx []int32, q, x []F, scale F, out []F) {
	out = prefix(out, len(idx))
	if len(idx) == 0 {
		return
	}
	rowsWithin(idx, len(x), len(q))
	if s.asm.dots == nil {
		dots(idx, q, x, scale, out)
		return
	}
	s.asm.dots(len(idx), ptr(idx), len(q), ptr(q), ptr(x), bits(scale), ptr(out))
}

// Mix computes out = Σ c[i]·x[idx[i]], or adds that to out [R], with x [·,R].
func (s *Set[F]) Mix(idx []int32, c, x, out []F, add bool) {
	c = prefix(c, len(idx))
	if len(idx) == 0 {
		if !add {
			clear(out)
		}
		return
	}
	rowsWithin(idx, len(x), len(out))
	if s.asm.mix == nil {
		mix(idx, c, x, out, add)
		return
	}
	s.asm.mix(len(idx), ptr(idx), ptr(c), len(out), ptr(x), ptr(out), bit(add))
}

// Pick returns Σ v[i]·x[at[i]].
func (s *Set[F]) Pick(at []int32, v, x []F) float64 {
	v = prefix(v, len(at))
	if s.asm.pick == nil || len(at) == 0 {
		return pick(at, v, x)
	}
	rowsWithin(at, len(x), 1)
	return s.asm.pick(len(at), ptr(at), ptr(v), ptr(x))
}

// Place computes x[at[i]] += c·v[i]; no place may come twice.
func (s *Set[F]) Place(at []int32, v []F, c F, x []F) {
	v = prefix(v, len(at))
	if s.asm.place == nil || len(at) == 0 {
		place(at, v, c, x)
		return
	}
	rowsWithin(at, len(x), 1)
	s.asm.place(len(at), ptr(at), ptr(v), bits(c), ptr(x))
}

// Norm returns the Euclidean norm of x, in float64. It neither overflows nor
// vanishes before its result does, and is NaN or infinite if a number is.
func (s *Set[F]) Norm(x []F) float64 { return NormOf(s.SumSquares(x), x) }

// NormOf is [Set.Norm] for whoever has Σ x² already, added up in an order of their
// own.
func NormOf[F Float](sum float64, x []F) float64 {
	if sum > 1e-290 && !math.IsInf(sum, 1) || sum == 0 && len(x) == 0 {
		return math.Sqrt(sum)
	}
	return carefulNorm(x) // squares that overflow or vanish
}

// SumSquares returns Σ x², added up in float64.
func (s *Set[F]) SumSquares(x []F) float64 {
	if len(x) == 0 {
		return 0
	}
	if s.asm.norm == nil {
		return sumSquares(x)
	}
	return s.asm.norm(len(x), ptr(x))
}

// PeakFlops does n rounds of multiply-adds on registers alone and returns how many
// floating-point operations these were: divided by the time that it takes, the
// most that one core can do with this instruction set. It is 0 for [Go].
func (s *Set[F]) PeakFlops(n int) float64 {
	if s.asm.peak == nil || n <= 0 {
		return 0
	}
	s.asm.peak(n)
	sums, lanes := 24, Lanes[F]()
	if s.ISA == AVX2 {
		sums, lanes = 12, lanes/2
	}
	return 2 * float64(sums*lanes) * float64(n)
}
