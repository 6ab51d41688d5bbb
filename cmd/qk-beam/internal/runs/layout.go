package runs

import (
	"math/bits"

	"qk/data"
)

// keyBits is the width of a packed key. A run shifts it by one bit.
const keyBits = 63

// Layout cuts the current words 0 … V−1 into ranges of 2^Shift words each and packs
// the words of a row into a key that has the same order within its range.
type Layout struct {
	V     int
	Shift uint // words of a range, as a power of two
	bits  uint // of any other word
}

// NewLayout returns the layout for a vocabulary of V words, at least 1, in about so
// many ranges: at most that many, unless the keys of three words would not fit
// into 63 bits then, and at least half of them where V allows.
func NewLayout(V, ranges int) Layout {
	l := Layout{V: V, bits: uint(bits.Len(uint(V - 1)))}
	l.Shift = uint(bits.Len(uint(V-1) / uint(max(1, ranges))))
	if room := keyBits - 2*int(l.bits); int(l.Shift) > room {
		l.Shift = uint(max(0, room))
	}
	return l
}

// Ranges returns the number of ranges.
func (l Layout) Ranges() int { return (l.V-1)>>l.Shift + 1 }

// Range returns the range of a current word.
func (l Layout) Range(w data.Word) int { return int(w) >> l.Shift }

// Pack packs the words of a row, at most three, the current one first.
func (l Layout) Pack(w data.Word, others ...data.Word) uint64 {
	key := uint64(w) & (1<<l.Shift - 1)
	for _, o := range others {
		key = key<<l.bits | uint64(o)
	}
	return key
}

// Unpack is the inverse of [Layout.Pack]: it fills words, whose length is the number
// of words packed, and reports whether the key is one that Pack can have made.
func (l Layout) Unpack(r int, key uint64, words []int32) bool {
	for i := len(words) - 1; i > 0; i-- {
		words[i] = int32(key & (1<<l.bits - 1))
		if int(words[i]) >= l.V {
			return false
		}
		key >>= l.bits
	}
	if key>>l.Shift != 0 {
		return false
	}
	w := uint64(r)<<l.Shift | key
	if w >= uint64(l.V) {
		return false
	}
	words[0] = int32(w)
	return true
}
