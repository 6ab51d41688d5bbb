package live

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"
)

// floats is a matrix, row-major, that travels as base64 of little-endian float32: a
// third of the size of decimal numbers, and it can hold NaN.
type floats []float32

// MarshalJSON writes the numbers as a string.
func (f floats) MarshalJSON() ([]byte, error) {
	raw := make([]byte, 0, 4*len(f))
	for _, x := range f {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	out := make([]byte, 0, base64.StdEncoding.EncodedLen(len(raw))+2)
	out = append(out, '"')
	out = base64.StdEncoding.AppendEncode(out, raw)
	return append(out, '"'), nil
}

// real is a number to all its digits, or null if it is not finite.
type real float64

// MarshalJSON writes the shortest decimals that are read back as the same number.
func (x real) MarshalJSON() ([]byte, error) {
	if v := float64(x); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(x), 'g', -1, 64), nil
}
