package graph

import "testing"

func benchmarkRun(b *testing.B, c corpus, s Spec) {
	m := newModel(b, c, s)
	randomise(m, 1, 0.1)
	b.ReportMetric(float64(c.counts.V()), "V")
	b.ReportMetric(float64(m.task.rows()), "rows")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Run(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRunDiary(b *testing.B) {
	c := builtInCorpus(b, "diary")
	b.Run("predict", func(b *testing.B) { benchmarkRun(b, c, Spec{Null: true, Rank: 8, L2: 1e-4}) })
	b.Run("predict one-hot", func(b *testing.B) { benchmarkRun(b, c, Spec{OneHot: true}) })
	b.Run("recall", func(b *testing.B) { benchmarkRun(b, c, Spec{Task: Recall, Rank: 8}) })
}

func BenchmarkRunZipf(b *testing.B) {
	c := zipfCorpus(b, 1000, 500)
	b.Run("predict", func(b *testing.B) { benchmarkRun(b, c, Spec{Null: true, Rank: 32, L2: 1e-4}) })
	b.Run("predict fused", func(b *testing.B) { benchmarkRun(b, c, Spec{Null: true, Rank: 32, L2: 1e-4, Fused: true}) })
	for _, o := range Objectives(Recall) {
		for name, fused := range map[string]bool{"plain": false, "fused": true} {
			s := Spec{Task: Recall, Objective: o, Rank: 32, Fused: fused}
			b.Run("recall "+string(o)+" "+name, func(b *testing.B) { benchmarkRun(b, c, s) })
		}
	}
}
