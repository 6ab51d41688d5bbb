package matrix

import (
	"encoding/binary"
	"fmt"
	"math"
)

// number is a format of floating-point numbers.
type number struct {
	name  string
	width int // bytes
	order binary.ByteOrder
	value func(o binary.ByteOrder, b []byte) float64
}

var (
	float64s = number{"float64", 8, binary.LittleEndian, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }}
	float32s = number{"float32", 4, binary.LittleEndian, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }}
	float16s = number{"float16", 2, binary.LittleEndian, func(o binary.ByteOrder, b []byte) float64 { return half(o.Uint16(b)) }}
	// bfloat16 is the upper half of a float32.
	bfloat16s = number{"bfloat16", 2, binary.LittleEndian, func(o binary.ByteOrder, b []byte) float64 {
		return float64(math.Float32frombits(uint32(o.Uint16(b)) << 16))
	}}
)

func (n number) bigEndian() number {
	n.order = binary.BigEndian
	return n
}

// appendTo appends the numbers in b, which holds whole ones.
func (n number) appendTo(dst []float64, b []byte) []float64 {
	for ; len(b) > 0; b = b[n.width:] {
		dst = append(dst, n.value(n.order, b))
	}
	return dst
}

// half is the value of a binary16 of IEEE 754: a sign, 5 bits of exponent with bias
// 15, 10 bits of fraction.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10&0x1f), float64(b&0x3ff)
	var x float64
	switch {
	case exponent == 0x1f && fraction != 0:
		return math.NaN()
	case exponent == 0x1f:
		x = math.Inf(1)
	case exponent == 0: // subnormal
		x = math.Ldexp(fraction, -24)
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if b>>15 != 0 {
		x = math.Copysign(x, -1)
	}
	return x
}

// notFloats says that numbers are of another kind, and what to do.
func notFloats(dtype string) error {
	return fmt.Errorf("it holds %s: give floating-point numbers of 16, 32 or 64 bits, such as W.astype(\"float32\")", dtype)
}
