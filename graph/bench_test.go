package graph

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"qk/data"
	"qk/data/text"
)

func benchmarkRun(b *testing.B, c corpus, s Spec) {
	m := newModel(b, c, s)
	randomise(m, 1, 0.1)
	b.ReportMetric(float64(c.counts.V()), "V")
	m.Start(0)
	defer m.Stop()
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

// transitionsCorpus makes up a text whose every word is followed by some 50
// different words, of Zipf frequencies; of its pairs only neighbours count.
func transitionsCorpus(b *testing.B, V int) corpus {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 5))
	zipf := rand.NewZipf(rng, 1.1, 1, uint64(V-1))
	var content strings.Builder
	for range 60 {
		for w := range V {
			fmt.Fprintf(&content, "w%d w%d\n", w, zipf.Uint64())
		}
	}
	loaded, err := data.Load(text.FromText("test", content.String()), data.Options{})
	if err != nil {
		b.Fatal(err)
	}
	counts, err := data.Count(loaded, 1)
	if err != nil {
		b.Fatal(err)
	}
	return corpus{counts: counts}
}

func BenchmarkRunRecall(b *testing.B) {
	for _, x := range []struct{ V, R, rows int }{{27, 27, 0}, {1000, 32, 0}, {5000, 64, 0}, {20000, 64, 512}} {
		b.Run(fmt.Sprintf("V=%d,R=%d,rows=%d", x.V, x.R, x.rows), func(b *testing.B) {
			c := transitionsCorpus(b, x.V)
			m := newModel(b, c, Spec{Task: Recall, Rank: x.R, Fused: true, Float32: true})
			m.Weights.Draw(1, 0.1)
			m.Push()
			m.Start(0)
			defer m.Stop()
			var batch *Batch
			rows := c.counts.V()
			if x.rows > 0 {
				rows = x.rows
				batch = &Batch{}
				for i := range x.rows {
					batch.Rows = append(batch.Rows, int32(i*(x.V/x.rows)))
					batch.Weights = append(batch.Weights, 1/float64(x.rows))
				}
				if err := m.Prepare(batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.RunBatch(batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(6*float64(rows*x.V*x.R)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// BenchmarkRunPredict runs batches of positions of a Zipf text.
func BenchmarkRunPredict(b *testing.B) {
	for _, x := range []struct{ V, R, B int }{{2000, 32, 512}, {20000, 64, 4096}} {
		b.Run(fmt.Sprintf("V=%d,R=%d,B=%d", x.V, x.R, x.B), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 6))
			zipf := rand.NewZipf(rng, 1.1, 1, uint64(x.V-1))
			var content strings.Builder
			for i := range 12 * x.V {
				fmt.Fprintf(&content, "w%d ", zipf.Uint64())
				if i%40 == 39 {
					content.WriteByte('\n')
				}
			}
			for w := range x.V { // every word is there
				fmt.Fprintf(&content, "w%d\n", w)
			}
			loaded, err := data.Load(text.FromText("test", content.String()), data.Options{})
			if err != nil {
				b.Fatal(err)
			}
			counts, err := data.Count(loaded, 16)
			if err != nil {
				b.Fatal(err)
			}
			m := newModel(b, corpus{counts: counts}, Spec{Null: true, Rank: x.R, Fused: true, Float32: true})
			m.Weights.Draw(1, 0.1)
			m.Push()
			m.Start(0)
			defer m.Stop()
			ids, _, _ := m.Rows()
			batch := &Batch{}
			for i := range x.B {
				batch.Rows = append(batch.Rows, ids[i*(len(ids)/x.B)])
				batch.Weights = append(batch.Weights, 1/float64(x.B))
			}
			if err := m.Prepare(batch); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.RunBatch(batch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEpoch goes once over a text of the size of Tiny Shakespeare, 33,000
// lines of about 7 words out of 2,000, with smoothed votes, a context of 16 and
// rank 32: one step of all positions.
func BenchmarkEpoch(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 6))
	zipf := rand.NewZipf(rng, 1.1, 1, 1999)
	var content strings.Builder
	for range 33000 {
		for range 2 + rng.IntN(10) {
			fmt.Fprintf(&content, "w%d ", zipf.Uint64())
		}
		content.WriteByte('\n')
	}
	loaded, err := data.Load(text.FromText("test", content.String()), data.Options{HoldOut: 0.1})
	if err != nil {
		b.Fatal(err)
	}
	counts, err := data.Count(loaded, 16)
	if err != nil {
		b.Fatal(err)
	}
	votes := data.FitSmoothing(counts).LeaveOneOut()
	for _, single := range []bool{false, true} {
		b.Run(fmt.Sprintf("float32=%v", single), func(b *testing.B) {
			m, err := NewPredict(Spec{Task: Predict, Objective: CrossEntropy, Null: true, Rank: 32, L2: 1e-5, Fused: true, Float32: single}, votes)
			if err != nil {
				b.Fatal(err)
			}
			m.Weights.Draw(1, 0.1)
			m.Weights.Start(-3)
			m.Push()
			m.Start(0)
			defer m.Stop()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(counts.Total)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpositions/s")
		})
	}
}
