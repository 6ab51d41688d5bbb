package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elements runs body for the vectors of n contiguous numbers, the last of them
// masked. body loads from and stores to the arrays by their place in p; keep sets
// to zero what lies beyond their end.
func (a *asm) elements(n reg.GPVirtual, p []reg.GPVirtual, body func(load func(i int, v op), store func(v op, i int), keep func(v op))) {
	loop, rest, done := a.label("vectors"), a.label("rest"), a.label("done")
	a.Label(loop)
	a.CMPQ(n, operand.U32(a.lanes()))
	a.JL(operand.LabelRef(rest))
	body(
		func(i int, v op) { a.load(at(p[i], 0), v) },
		func(v op, i int) { a.store(v, at(p[i], 0)) },
		func(op) {},
	)
	a.advance(operand.U32(a.width()), p...)
	a.SUBQ(operand.U32(a.lanes()), n)
	a.JMP(operand.LabelRef(loop))
	a.Label(rest)
	a.TESTQ(n, n)
	a.JZ(operand.LabelRef(done))
	k := a.maskOf(n)
	body(
		func(i int, v op) { a.loadMasked(at(p[i], 0), k, v) },
		func(v op, i int) { a.storeMasked(v, k, at(p[i], 0)) },
		func(v op) { a.keep(k, v) },
	)
	a.Label(done)
}

// exp writes x = e^(x − shift) for n numbers.
func (a *asm) exp() {
	a.text("exp", "(n int, x *byte, shift uint64)")
	exp, top, log := a.exp2er(), a.vec(), a.constantIn(log2e)
	a.broadcast(a.number("shift"), top)
	a.elements(a.param("n"), []reg.GPVirtual{a.param("x")}, func(load func(int, op), store func(op, int), _ func(op)) {
		t := a.vec()
		load(0, t)
		a.sub(top, t, t)
		a.mul(log, t, t)
		exp.of(t)
		store(t, 0)
	})
	a.end()
}

// number loads a number that is passed as its bits.
func (a *asm) number(name string) reg.VecVirtual {
	x := a.XMM()
	a.VMOVQ(a.param(name), x)
	return x
}

// sumDouble adds up the numbers of a vector of float64.
func (a *asm) sumDouble(v reg.VecVirtual) reg.VecVirtual {
	y, x := a.YMM(), a.XMM()
	if a.wide {
		a.VEXTRACTF64X4(operand.U8(1), v, y)
		a.VADDPD(v.AsY(), y, y)
	} else {
		a.VMOVAPD(v, y)
	}
	a.VEXTRACTF128(operand.U8(1), y, x)
	a.VADDPD(y.AsX(), x, x)
	z := a.XMM()
	a.VPERMILPD(operand.U8(1), x, z)
	a.VADDSD(z, x, x)
	return x
}

// norm writes the sum of squares of n numbers, added up in float64.
func (a *asm) norm() {
	a.text("norm", "(n int, x *byte) (sum float64)")
	sums := a.vecs(2)
	a.zero(sums...)
	a.elements(a.param("n"), []reg.GPVirtual{a.param("x")}, func(load func(int, op), _ func(op, int), _ func(op)) {
		x := a.vec()
		load(0, x)
		if a.double {
			a.VFMADD231PD(x, x, sums[0])
			return
		}
		low, high := a.vec(), a.vec()
		half := a.YMM()
		if a.wide {
			a.VEXTRACTF64X4(operand.U8(1), x, half)
			a.VCVTPS2PD(half, high)
			a.VCVTPS2PD(x.AsY(), low)
		} else {
			h := half.AsX()
			a.VEXTRACTF128(operand.U8(1), x, h)
			a.VCVTPS2PD(h, high)
			a.VCVTPS2PD(x.AsX(), low)
		}
		a.VFMADD231PD(low, low, sums[0])
		a.VFMADD231PD(high, high, sums[1])
	})
	a.VADDPD(sums[1], sums[0], sums[0])
	a.Store(a.sumDouble(sums[0]), a.Return("sum"))
	a.end()
}
