package train

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"qk/graph"
)

// lineOf makes a sampler of rows 10, 11, 12, … with the given masses, which weigh
// 1 in all.
func lineOf(masses []uint64, B int, seed uint64) *sampler {
	m := &sampler{B: B, seed: seed}
	var end uint64
	for i, n := range masses {
		end += n
		m.ids, m.ends = append(m.ids, int32(10+i)), append(m.ends, end)
	}
	m.unit = 1 / float64(end)
	fresh := newSampler(&graph.Model{}, B, seed)
	m.pcg, m.rng = fresh.pcg, fresh.rng
	return m
}

// lots are lines of one row, of equal rows, of rows of which some have no mass,
// at the ends too, and of rows that differ widely.
var lots = [][]uint64{
	{7}, {1, 1, 1, 1, 1}, {0, 3, 0, 0, 5, 1, 0}, {1000, 1, 1, 1, 300, 20, 1}, {3, 1 << 50, 5, 1 << 49}, {1, 2},
}

// TestSamplerBatches checks every batch: rows ascend, each is there once and has
// mass, no weight is zero, and all weigh as much as the text. A step asked for
// again, in any order, has the same batch.
func TestSamplerBatches(t *testing.T) {
	for _, masses := range lots {
		for _, B := range []int{1, 2, 3, len(masses), 40} {
			s := lineOf(masses, B, 5)
			var first [][]int32
			for step := range 300 {
				b := s.draw(step)
				what := fmt.Sprintf("masses %d, B %d, step %d", masses, B, step)
				var sum float64
				for i, row := range b.Rows {
					if i > 0 && b.Rows[i-1] >= row || masses[row-10] == 0 || !(b.Weights[i] > 0) {
						t.Fatalf("%s: rows %d, weights %v", what, b.Rows, b.Weights)
					}
					sum += b.Weights[i]
				}
				if n := len(b.Rows); n == 0 || n > B || n != len(b.Weights) || math.Abs(sum-1) > 1e-14 {
					t.Fatalf("%s: %d rows, %d weights, which are %v", what, n, len(b.Weights), sum)
				}
				first = append(first, slices.Clone(b.Rows))
			}
			for _, step := range []int{7, 299, 0, 7, 1} {
				if rows := s.draw(step).Rows; !slices.Equal(rows, first[step]) {
					t.Errorf("masses %d, B %d, step %d: rows %d, then %d", masses, B, step, first[step], rows)
				}
			}
		}
	}
}

// TestSamplerSteps wants the batches of different steps, and of different seeds,
// to differ: of 100 equal rows, 10 are drawn in 10¹⁰ ways.
func TestSamplerSteps(t *testing.T) {
	masses := slices.Repeat([]uint64{3}, 100)
	seen := make(map[string]bool)
	for seed := range uint64(5) {
		s := lineOf(masses, 10, seed)
		for step := range 200 {
			seen[fmt.Sprint(s.draw(step).Rows)] = true
		}
	}
	if len(seen) != 1000 {
		t.Errorf("1000 steps have %d different batches", len(seen))
	}
}

// TestSamplerUnbiased wants the mean weight of each row over many draws to be its
// share of the text, within five times the standard deviation of that mean. The
// deviation is computed from the strata: a row that covers p of a stratum of
// weight h is hit with probability p, so its weight varies by h²p(1−p).
func TestSamplerUnbiased(t *testing.T) {
	const draws = 20000
	for _, masses := range lots {
		var total float64
		for _, n := range masses {
			total += float64(n)
		}
		for _, B := range []int{1, 2, 3, len(masses), 40} {
			s := lineOf(masses, B, 11)
			mean := make([]float64, len(masses))
			for step := range draws {
				b := s.draw(step)
				for i, row := range b.Rows {
					mean[row-10] += b.Weights[i] / draws
				}
			}
			begin := 0.0
			for i, n := range masses {
				end := begin + float64(n)
				var variance float64
				for j := range B {
					from, to := float64(stratum(uint64(total), j, B)), float64(stratum(uint64(total), j+1, B))
					if to > from {
						p := max(0, min(end, to)-max(begin, from)) / (to - from)
						variance += math.Pow((to-from)/total, 2) * p * (1 - p)
					}
				}
				bound := 5*math.Sqrt(variance/draws) + 1e-12
				wantNear(t, fmt.Sprintf("mean weight of row %d of %d, B %d", i, masses, B), mean[i], float64(n)/total, bound)
				begin = end
			}
		}
	}
}

// TestStrata wants strata that follow each other, cover the line and differ by one
// in length, on lines as long as a count can be.
func TestStrata(t *testing.T) {
	for _, total := range []uint64{0, 1, 2, 9, 1000, 1<<32 + 1, math.MaxUint64} {
		for _, B := range []int{1, 2, 7, 512} {
			at := uint64(0)
			for i := range B {
				from, to := stratum(total, i, B), stratum(total, i+1, B)
				if from != at || to-from < total/uint64(B) || to-from-total/uint64(B) > 1 {
					t.Fatalf("stratum %d of %d of %d: %d … %d after %d", i, B, total, from, to, at)
				}
				at = to
			}
			if at != total {
				t.Fatalf("%d strata of %d end at %d", B, total, at)
			}
		}
	}
}

// TestBatchGradient wants the mean of the losses and gradients of many batches to
// be those of all rows, for every loss, within six standard deviations of the
// mean as measured over the draws.
func TestBatchGradient(t *testing.T) {
	const draws = 4000
	for name, c := range map[string]Config{
		"predict": predict(), "without a null slot": predict(withoutNull),
		"entropy": recall(graph.CrossEntropy), "squared": recall(graph.Squared), "logistic": recall(graph.Logistic),
	} {
		c.Batch, c.Rank, c.Precision = 3, 2, Float64
		l := loop(t, count(t, c, ""))
		figures := func(loss graph.Loss) []float64 {
			x := []float64{loss.Total()}
			for _, p := range l.Model.Params() {
				x = p.AppendGradientTo(x)
			}
			return x
		}
		loss, err := l.Model.Run()
		must(t, err)
		want := figures(loss)
		sum, squares := make([]float64, len(want)), make([]float64, len(want))
		for l.Step = range draws {
			loss, err := l.run()
			must(t, err)
			for i, x := range figures(loss) {
				sum[i] += x - want[i]
				squares[i] += (x - want[i]) * (x - want[i])
			}
		}
		for i := range want {
			off, deviation := sum[i]/draws, math.Sqrt(squares[i])/draws
			wantNear(t, fmt.Sprintf("%s: figure %d", name, i), off, 0, 6*deviation+1e-13)
		}
	}
}

// TestFrequentRows wants rows that fill whole strata in every batch: of a text with
// a word that is half of it, that word.
func TestFrequentRows(t *testing.T) {
	c := recall(graph.CrossEntropy, func(c *Config) { c.Batch = 4 })
	e := count(t, c, "a b\n"+strings.Repeat("a c\n", 20)+strings.Repeat("b d\nc a\n", 5)+"d e\n")
	l := loop(t, e)
	a, err := e.Corpus.Vocab.Find("a")
	must(t, err)
	for step := range 200 {
		if b := l.sampler.draw(step); !slices.Contains(b.Rows, int32(a)) {
			t.Fatalf("step %d: rows %d without %d", step, b.Rows, a)
		}
	}
}
