package train

import (
	"math/bits"
	"math/rand/v2"

	"qk/graph"
)

// sampler draws batches of rows whose expected loss and gradient are those of the
// whole text.
//
// The rows lie side by side on a line, each as long as its mass. The line is cut
// into B strata of equal length, up to one, and a point is drawn in each: the row
// under it stands for the stratum, with the stratum's share of the text as its
// weight. A row that is hit several times is in the batch once, with the sum. Each
// point is uniform in its stratum, so the expected weight of a row is its share of
// the text; and frequent words, which fill whole strata, are always there.
//
// Source: W. G. Cochran, "Sampling Techniques", third edition, 1977, chapter 5
// (stratified sampling).
type sampler struct {
	ids   []int32
	ends  []uint64 // [rows] the end of each row on the line
	unit  float64  // the weight of a mass of one
	B     int
	seed  uint64
	pcg   *rand.PCG
	rng   *rand.Rand
	batch graph.Batch
}

func newSampler(m *graph.Model, B int, seed uint64) *sampler {
	ids, masses, unit := m.Rows()
	s := &sampler{ids: ids, ends: make([]uint64, len(ids)), unit: unit, B: B, seed: seed, pcg: rand.NewPCG(0, 0)}
	s.rng = rand.New(s.pcg)
	var end uint64
	for i, mass := range masses {
		end += mass
		s.ends[i] = end
	}
	return s
}

// draw returns the batch of a step, the same whenever it is asked for. It is
// valid until the next draw.
func (s *sampler) draw(step int) *graph.Batch {
	s.pcg.Seed(s.seed, 0x6261746368<<24^uint64(step)) // the stream of batches
	total := s.ends[len(s.ends)-1]
	b := &s.batch
	b.Rows, b.Weights = b.Rows[:0], b.Weights[:0]
	row := 0
	for i := range s.B {
		from, to := stratum(total, i, s.B), stratum(total, i+1, s.B)
		if from == to {
			continue // more strata than the line is long
		}
		point := from + s.rng.Uint64N(to-from)
		for s.ends[row] <= point {
			row++
		}
		weight := float64(to-from) * s.unit
		if n := len(b.Rows); n > 0 && b.Rows[n-1] == s.ids[row] {
			b.Weights[n-1] += weight
			continue
		}
		b.Rows, b.Weights = append(b.Rows, s.ids[row]), append(b.Weights, weight)
	}
	return b
}

// stratum returns where stratum i of B begins on a line: total·i/B.
func stratum(total uint64, i, B int) uint64 {
	high, low := bits.Mul64(total, uint64(i))
	at, _ := bits.Div64(high, low, uint64(B))
	return at
}
