package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/text"
	"qk/graph/kernel"
)

// spread is how far the rounding of numbers of type float32 can move the scores
// of a model, and by how much the largest weight multiplies that in a gradient.
// A product of R terms is off by less than R+2 units of their sizes' sum.
func spread(m *Model) float64 {
	w := m.Weights
	most := largest(w.K...)
	size := most * w.scale()
	if !w.OneHot {
		most = max(most, largest(w.Q...))
		size = 0
		for i := range w.V {
			for u := range w.V {
				var sum float64
				for j := range w.R {
					sum += math.Abs(w.Q[i*w.R+j] * w.K[u*w.R+j])
				}
				size = max(size, sum*w.scale())
			}
		}
	}
	return float64(w.R+2) * 0x1p-23 * size * most
}

// inSingle builds the fused model of float32 for a plain one, whose weights it
// rounds, so that both have the same.
func inSingle(t tb, c corpus, plain *Model, s Spec) *Model {
	t.Helper()
	s.Fused, s.Float32 = true, true
	m := newModel(t, c, s)
	copyRounded(plain, m)
	return m
}

// copyRounded rounds the weights of a model to float32 and copies them to another.
func copyRounded(from, to *Model) {
	for i, p := range from.Params() {
		for j, x := range p.Data {
			p.Data[j] = float64(float32(x))
		}
		to.Params()[i].Set(p.Data)
	}
}

// figures are the loss, the penalty and the gradients of a model of any numbers.
func figures(t tb, m *Model) []float64 {
	t.Helper()
	return figuresAfter(m, run(t, m))
}

func figuresAfter(m *Model, loss Loss) []float64 {
	all := []float64{loss.Data, loss.Penalty}
	for _, p := range m.Params() {
		all = p.AppendGradientTo(all)
	}
	return all
}

// TestSingleEqualsPlain holds the fused graph in float32 against the plain one in
// float64 on random texts, forms and sizes of scores: 10⁻⁵ of the largest figure,
// and what the rounding of the scores alone makes of the gradient.
func TestSingleEqualsPlain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawCorpus(r)
		s := rapid.SampledFrom(losses()[:7]).Draw(r, "loss")
		s.Fused = false
		if !c.canLearn(s) {
			r.Skip("no pair of words")
		}
		s.Scaled, s.OneHot = rapid.Bool().Draw(r, "scaled"), rapid.Bool().Draw(r, "one-hot")
		s.Rank, s.L2 = rapid.IntRange(1, 9).Draw(r, "rank"), 0.01
		size := rapid.SampledFrom([]float64{0.01, 1, 10, 100, 1e4}).Draw(r, "size of the scores")
		if !s.OneHot {
			size = math.Sqrt(size)
		}
		plain := newModel(r, c, s)
		randomise(plain, rapid.Uint64().Draw(r, "seed"), size)
		single := inSingle(r, c, plain, s)
		want, got := figures(r, plain), figures(r, single)
		tolerance := 1e-5*largest(want...) + 2*spread(plain)
		wantNear(r, describe(s), got, want, 1, tolerance)
	})
}

// randomTable makes up transitions of V words: rows of up to most cells, every
// seventh row empty, and counts that differ widely.
func randomTable(t tb, V, most int, seed uint64) *data.Counts {
	t.Helper()
	var words strings.Builder
	for w := range V {
		fmt.Fprintf(&words, "w%d ", w)
	}
	loaded, err := data.Load(text.FromText("test", words.String()), data.Options{})
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	rng := rand.New(rand.NewPCG(seed, 3))
	c := &data.Counts{Corpus: loaded, Transitions: make([]data.Row, V)}
	for w := range V {
		if w%7 == 3 {
			continue
		}
		next := rng.Perm(V)[:1+rng.IntN(most)]
		slices.Sort(next)
		row := &c.Transitions[w]
		for _, y := range next {
			n := uint64(1 + rng.IntN(1<<rng.IntN(12)))
			row.Cells, row.Total = append(row.Cells, data.Cell{Word: data.Word(y), N: n}), row.Total+n
		}
		c.Total += row.Total
	}
	return c
}

// tables are sizes with one panel and several, one shard and several, one block
// of rows and several, and ends that fill no vector; sparse and dense.
var tables = []struct{ V, most int }{
	{1, 1}, {7, 7}, {63, 8}, {97, 60}, {128, 3}, {129, 129}, {150, 5}, {257, 250}, {400, 12}, {731, 9},
}

// TestTablesEqualPlain holds the fused cross-entropy of tables against the plain
// graph: 10⁻¹² of the largest figure in float64, 10⁻⁵ in float32, for all rows.
// The one-hot form is left out of the largest.
func TestTablesEqualPlain(t *testing.T) {
	dense, sharded := 0, 0
	for i, size := range tables {
		c := corpus{counts: randomTable(t, size.V, size.most, uint64(i))}
		for _, oneHot := range []bool{false, true} {
			if oneHot && size.V > 150 {
				continue
			}
			s := Spec{Task: Recall, Objective: CrossEntropy, OneHot: oneHot, Rank: 1 + i*5%24, Scaled: i%2 == 0, L2: 0.001 * float64(i%2)}
			plain, fused := fusedPair(t, c, s, uint64(i), 1)
			single := inSingle(t, c, plain, s)
			copyRounded(plain, fused)
			want := figures(t, plain)
			most := max(math.Abs(want[0]), absMost(want[2:]))
			what := fmt.Sprintf("V = %d, %s", size.V, describe(s))
			for range 2 { // what a run leaves behind must not matter
				wantNear(t, what, figures(t, fused), want, most, 1e-12)
				wantNear(t, what+", float32", figures(t, single), want, most, 1e-5)
			}
			e := newFusedEntropy[float64](c.counts, shapeOf(fused.Weights), kernel.New[float64](kernel.Go), &team{})
			if e.dense != nil {
				dense++
			}
			if e.shards > 1 {
				sharded++
			}
		}
	}
	if dense < 3 || sharded < 1 {
		t.Errorf("%d tables are dense and %d have several shards: too few to be a test", dense, sharded)
	}
}

// absMost is the largest absolute value.
func absMost(x []float64) float64 {
	var most float64
	for _, v := range x {
		most = max(most, math.Abs(v))
	}
	return most
}

// TestEveryKernelEqualsPlain repeats the comparison with each instruction set of
// the machine, Go among them, on real sentences and on a table.
func TestEveryKernelEqualsPlain(t *testing.T) {
	for _, isa := range kernel.Available() {
		t.Run(string(isa), func(t *testing.T) {
			t.Setenv(kernel.Variable, string(isa))
			text, table := builtInCorpus(t, "candle"), corpus{counts: randomTable(t, 300, 20, 1)}
			for i, s := range specs() {
				if s.Fused {
					continue
				}
				kernelEqualsPlain(t, text, s, isa, uint64(i))
			}
			kernelEqualsPlain(t, table, Spec{Task: Recall, Objective: CrossEntropy, Rank: 13}, isa, 1)
			kernelEqualsPlain(t, table, Spec{Task: Recall, Objective: Squared, Rank: 13}, isa, 1)
		})
	}
}

func kernelEqualsPlain(t *testing.T, c corpus, s Spec, isa kernel.ISA, seed uint64) {
	t.Helper()
	plain, fused := fusedPair(t, c, s, seed, 1)
	single := inSingle(t, c, plain, s)
	copyRounded(plain, fused)
	if fused.ISA != isa || single.ISA != isa {
		t.Fatalf("the kernels are %s and %s, want %s", fused.ISA, single.ISA, isa)
	}
	want := figures(t, plain)
	wantNear(t, describe(s), figures(t, fused), want, absMost(want), 1e-12)
	wantNear(t, describe(s)+", float32", figures(t, single), want, absMost(want), 1e-5)
}
