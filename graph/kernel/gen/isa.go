package main

import (
	"math/bits"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// asm writes kernels for one number type and one instruction set. Its methods
// are the operations that kernels consist of, in words instead of mnemonics.
type asm struct {
	*build.Context
	double bool // float64, not float32
	wide   bool // AVX-512, not AVX2

	table operand.Mem // see constants.go
	names int         // labels made so far

	flushes bool        // see flush
	saved   operand.Mem // the mode to go back to
}

// size is the number of bytes of a number, lanes the numbers of a vector, width
// its bytes.
func (a *asm) size() int {
	if a.double {
		return 8
	}
	return 4
}

func (a *asm) width() int {
	if a.wide {
		return 64
	}
	return 32
}

func (a *asm) lanes() int { return a.width() / a.size() }

// suffix tells kernels of different types and instruction sets apart.
func (a *asm) suffix() string {
	s := "32"
	if a.double {
		s = "64"
	}
	if a.wide {
		return s + "AVX512"
	}
	return s + "AVX2"
}

// label returns a new label.
func (a *asm) label(name string) string {
	a.names++
	return name + "_" + string(rune('a'+a.names/26/26%26)) + string(rune('a'+a.names/26%26)) + string(rune('a'+a.names%26))
}

func (a *asm) vec() reg.VecVirtual {
	if a.wide {
		return a.ZMM()
	}
	return a.YMM()
}

func (a *asm) vecs(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = a.vec()
	}
	return v
}

// param loads a parameter into a register.
func (a *asm) param(name string) reg.GPVirtual {
	r := a.GP64()
	a.Load(a.Param(name), r)
	return r
}

func (a *asm) text(name, signature string) {
	a.Function(name + a.suffix())
	a.Attributes(attr.NOSPLIT)
	a.Pragma("noescape")
	a.SignatureExpr("func" + signature)
}

// flush makes the kernel take denormal numbers for zero, and write zero for them,
// until its end. They cost the processor a hundred times the time of others, and
// come up wherever probabilities become very small. Go code never sees the change:
// no goroutine is interrupted within assembly.
func (a *asm) flush() {
	const flushToZero, denormalsAreZero = 1 << 15, 1 << 6
	a.saved = a.AllocLocal(8)
	a.flushes = true
	mode := a.GP32()
	a.STMXCSR(a.saved)
	a.MOVL(a.saved, mode)
	a.ORL(operand.U32(flushToZero|denormalsAreZero), mode)
	a.MOVL(mode, a.saved.Offset(4))
	a.LDMXCSR(a.saved.Offset(4))
}

func (a *asm) end() {
	if a.flushes {
		a.LDMXCSR(a.saved)
		a.flushes = false
	}
	a.VZEROUPPER()
	a.RET()
}

type op = operand.Op

// pick calls the form of an instruction that the number type needs.
func (a *asm) pick(single, double func(...op), ops ...op) {
	if a.double {
		double(ops...)
	} else {
		single(ops...)
	}
}

func three(f func(x, y, z op)) func(...op) {
	return func(o ...op) { f(o[0], o[1], o[2]) }
}

// In Go's order of operands the destination comes last.

func (a *asm) load(m, v op)  { a.pick(a.VMOVUPS, a.VMOVUPD, m, v) }
func (a *asm) store(v, m op) { a.pick(a.VMOVUPS, a.VMOVUPD, v, m) }

// fma is z += x·y; x may be memory.
func (a *asm) fma(x, y, z op) { a.pick(a.VFMADD231PS, a.VFMADD231PD, x, y, z) }

// fnma is z −= x·y.
func (a *asm) fnma(x, y, z op) { a.pick(a.VFNMADD231PS, a.VFNMADD231PD, x, y, z) }

// horner is z = z·y + x; x may be memory.
func (a *asm) horner(x, y, z op) { a.pick(a.VFMADD213PS, a.VFMADD213PD, x, y, z) }
func (a *asm) mul(x, y, z op)    { a.pick(a.VMULPS, a.VMULPD, x, y, z) }
func (a *asm) add(x, y, z op)    { a.pick(a.VADDPS, a.VADDPD, x, y, z) }

// sub is z = y − x, div z = y/x.
func (a *asm) sub(x, y, z op) { a.pick(a.VSUBPS, a.VSUBPD, x, y, z) }
func (a *asm) div(x, y, z op) { a.pick(a.VDIVPS, a.VDIVPD, x, y, z) }
func (a *asm) sqrt(x, z op)   { a.pick(a.VSQRTPS, a.VSQRTPD, x, z) }

// max is z = max(y, x), and x if either is not a number.
func (a *asm) max(x, y, z op) { a.pick(a.VMAXPS, a.VMAXPD, x, y, z) }

// zero sets vectors to zero, by copies of one: the generator does not see that the
// exclusive or of a register with itself does not depend on it.
func (a *asm) zero(vs ...reg.VecVirtual) {
	a.broadcast(a.constant(zero), vs[0])
	for _, v := range vs[1:] {
		a.VMOVAPS(vs[0], v)
	}
}

func (a *asm) broadcast(m, v op) { a.pick(a.VBROADCASTSS, a.VBROADCASTSD, m, v) }

func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

func index(base, i reg.Register, scale uint8, disp int) operand.Mem {
	return operand.Mem{Base: base, Index: i, Scale: scale, Disp: disp}
}

// mask selects the first numbers of a vector, of the last in a row.
type mask struct {
	k reg.OpmaskVirtual // AVX-512
	v reg.VecVirtual    // AVX2: −1 where selected
}

// maskOf returns the mask of the first min(n, lanes) numbers, n ≥ 0. n is
// destroyed.
func (a *asm) maskOf(n reg.GPVirtual) mask {
	full := a.GP64()
	a.MOVQ(operand.U32(a.lanes()), full)
	a.CMPQ(n, full)
	a.CMOVQGT(full, n)
	if a.wide {
		ones, k := a.GP64(), a.K()
		a.MOVQ(operand.I32(-1), ones)
		a.BZHIQ(n, ones, ones)
		a.KMOVW(ones.As32(), k)
		return mask{k: k}
	}
	base, v := a.GP64(), a.vec()
	a.LEAQ(operand.NewDataAddr(operand.NewStaticSymbol("masks"+a.suffix()), 0), base)
	a.SHLQ(operand.U8(shift(a.size())), n)
	a.SUBQ(n, base)
	a.load(at(base, a.width()), v)
	return mask{v: v}
}

// shift is the binary logarithm of a size.
func shift(size int) int { return bits.TrailingZeros(uint(size)) }

// loadMasked loads what the mask selects and zeros.
func (a *asm) loadMasked(m operand.Mem, k mask, v op) {
	if a.wide {
		a.pick(three(a.zmovS), three(a.zmovD), m, k.k, v)
	} else {
		a.pick(three(a.VMASKMOVPS), three(a.VMASKMOVPD), m, k.v, v)
	}
}

func (a *asm) zmovS(m, k, v op) { a.VMOVUPS_Z(m, k, v) }
func (a *asm) zmovD(m, k, v op) { a.VMOVUPD_Z(m, k, v) }

// storeMasked stores what the mask selects.
func (a *asm) storeMasked(v op, k mask, m operand.Mem) {
	if a.wide {
		a.pick(a.VMOVUPS, a.VMOVUPD, v, k.k, m)
	} else {
		a.pick(three(a.VMASKMOVPS), three(a.VMASKMOVPD), v, k.v, m)
	}
}

// keep sets to zero what the mask does not select.
func (a *asm) keep(k mask, v op) {
	switch {
	case !a.wide:
		a.VANDPS(k.v, v, v)
	case a.double:
		a.VMOVAPD_Z(v, k.k, v)
	default:
		a.VMOVAPS_Z(v, k.k, v)
	}
}

// advance adds bytes to pointers.
func (a *asm) advance(bytes op, ps ...reg.GPVirtual) {
	for _, p := range ps {
		a.ADDQ(bytes, p)
	}
}
