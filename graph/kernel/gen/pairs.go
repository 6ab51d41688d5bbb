package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairs writes the two kernels of scattered rows: dots computes the products of
// one row with others, mix the weighted sum of others. The others are rows of x
// [·,r] whose numbers are in idx.
func (a *asm) pairs() {
	a.dots()
	a.mix()
}

// rowOf leaves in p the address of row number idx[i] of x.
func (a *asm) rowOf(idx, x, ld reg.GPVirtual, p reg.GPVirtual) {
	a.MOVLQSX(at(idx, 0), p)
	a.IMULQ(ld, p)
	a.ADDQ(x, p)
}

// dots is out[i] = scale · ⟨q, x[idx[i]]⟩ for i < n, with q [r].
func (a *asm) dots() {
	a.text("dots", "(n int, idx *byte, r int, q, x *byte, scale uint64, out *byte)")
	a.flush()
	n, idx, x, out := a.param("n"), a.param("idx"), a.param("x"), a.param("out")
	ld, tail := a.param("r"), a.param("r")
	full := a.GP64()
	a.MOVQ(ld, full) // bytes of whole vectors
	a.SHLQ(operand.U8(shift(a.size())), ld)
	a.SHRQ(operand.U8(shift(a.lanes())), full)
	a.SHLQ(operand.U8(shift(a.width())), full)
	a.ANDQ(operand.U32(a.lanes()-1), tail)
	k := a.maskOf(tail)
	scale := a.number("scale")
	q := a.param("q")
	p, j := a.GP64(), a.GP64()
	loop := a.label("pairs")
	a.Label(loop)
	a.rowOf(idx, x, ld, p)
	sums := a.vecs(2)
	a.zero(sums...)
	a.XORQ(j, j)
	inner, last := a.label("inner"), a.label("last")
	a.Label(inner)
	a.CMPQ(j, full)
	a.JGE(operand.LabelRef(last))
	v := a.vec()
	a.load(index(q, j, 1, 0), v)
	a.fma(index(p, j, 1, 0), v, sums[0])
	a.ADDQ(operand.U32(a.width()), j)
	a.JMP(operand.LabelRef(inner))
	a.Label(last)
	u, w := a.vec(), a.vec()
	a.loadMasked(index(q, j, 1, 0), k, u)
	a.loadMasked(index(p, j, 1, 0), k, w)
	a.fma(u, w, sums[1])
	a.add(sums[1], sums[0], sums[0])
	total := a.sum(sums[0])
	if a.double {
		a.VMULSD(scale, total, total)
		a.VMOVSD(total, at(out, 0))
	} else {
		a.VMULSS(scale, total, total)
		a.VMOVSS(total, at(out, 0))
	}
	a.ADDQ(operand.U32(4), idx)
	a.ADDQ(operand.U32(a.size()), out)
	a.DECQ(n)
	a.JNZ(operand.LabelRef(loop))
	a.end()
}

// sum adds up the numbers of a vector.
func (a *asm) sum(v reg.VecVirtual) reg.VecVirtual {
	y, x, z := a.YMM(), a.XMM(), a.XMM()
	if a.wide {
		a.VEXTRACTF64X4(operand.U8(1), v, y)
		a.add(v.AsY(), y, y)
	} else {
		a.VMOVAPS(v, y)
	}
	a.VEXTRACTF128(operand.U8(1), y, x)
	a.add(y.AsX(), x, x)
	a.VPERMILPD(operand.U8(1), x, z)
	a.add(z, x, x)
	if !a.double {
		a.VMOVSHDUP(x, z)
		a.VADDSS(z, x, x)
	}
	return x
}

// mix is out = Σ c[i] · x[idx[i]] over i < n, with out [r]; it is added to out if
// add is not zero.
func (a *asm) mix() {
	a.text("mix", "(n int, idx, c *byte, r int, x, out *byte, add int)")
	a.flush()
	x, out, rest, ld := a.param("x"), a.param("out"), a.param("r"), a.param("r")
	a.SHLQ(operand.U8(shift(a.size())), ld)
	p := a.GP64()
	columns, done := a.label("columns"), a.label("done")
	a.Label(columns)
	a.CMPQ(rest, operand.U32(0))
	a.JLE(operand.LabelRef(done))
	groups := []int{4, 2, 1}
	labels := make([]string, len(groups))
	for i, g := range groups {
		labels[i] = a.label("group")
		if i < len(groups)-1 {
			a.CMPQ(rest, operand.U32((g-1)*a.lanes()))
			a.JLE(operand.LabelRef(labels[i])) // too few for so many vectors
		}
		left := a.GP64()
		a.MOVQ(rest, left)
		a.SUBQ(operand.U32((g-1)*a.lanes()), left)
		k := a.maskOf(left)
		each := func(base reg.Register, load func(v int, m operand.Mem, masked bool)) {
			for v := range g {
				load(v, at(base, v*a.width()), v == g-1)
			}
		}
		sums := a.vecs(g)
		clear, begun := a.label("clear"), a.label("begun")
		flag := a.param("add")
		a.TESTQ(flag, flag)
		a.JZ(operand.LabelRef(clear))
		each(out, func(v int, m operand.Mem, masked bool) {
			if masked {
				a.loadMasked(m, k, sums[v])
			} else {
				a.load(m, sums[v])
			}
		})
		a.JMP(operand.LabelRef(begun))
		a.Label(clear)
		a.zero(sums...)
		a.Label(begun)
		n, idx, c := a.param("n"), a.param("idx"), a.param("c")
		loop, end := a.label("pairs"), a.label("end")
		a.TESTQ(n, n)
		a.JZ(operand.LabelRef(end))
		a.Label(loop)
		a.rowOf(idx, x, ld, p)
		weight := a.vec()
		a.broadcast(at(c, 0), weight)
		each(p, func(v int, m operand.Mem, masked bool) {
			if masked {
				u := a.vec()
				a.loadMasked(m, k, u)
				a.fma(u, weight, sums[v])
			} else {
				a.fma(m, weight, sums[v])
			}
		})
		a.ADDQ(operand.U32(4), idx)
		a.ADDQ(operand.U32(a.size()), c)
		a.DECQ(n)
		a.JNZ(operand.LabelRef(loop))
		a.Label(end)
		each(out, func(v int, m operand.Mem, masked bool) {
			if masked {
				a.storeMasked(sums[v], k, m)
			} else {
				a.store(sums[v], m)
			}
		})
		a.advance(operand.U32(g*a.width()), x, out)
		a.SUBQ(operand.U32(g*a.lanes()), rest)
		a.JMP(operand.LabelRef(columns))
		if i < len(groups)-1 {
			a.Label(labels[i])
		}
	}
	a.Label(done)
	a.end()
}
