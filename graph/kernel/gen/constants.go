package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The polynomials approximate 2^r for r in [−1/2, 1/2] as 1 + r·p(r): a Chebyshev
// fit of (2^r − 1)/r, whose coefficients were computed to 40 digits and rounded.
// The greatest relative error of 2^r is 9·10⁻⁹ in float32 (degree 6) and
// 2·10⁻¹⁷ in float64 (degree 11), before the rounding of the evaluation. 2^0 is 1
// exactly. The highest power comes first.
var (
	exp2Single = []float64{0.00015453163359779865, 0.0013390863314270973, 0.009618083015084267,
		0.055503569543361664, 0.24022650718688965, 0.6931471824645996}
	exp2Double = []float64{4.4549605981865186e-10, 7.072585949269223e-09, 1.0178062445845774e-07,
		1.321544258792169e-06, 1.525273382983612e-05, 0.0001540353044173605, 0.0013333558146416936,
		0.009618129107606888, 0.0555041086648216, 0.24022650695910097, 0.6931471805599453}
)

// constants lays out the numbers that kernels need, each repeated to the width of
// an AVX2 vector so that it can be a memory operand. They are written as bits: avo
// prints 1.0 as 1, which the assembler takes for an integer.
func (a *asm) constants() {
	a.table = a.StaticGlobal("constants" + a.suffix())
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, x := range a.numbers() {
		for range 32 / a.size() {
			if a.double {
				a.AppendDatum(operand.U64(math.Float64bits(x)))
			} else {
				a.AppendDatum(operand.U32(math.Float32bits(float32(x))))
			}
		}
	}
	if a.wide {
		return
	}
	a.StaticGlobal("masks" + a.suffix())
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 { // eight of ones, then eight of zeros, of 32 bits
		bits := uint32(0)
		if i < 8 {
			bits = math.MaxUint32
		}
		a.AppendDatum(operand.U32(bits))
	}
}

// The places of the numbers in the table, before the polynomial.
const (
	least  = iota // the least exponent: 2^least is still a normal number
	one           // 1
	magic         // 1.5·2^(bits of the fraction): adding it rounds to an integer
	log2e         // 1/ln 2
	zero          // 0
	tiny          // the least normal number
	huge          // the largest number
	half          // 1/2
	one5          // 3/2
	twice         // 2
	powers        // the polynomial
)

func (a *asm) numbers() []float64 {
	if a.double {
		return append([]float64{-1022, 1, 0x1.8p52, math.Log2E, 0, 0x1p-1022, math.MaxFloat64, 0.5, 1.5, 2}, exp2Double...)
	}
	return append([]float64{-126, 1, 0x1.8p23, math.Log2E, 0, 0x1p-126, math.MaxFloat32, 0.5, 1.5, 2}, exp2Single...)
}

// constant is a number as a memory operand, repeated for AVX2 vectors.
func (a *asm) constant(i int) operand.Mem { return a.table.Offset(32 * i) }

// constantIn returns a register that holds a number.
func (a *asm) constantIn(i int) reg.VecVirtual {
	v := a.vec()
	a.broadcast(a.constant(i), v)
	return v
}

// exp2er computes 2^t of vectors.
type exp2er struct {
	a     *asm
	least reg.VecVirtual
	poly  []reg.VecVirtual // AVX-512: all constants stay in registers
	one   reg.VecVirtual
	magic reg.VecVirtual
}

func (a *asm) exp2er() *exp2er {
	e := &exp2er{a: a, least: a.constantIn(least), magic: a.constantIn(magic)}
	if a.wide {
		e.one = a.constantIn(one)
		for i := range len(a.numbers()) - powers {
			e.poly = append(e.poly, a.constantIn(powers+i))
		}
	}
	return e
}

// of replaces every t by 2^t. t is raised to the least normal exponent, below
// which everything is 2^least; NaN stays NaN. With n the integer nearest to t and
// r = t − n, exact,
//
//	2^t = 2^n · 2^r
//
// where AVX-512 has an instruction for the product. With AVX2 the factor 2^n is
// made of its bits: the low bits of t + magic hold n, and the exponent of 1 is
// added. A product of NaN and anything is NaN.
func (e *exp2er) of(ts ...reg.VecVirtual) {
	a := e.a
	n, r := a.vecs(len(ts)), a.vecs(len(ts))
	for i, t := range ts {
		a.max(t, e.least, t)
		a.add(e.magic, t, n[i])
		if a.wide {
			a.sub(e.magic, n[i], n[i])
			a.sub(n[i], t, r[i])
		} else {
			a.sub(e.magic, n[i], r[i])
			a.sub(r[i], t, r[i])
		}
	}
	count := len(a.numbers()) - powers
	for i := range ts { // t holds the polynomial from here on
		if a.wide {
			a.VMOVAPS(e.poly[0], ts[i])
		} else {
			a.VMOVAPS(a.constant(powers), ts[i])
		}
	}
	for j := 1; j <= count; j++ {
		for i, t := range ts {
			switch {
			case a.wide && j < count:
				a.horner(e.poly[j], r[i], t)
			case a.wide:
				a.horner(e.one, r[i], t)
			case j < count:
				a.horner(a.constant(powers+j), r[i], t)
			default:
				a.horner(a.constant(one), r[i], t)
			}
		}
	}
	for i, t := range ts {
		switch {
		case a.wide:
			a.pick(a.VSCALEFPS, a.VSCALEFPD, n[i], t, t)
		case a.double:
			a.VPSLLQ(operand.U8(52), n[i], n[i])
			a.VPADDQ(a.constant(one), n[i], n[i])
			a.VMULPD(n[i], t, t)
		default:
			a.VPSLLD(operand.U8(23), n[i], n[i])
			a.VPADDD(a.constant(one), n[i], n[i])
			a.VMULPS(n[i], t, t)
		}
	}
}
