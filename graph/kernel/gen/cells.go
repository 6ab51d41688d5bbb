package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cells writes the two kernels of scattered numbers, with AVX-512 only: pick is
// Σ v[i]·x[at[i]], added up in float64, and place is x[at[i]] += c·v[i], where no
// place comes twice.
func (a *asm) cells() {
	if !a.wide {
		return
	}
	a.text("pick", "(n int, at, v, x *byte) (sum float64)")
	a.flush()
	sums := a.vecs(2)
	a.zero(sums...)
	x := a.param("x")
	a.scattered(func(idx, v reg.VecVirtual, k mask) {
		got := a.gather(x, idx, k)
		if a.double {
			a.VFMADD231PD(v, got, sums[0])
			return
		}
		a.mul(v, got, got)
		half, low, high := a.YMM(), a.ZMM(), a.ZMM()
		a.VEXTRACTF64X4(operand.U8(1), got, half)
		a.VCVTPS2PD(half, high)
		a.VCVTPS2PD(got.AsY(), low)
		a.VADDPD(low, sums[0], sums[0])
		a.VADDPD(high, sums[1], sums[1])
	})
	a.VADDPD(sums[1], sums[0], sums[0])
	a.Store(a.sumDouble(sums[0]), a.Return("sum"))
	a.end()

	a.text("place", "(n int, at, v *byte, c uint64, x *byte)")
	a.flush()
	x = a.param("x")
	factor := a.vec()
	a.broadcast(a.number("c"), factor)
	a.scattered(func(idx, v reg.VecVirtual, k mask) {
		got := a.gather(x, idx, k)
		a.fma(factor, v, got)
		again := a.K()
		a.KMOVW(k.k, again)
		if a.double {
			a.VSCATTERDPD(got, again, index(x, idx.AsY(), 8, 0))
		} else {
			a.VSCATTERDPS(got, again, index(x, idx, 4, 0))
		}
	})
	a.end()
}

// scattered runs body for the vectors of n places and values.
func (a *asm) scattered(body func(idx, v reg.VecVirtual, k mask)) {
	n, places, v := a.param("n"), a.param("at"), a.param("v")
	loop, done := a.label("cells"), a.label("done")
	a.Label(loop)
	a.CMPQ(n, operand.U32(0))
	a.JLE(operand.LabelRef(done))
	left := a.GP64()
	a.MOVQ(n, left)
	k := a.maskOf(left)
	idx, values := a.vec(), a.vec()
	if a.double {
		a.VMOVDQU32_Z(at(places, 0), k.k, idx.AsY())
	} else {
		a.VMOVDQU32_Z(at(places, 0), k.k, idx)
	}
	a.loadMasked(at(v, 0), k, values)
	body(idx, values, k)
	a.ADDQ(operand.U32(4*a.lanes()), places)
	a.ADDQ(operand.U32(a.width()), v)
	a.SUBQ(operand.U32(a.lanes()), n)
	a.JMP(operand.LabelRef(loop))
	a.Label(done)
}

// gather loads x[idx[i]] where the mask says so, and zeros.
func (a *asm) gather(x reg.GPVirtual, idx reg.VecVirtual, k mask) reg.VecVirtual {
	got, once := a.vec(), a.K() // the instruction clears its mask
	a.KMOVW(k.k, once)
	a.zero(got)
	if a.double {
		a.VGATHERDPD(index(x, idx.AsY(), 8, 0), once, got)
	} else {
		a.VGATHERDPS(index(x, idx, 4, 0), once, got)
	}
	return got
}
