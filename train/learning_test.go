package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"qk/data"
	"qk/graph"
)

// BenchmarkStepsToFloor counts the steps that recall with cross-entropy takes by
// default until its loss is within 1e-3 nats of the floor: the median, the least
// and the most of 5 seeds.
func BenchmarkStepsToFloor(b *testing.B) {
	for _, x := range []struct{ V, R, true int }{{27, 27, 26}, {1000, 32, 8}} {
		b.Run(fmt.Sprintf("V=%d,R=%d", x.V, x.R), func(b *testing.B) {
			counts := softTable(x.V, x.true)
			floor := data.FirstOrder(counts)
			for b.Loop() {
				var taken []int
				for _, seed := range seeds(5) {
					c := recall(graph.CrossEntropy, seeded(seed), ranked(x.R))
					c.Tolerance, c.Graph, c.Precision = RecallExcess, Fused, Float32
					c.Complete(x.V)
					m, err := graph.New(c.Spec(), counts, nil)
					must(b, err)
					l, err := NewLoop(c, m)
					must(b, err)
					l.Convergence.Floor = &floor
					must(b, l.Run(context.Background()))
					if l.Step == c.Steps {
						b.Errorf("seed %d: %g above the floor", seed, l.Loss.Data-floor)
					}
					taken = append(taken, l.Step)
				}
				slices.Sort(taken)
				b.ReportMetric(float64(taken[len(taken)/2]), "steps")
				b.ReportMetric(float64(taken[0]), "least")
				b.ReportMetric(float64(taken[len(taken)-1]), "most")
			}
		})
	}
}

// softTable counts a text that does not exist: words of Zipf frequencies, each
// followed by every word with a probability of softmax(a·b − ln rank), where a
// and b have the given size. So the floor can be reached at rank size + 1.
func softTable(V, size int) *data.Counts {
	rng := rand.New(rand.NewPCG(1, 8))
	a, b := make([]float64, V*size), make([]float64, V*size)
	for i := range a {
		a[i], b[i] = rng.NormFloat64(), rng.NormFloat64()/math.Sqrt(float64(size))
	}
	words := make([]string, V)
	for i := range words {
		words[i] = fmt.Sprintf("w%06d", i)
	}
	c := &data.Counts{
		Corpus:      &data.Corpus{Vocab: data.NewVocabulary(words)},
		Transitions: make([]data.Row, V), Pairs: make([][]data.Pair, V),
	}
	for w := range V {
		p, sum := make([]float64, V), 0.0
		for y := range V {
			score := -math.Log(float64(y + 1))
			for j := range size {
				score += a[w*size+j] * b[y*size+j]
			}
			p[y] = math.Exp(score)
			sum += p[y]
		}
		row := &c.Transitions[w]
		for y := range V {
			if n := uint64(1e9 * p[y] / sum / float64(w+1)); n > 0 {
				row.Cells = append(row.Cells, data.Cell{Word: data.Word(y), N: n})
				row.Total += n
			}
		}
		c.Total += row.Total
	}
	return c
}
