package train

import (
	"fmt"
	"testing"

	"qk/data"
	"qk/graph"
)

// BenchmarkSolver times the step of every solver over the parameters of a model.
func BenchmarkSolver(b *testing.B) {
	for _, name := range Solvers() {
		for _, precision := range []Precision{Float32, Float64} {
			for _, x := range []struct{ V, R int }{{27, 27}, {1000, 32}, {20000, 64}} {
				b.Run(fmt.Sprintf("%s/%s/V=%d,R=%d", name, precision, x.V, x.R), func(b *testing.B) {
					benchmarkSolver(b, Config{Solver: name, Precision: precision, LR: 1e-3, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999}, x.V, x.R)
				})
			}
		}
	}
}

func benchmarkSolver(b *testing.B, c Config, V, R int) {
	words := make([]string, V)
	for i := range words {
		words[i] = fmt.Sprintf("w%06d", i)
	}
	counts := &data.Counts{
		Corpus: &data.Corpus{Vocab: data.NewVocabulary(words)}, Total: 1,
		Transitions: make([]data.Row, V), Pairs: make([][]data.Pair, V),
	}
	counts.Transitions[0] = data.Row{Total: 1, Cells: []data.Cell{{Word: 0, N: 1}}}
	m, err := graph.New(graph.Spec{Task: graph.Recall, Objective: graph.CrossEntropy, Rank: R, Fused: true, Float32: c.Precision == Float32}, counts, nil)
	must(b, err)
	m.Weights.Draw(1, 0.1)
	m.Push()
	_, err = m.Run()
	must(b, err)
	s, err := SolverOf(c, m)
	must(b, err)
	m.Start(0)
	defer m.Stop()
	params := m.ValueGrads()
	b.ReportAllocs()
	for b.Loop() {
		must(b, s.Step(params))
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(2*V*R), "ns/number")
}
