package main

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tiles gives the rows of C that a kernel computes at a time, by the number of
// vectors in a row: as many as fit into the registers beside the row of B, one
// number of A and the mask.
func (a *asm) tiles() []int {
	if a.wide {
		return []int{0, 12, 12, 8, 6} // at most 24 sums, 4 of B, 1 of A
	}
	return []int{0, 8, 6} // at most 12 sums, 2 of B, 1 of A, the mask
}

// gemm writes C (+)= A·B with A [m,k] at any strides, B [k,n] and C [m,n] by rows.
// C is cut into panels as wide as some vectors and these into tiles; the sums of
// a tile stay in registers over all of k. Strides are in bytes.
func (a *asm) gemm() {
	a.text("gemm", "(m, n, k int, a *byte, rsa, csa int, b *byte, ldb int, c *byte, ldc, add int)")
	a.flush()
	tiles := a.tiles()
	q := len(tiles) - 1
	g := &gemm{asm: a, n: a.AllocLocal(8), b: a.AllocLocal(8), c: a.AllocLocal(8), next: make([]string, q+1)}
	a.MOVQ(a.param("n"), g.n)
	a.MOVQ(a.param("b"), g.b)
	a.MOVQ(a.param("c"), g.c)
	panel, done := a.label("panel"), a.label("done")
	a.Label(panel)
	n := a.GP64()
	a.MOVQ(g.n, n)
	a.CMPQ(n, operand.U32(0))
	a.JLE(operand.LabelRef(done))
	entry := make([]string, q+1)
	for i := 1; i <= q; i++ {
		entry[i] = a.label("vectors")
		g.next[i] = a.label("next")
		if i < q {
			a.CMPQ(n, operand.U32(i*a.lanes()))
			a.JLE(operand.LabelRef(entry[i]))
		}
	}
	for i := q; i >= 1; i-- {
		a.Label(entry[i])
		g.panel(i, tiles[i])
		a.Label(g.next[i])
		a.SUBQ(operand.U32(i*a.lanes()), g.n)
		a.ADDQ(operand.U32(i*a.width()), g.b)
		a.ADDQ(operand.U32(i*a.width()), g.c)
		a.JMP(operand.LabelRef(panel))
	}
	a.Label(done)
	a.end()
}

type gemm struct {
	*asm
	n, b, c operand.Mem // what is left of n, and the panel's B and C
	next    []string

	k         mask
	pa, pc, m reg.GPVirtual
	ldc       reg.GPVirtual
	rsa       reg.GPVirtual
}

// panel computes q vectors of every row of C.
func (g *gemm) panel(q, rows int) {
	n := g.GP64()
	g.MOVQ(g.n, n)
	g.SUBQ(operand.U32((q-1)*g.lanes()), n)
	g.k = g.maskOf(n)
	g.pa, g.m, g.ldc, g.rsa = g.param("a"), g.param("m"), g.param("ldc"), g.param("rsa")
	g.pc = g.GP64()
	g.MOVQ(g.c, g.pc)
	loop, tail := g.label("tile"), g.label("tail")
	g.Label(loop)
	g.CMPQ(g.m, operand.U32(rows))
	g.JL(operand.LabelRef(tail))
	g.tile(q, rows)
	step := g.GP64()
	g.IMUL3Q(operand.U32(rows), g.rsa, step)
	g.ADDQ(step, g.pa)
	g.IMUL3Q(operand.U32(rows), g.ldc, step)
	g.ADDQ(step, g.pc)
	g.SUBQ(operand.U32(rows), g.m)
	g.JMP(operand.LabelRef(loop))
	g.Label(tail)
	labels := make([]string, rows)
	for r := 1; r < rows; r++ {
		labels[r] = g.label("rest")
		g.CMPQ(g.m, operand.U32(r))
		g.JE(operand.LabelRef(labels[r]))
	}
	g.JMP(operand.LabelRef(g.next[q]))
	for r := 1; r < rows; r++ {
		g.Label(labels[r])
		g.tile(q, r)
		g.JMP(operand.LabelRef(g.next[q]))
	}
}

// tile computes q vectors of some rows of C.
func (g *gemm) tile(q, rows int) {
	sums := make([][]reg.VecVirtual, rows)
	for r := range sums {
		sums[r] = g.vecs(q)
	}
	g.begin(sums)
	// Rows are addressed in threes: p, p + rsa, p + 2·rsa.
	ps := make([]reg.GPVirtual, (rows+2)/3)
	three := g.GP64()
	g.LEAQ(index(g.rsa, g.rsa, 2, 0), three)
	for i := range ps {
		ps[i] = g.GP64()
		if i == 0 {
			g.MOVQ(g.pa, ps[0])
		} else {
			g.LEAQ(index(ps[i-1], three, 1, 0), ps[i])
		}
	}
	csa, ldb, k, b := g.param("csa"), g.param("ldb"), g.param("k"), g.GP64()
	g.MOVQ(g.b, b)
	row, one := g.vecs(q), g.vec()
	loop := g.label("inner")
	g.Label(loop)
	for v := range q {
		if v == q-1 {
			g.loadMasked(at(b, v*g.width()), g.k, row[v])
		} else {
			g.load(at(b, v*g.width()), row[v])
		}
	}
	for r := range rows {
		src := at(ps[r/3], 0)
		if r%3 > 0 {
			src = index(ps[r/3], g.rsa, uint8(r%3), 0)
		}
		g.broadcast(src, one)
		for v := range q {
			g.fma(one, row[v], sums[r][v])
		}
	}
	g.advance(csa, ps...)
	g.ADDQ(ldb, b)
	g.DECQ(k)
	g.JNZ(operand.LabelRef(loop))
	p := g.GP64()
	g.MOVQ(g.pc, p)
	for r := range sums {
		for v, s := range sums[r] {
			if v == q-1 {
				g.storeMasked(s, g.k, at(p, v*g.width()))
			} else {
				g.store(s, at(p, v*g.width()))
			}
		}
		if r < rows-1 {
			g.ADDQ(g.ldc, p)
		}
	}
}

// begin sets the sums to C or to zero.
func (g *gemm) begin(sums [][]reg.VecVirtual) {
	clear, begun := g.label("clear"), g.label("begun")
	flag, p := g.param("add"), g.GP64()
	g.TESTQ(flag, flag)
	g.JZ(operand.LabelRef(clear))
	g.MOVQ(g.pc, p)
	for r := range sums {
		for v, s := range sums[r] {
			if v == len(sums[r])-1 {
				g.loadMasked(at(p, v*g.width()), g.k, s)
			} else {
				g.load(at(p, v*g.width()), s)
			}
		}
		if r < len(sums)-1 {
			g.ADDQ(g.ldc, p)
		}
	}
	g.JMP(operand.LabelRef(begun))
	g.Label(clear)
	g.zero(slices.Concat(sums...)...)
	g.Label(begun)
}
