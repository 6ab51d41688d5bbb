package main

import "github.com/mmcloughlin/avo/reg"

// The solvers go over the numbers once. check is Σ 0·x of the new x: 0, or not
// a number if one of them is not finite.

// coefficients loads consecutive numbers, each into a vector of its own.
func (a *asm) coefficients(n int) []reg.VecVirtual {
	p, v := a.param("coefficients"), a.vecs(n)
	for i := range v {
		a.broadcast(at(p, i*a.size()), v[i])
	}
	return v
}

func (a *asm) solvers() {
	a.adam()
	a.momentum()
	a.sgd()
}

// descend runs body over arrays; body returns the new x.
func (a *asm) descend(arrays []string, body func(load func(int, op), store func(op, int)) reg.VecVirtual) {
	check, null := a.vec(), a.vec()
	a.zero(check, null)
	ps := make([]reg.GPVirtual, len(arrays))
	for i, name := range arrays {
		ps[i] = a.param(name)
	}
	a.elements(a.param("n"), ps, func(load func(int, op), store func(op, int), keep func(op)) {
		x := body(load, store)
		keep(x) // adam computes 0/ε beyond the end, and ε may be zero
		a.fma(null, x, check)
		store(x, 0)
	})
	total := a.sum(check)
	if !a.double {
		a.VCVTSS2SD(total, total, total)
	}
	a.Store(total, a.Return("check"))
	a.end()
}

// adam takes the coefficients β1, 1−β1, β2, 1−β2, rate/(1−β1ᵗ), 1/√(1−β2ᵗ), ε.
func (a *asm) adam() {
	a.text("adam", "(n int, x, grad, m, v, coefficients *byte) (check float64)")
	a.flush()
	k := a.coefficients(7)
	var fast *estimator
	if a.wide && !a.double {
		fast = a.estimator()
	}
	a.descend([]string{"x", "grad", "m", "v"}, func(load func(int, op), store func(op, int)) reg.VecVirtual {
		x, g, m, v := a.vec(), a.vec(), a.vec(), a.vec()
		load(1, g)
		load(2, m)
		load(3, v)
		a.mul(k[0], m, m)
		a.fma(k[1], g, m)
		store(m, 2)
		a.mul(g, g, g)
		a.mul(k[2], v, v)
		a.fma(k[3], g, v)
		store(v, 3)
		a.mul(k[4], m, m)
		if fast != nil {
			fast.root(v)
			a.horner(k[6], k[5], v)
			fast.divide(m, v)
		} else {
			a.sqrt(v, v)
			a.horner(k[6], k[5], v)
			a.div(v, m, m)
		}
		load(0, x)
		a.sub(m, x, x)
		return x
	})
}

// estimator computes square roots and quotients of float32 by an estimate to 14
// bits and one step of Newton's method, to about the last bit: AVX-512 divides and
// takes roots only 16 numbers in some 11 cycles each, and Adam needs both.
type estimator struct {
	*asm
	tiny, huge, half, one5, two reg.VecVirtual
}

func (a *asm) estimator() *estimator {
	return &estimator{a, a.constantIn(tiny), a.constantIn(huge), a.constantIn(half), a.constantIn(one5), a.constantIn(twice)}
}

// root replaces v ≥ 0 by √v = v·y with y ≈ 1/√v, refined to y(3/2 − v/2·y²). Zero
// gives zero and infinity the root of the largest number; NaN stays.
func (e *estimator) root(v reg.VecVirtual) {
	y, h := e.vec(), e.vec()
	e.VMINPS(v, e.huge, v)
	e.VMAXPS(v, e.tiny, h)
	e.VRSQRT14PS(h, y)
	e.mul(e.half, h, h)
	e.mul(y, h, h)
	e.VFNMADD213PS(e.one5, y, h) // 3/2 − h·y
	e.mul(h, y, y)
	e.mul(y, v, v)
}

// divide replaces m by m/d with r ≈ 1/d refined to r(2 − d·r), for d > 0.
func (e *estimator) divide(m, d reg.VecVirtual) {
	r := e.vec()
	e.VRCP14PS(d, r)
	e.VFNMADD213PS(e.two, r, d) // 2 − d·r
	e.mul(d, r, r)
	e.mul(r, m, m)
}

// momentum takes the coefficients µ, rate.
func (a *asm) momentum() {
	a.text("momentum", "(n int, x, grad, v, coefficients *byte) (check float64)")
	a.flush()
	k := a.coefficients(2)
	a.descend([]string{"x", "grad", "v"}, func(load func(int, op), store func(op, int)) reg.VecVirtual {
		x, g, v := a.vec(), a.vec(), a.vec()
		load(1, g)
		load(2, v)
		a.horner(g, k[0], v)
		store(v, 2)
		load(0, x)
		a.fnma(k[1], v, x)
		return x
	})
}

// sgd takes the coefficient rate.
func (a *asm) sgd() {
	a.text("sgd", "(n int, x, grad, coefficients *byte) (check float64)")
	k := a.coefficients(1)
	a.descend([]string{"x", "grad"}, func(load func(int, op), _ func(op, int)) reg.VecVirtual {
		x, g := a.vec(), a.vec()
		load(0, x)
		load(1, g)
		a.fnma(k[0], g, x)
		return x
	})
}
