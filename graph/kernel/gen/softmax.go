package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns runs body for groups of vectors across the columns of a matrix [n,cols]
// whose rows are ld bytes apart. body gets pointers to the group in row 0 of every
// matrix and in every vector, and the number of vectors. cols is a whole number
// of vectors.
func (a *asm) columns(matrices, vectors []string, group int, body func(m, v []reg.GPVirtual, g int)) {
	cols := a.param("cols")
	m, v := make([]reg.GPVirtual, len(matrices)), make([]reg.GPVirtual, len(vectors))
	for i, name := range matrices {
		m[i] = a.param(name)
	}
	for i, name := range vectors {
		v[i] = a.param(name)
	}
	for g := group; ; g = 1 {
		loop, end := a.label("columns"), a.label("end")
		a.Label(loop)
		a.CMPQ(cols, operand.U32(g*a.lanes()))
		a.JL(operand.LabelRef(end))
		body(m, v, g)
		a.advance(operand.U32(g*a.width()), m...)
		a.advance(operand.U32(g*a.width()), v...)
		a.SUBQ(operand.U32(g*a.lanes()), cols)
		a.JMP(operand.LabelRef(loop))
		a.Label(end)
		if g == 1 {
			return
		}
	}
}

// rowLoop runs body for the n rows below the given pointers, of which it gets
// copies that move down.
func (a *asm) rowLoop(start []reg.GPVirtual, body func(p []reg.GPVirtual)) {
	p := make([]reg.GPVirtual, len(start))
	for i := range p {
		p[i] = a.GP64()
		a.MOVQ(start[i], p[i])
	}
	n, ld := a.param("n"), a.param("ld")
	loop := a.label("rows")
	a.Label(loop)
	body(p)
	a.advance(ld, p...)
	a.DECQ(n)
	a.JNZ(operand.LabelRef(loop))
}

// softmax writes, for every column of e [n,cols], m = max e and then
// e = 2^(e − m), z = Σ e.
func (a *asm) softmax() {
	a.text("softmax", "(n, cols int, e *byte, ld int, m, z *byte)")
	a.flush()
	exp := a.exp2er()
	group := 1
	switch { // what the registers hold beside the polynomial
	case a.wide && a.double:
		group = 2
	case a.wide:
		group = 4
	}
	a.columns([]string{"e"}, []string{"m", "z"}, group, func(e, v []reg.GPVirtual, g int) {
		top := a.vecs(g)
		for i := range top {
			a.load(at(e[0], i*a.width()), top[i])
		}
		a.rowLoop(e, func(p []reg.GPVirtual) {
			for i := range top { // NaN in a row is lost here and comes back below
				a.max(at(p[0], i*a.width()), top[i], top[i])
			}
		})
		sum := a.vecs(g)
		for i := range sum {
			a.store(top[i], at(v[0], i*a.width()))
			a.zero(sum[i])
		}
		a.rowLoop(e, func(p []reg.GPVirtual) {
			t := a.vecs(g)
			for i := range t {
				a.load(at(p[0], i*a.width()), t[i])
				a.sub(top[i], t[i], t[i])
			}
			exp.of(t...)
			for i := range t {
				a.store(t[i], at(p[0], i*a.width()))
				a.add(t[i], sum[i], sum[i])
			}
		})
		for i := range sum {
			a.store(sum[i], at(v[1], i*a.width()))
		}
	})
	a.end()
}

// dense writes the two kernels of targets t [n,cols] that are stored in full:
// expect adds Σ t·e to sum, retract takes t·z from e.
func (a *asm) dense() {
	a.text("expect", "(n, cols int, e, t *byte, ld int, sum *byte)")
	a.columns([]string{"e", "t"}, []string{"sum"}, 1, func(m, v []reg.GPVirtual, _ int) {
		sum := a.vec()
		a.load(at(v[0], 0), sum)
		a.rowLoop(m, func(p []reg.GPVirtual) {
			t := a.vec()
			a.load(at(p[1], 0), t)
			a.fma(at(p[0], 0), t, sum)
		})
		a.store(sum, at(v[0], 0))
	})
	a.end()
	a.text("retract", "(n, cols int, e, t *byte, ld int, z *byte)")
	a.flush()
	a.columns([]string{"e", "t"}, []string{"z"}, 1, func(m, v []reg.GPVirtual, _ int) {
		z := a.vec()
		a.load(at(v[0], 0), z)
		a.rowLoop(m, func(p []reg.GPVirtual) {
			e := a.vec()
			a.load(at(p[0], 0), e)
			a.fnma(at(p[1], 0), z, e)
			a.store(e, at(p[0], 0))
		})
	})
	a.end()
}

// rescale multiplies every column of e [n,cols] with a number of c.
func (a *asm) rescale() {
	a.text("rescale", "(n, cols int, e *byte, ld int, c *byte)")
	a.flush()
	group := 1
	if a.wide {
		group = 4
	}
	a.columns([]string{"e"}, []string{"c"}, group, func(e, v []reg.GPVirtual, g int) {
		c := a.vecs(g)
		for i := range c {
			a.load(at(v[0], i*a.width()), c[i])
		}
		a.rowLoop(e, func(p []reg.GPVirtual) {
			for i := range c {
				x := a.vec()
				a.mul(at(p[0], i*a.width()), c[i], x)
				a.store(x, at(p[0], i*a.width()))
			}
		})
	})
	a.end()
}
