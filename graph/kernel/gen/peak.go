package main

import "github.com/mmcloughlin/avo/operand"

// peak does n rounds of multiply-adds that depend on nothing but themselves, in as
// many registers as a tile of gemm has sums: the most that the processor can do.
func (a *asm) peak() {
	a.text("peak", "(n int)")
	tiles := a.tiles()
	q := len(tiles) - 1
	sums, one := a.vecs(q*tiles[q]), a.vec()
	a.zero(sums...)
	a.broadcast(a.constant(zero), one)
	n := a.param("n")
	loop := a.label("loop")
	a.Label(loop)
	for _, s := range sums {
		a.fma(one, one, s)
	}
	a.DECQ(n)
	a.JNZ(operand.LabelRef(loop))
	a.end()
}
