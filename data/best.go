package data

import (
	"math"
	"math/bits"
)

// MaxExhaustive is the largest number of earlier words in a row for which the
// best mask is found by exhaustive search.
const MaxExhaustive = 16

// tieTolerance is how close, relative to 1 + the loss, two masks' losses must
// be to count as equal: wide enough for sums of rounded logarithms.
const tieTolerance = 1e-12

// Best is the outcome of the exhaustive search over the binary masks of a row.
type Best struct {
	// Loss is −Σ ln p over the row's positions, in nats, with the best mask.
	Loss float64
	// Mask is the best mask with the fewest classes; of several, the one whose
	// classes come first. It lists all the words of its classes, even where
	// Loss is that of a mask with only some of them.
	Mask []Word
	// Ties holds, for every set of classes whose loss is as good, a bit mask of
	// the classes (bit i for class i), in ascending order.
	Ties []uint32
}

// bestMask searches every binary mask of a row. With a mask, p is the mean of
// P(y|u,w) over the selected earlier words that are present, and P(y|w) where
// none is.
//
// Words of one class are interchangeable, so only the number of words taken
// from a class matters, not which: the search runs over Π (|class|+1) choices
// in place of 2^Σ|class|. It returns nil for rows of more than [MaxExhaustive]
// words.
func bestMask(positions []Position, pairs []Pair, classes [][]Word, all Row) *Best {
	if len(pairs) > MaxExhaustive {
		return nil
	}
	s := newMaskSearch(positions, pairs, classes, all)
	s.descend(0, 0)

	best := &Best{Loss: math.Inf(1)}
	for _, loss := range s.loss {
		best.Loss = min(best.Loss, loss)
	}
	smallest := -1
	for set, loss := range s.loss {
		if loss > best.Loss+tieTolerance*(1+best.Loss) {
			continue
		}
		best.Ties = append(best.Ties, uint32(set))
		if smallest < 0 || bits.OnesCount32(uint32(set)) < bits.OnesCount32(uint32(smallest)) ||
			bits.OnesCount32(uint32(set)) == bits.OnesCount32(uint32(smallest)) && bits.Reverse32(uint32(set)) > bits.Reverse32(uint32(smallest)) {
			smallest = set
		}
	}
	best.Mask = wordsOf(classes, uint32(smallest))
	return best
}

// maskSearch holds, for every position and every class, the vote that a word of
// the class has there, and the running sums of the masks under way.
type maskSearch struct {
	sizes []int       // words in each class
	n     []float64   // [positions] multiplicities
	none  []float64   // [positions] −ln P(y|w), the loss when nothing is selected
	vote  [][]float64 // [classes][positions] P(y|u,w), or −1 where the class is absent
	sum   []float64   // [positions] sum of the selected votes
	count []float64   // [positions] number of the selected votes
	loss  []float64   // [2^classes] the least loss of each set of classes
}

func newMaskSearch(positions []Position, pairs []Pair, classes [][]Word, all Row) *maskSearch {
	rows := make(map[Word]Row, len(pairs))
	for _, p := range pairs {
		rows[p.Earlier] = p.Next
	}
	s := &maskSearch{
		sizes: make([]int, len(classes)),
		n:     make([]float64, len(positions)),
		none:  make([]float64, len(positions)),
		vote:  make([][]float64, len(classes)),
		sum:   make([]float64, len(positions)),
		count: make([]float64, len(positions)),
		loss:  make([]float64, 1<<len(classes)),
	}
	for i, p := range positions {
		s.n[i] = float64(p.N)
		s.none[i] = -math.Log(all.P(p.Next))
	}
	for c, words := range classes {
		s.sizes[c] = len(words)
		s.vote[c] = make([]float64, len(positions))
		for i, p := range positions {
			s.vote[c][i] = -1
			if contains(p.Earlier, words[0]) {
				s.vote[c][i] = rows[words[0]].P(p.Next)
			}
		}
	}
	for i := range s.loss {
		s.loss[i] = math.Inf(1)
	}
	return s
}

// descend tries every number of words of class c and of the classes after it.
func (s *maskSearch) descend(c int, set uint32) {
	if c == len(s.sizes) {
		s.loss[set] = min(s.loss[set], s.current())
		return
	}
	s.descend(c+1, set)
	sum, count := append([]float64(nil), s.sum...), append([]float64(nil), s.count...)
	for range s.sizes[c] {
		for i, v := range s.vote[c] {
			if v >= 0 {
				s.sum[i] += v
				s.count[i]++
			}
		}
		s.descend(c+1, set|1<<c)
	}
	copy(s.sum, sum)
	copy(s.count, count)
}

// current returns the loss of the mask whose sums are in place.
func (s *maskSearch) current() float64 {
	var loss float64
	for i, n := range s.n {
		if s.count[i] == 0 {
			loss += n * s.none[i]
		} else {
			loss -= n * math.Log(s.sum[i]/s.count[i])
		}
	}
	return loss
}
