package kernel

import "unsafe"

// AdamStep is the constants of one step of Adam, see [Set.Adam].
type AdamStep[F Float] struct {
	Beta1, Rest1 F // β₁ and 1−β₁
	Beta2, Rest2 F // β₂ and 1−β₂
	Rate         F // rate/(1−β₁ᵗ)
	Root         F // 1/√(1−β₂ᵗ)
	Epsilon      F
}

// Adam takes a step in one pass over the numbers of a parameter:
//
//	m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  x ← x − Rate·m / (√v·Root + ε)
//
// All slices have one length. It tells whether every new x is finite.
//
// Source: D. P. Kingma and J. Ba, "Adam", https://arxiv.org/abs/1412.6980,
// algorithm 1, with the corrections of m and v taken into the constants.
func (s *Set[F]) Adam(x, g, m, v []F, c *AdamStep[F]) (finite bool) {
	n := len(x)
	g, m, v = prefix(g, n), prefix(m, n), prefix(v, n)
	if n == 0 {
		return true
	}
	if s.asm.adam == nil {
		return adam(x, g, m, v, c)
	}
	return s.asm.adam(n, ptr(x), ptr(g), ptr(m), ptr(v), (*byte)(unsafe.Pointer(c))) == 0
}

// MomentumStep is the constants of one step of [Set.Momentum].
type MomentumStep[F Float] struct{ Mu, Rate F }

// Momentum takes a step v ← µv + g, x ← x − rate·v. It tells whether every new x
// is finite.
func (s *Set[F]) Momentum(x, g, v []F, c *MomentumStep[F]) (finite bool) {
	n := len(x)
	g, v = prefix(g, n), prefix(v, n)
	if n == 0 {
		return true
	}
	if s.asm.momentum == nil {
		return momentum(x, g, v, c)
	}
	return s.asm.momentum(n, ptr(x), ptr(g), ptr(v), (*byte)(unsafe.Pointer(c))) == 0
}

// SGDStep is the constants of one step of [Set.SGD].
type SGDStep[F Float] struct{ Rate F }

// SGD takes a step x ← x − rate·g. It tells whether every new x is finite.
func (s *Set[F]) SGD(x, g []F, c *SGDStep[F]) (finite bool) {
	n := len(x)
	g = prefix(g, n)
	if n == 0 {
		return true
	}
	if s.asm.sgd == nil {
		return sgd(x, g, c)
	}
	return s.asm.sgd(n, ptr(x), ptr(g), (*byte)(unsafe.Pointer(c))) == 0
}
