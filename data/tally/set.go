package tally

import "math/bits"

// number is a word of the vocabulary in as few bits as the vocabulary allows. The
// highest value marks the end of a sentence.
type number interface{ uint16 | uint32 }

// endOf is the end of a sentence among numbers.
func endOf[W number]() W { return ^W(0) }

// set is a set of numbers which gives them back in ascending order. It is a bit for
// every number, and a bit for every 64 of these that are not all zero.
type set struct {
	low, high []uint64
}

func newSet(numbers int) *set {
	return &set{low: make([]uint64, numbers/64+1), high: make([]uint64, numbers/4096+1)}
}

func (s *set) add(i uint) {
	s.low[i>>6] |= 1 << (i & 63)
	s.high[i>>12] |= 1 << (i >> 6 & 63)
}

// drain appends the numbers in ascending order and empties the set.
func drain[W number](s *set, to []W) []W {
	for h, some := range s.high {
		if some == 0 {
			continue
		}
		s.high[h] = 0
		for ; some != 0; some &= some - 1 {
			i := h<<6 | bits.TrailingZeros64(some)
			low := s.low[i]
			s.low[i] = 0
			for ; low != 0; low &= low - 1 {
				to = append(to, W(i<<6|bits.TrailingZeros64(low)))
			}
		}
	}
	return to
}
