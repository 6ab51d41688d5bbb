package sweep_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"qk/train/sweep"
	"qk/train/sweep/sweeptest"
)

// BenchmarkRun trains sweeps of 20 runs on diary.
func BenchmarkRun(b *testing.B) {
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			var values []string
			for seed := range 20 {
				values = append(values, fmt.Sprint(seed))
			}
			dir := b.TempDir()
			for i := 0; b.Loop(); i++ {
				s := sweeptest.New(b, filepath.Join(dir, fmt.Sprint(i)), nil, []sweep.Axis{axis("seed", values...)})
				must(b, s.Run(b.Context(), sweep.Options{Jobs: jobs}))
			}
			b.ReportMetric(float64(20*b.N)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}

// BenchmarkPlan makes and reads plans of 10,000 runs.
func BenchmarkPlan(b *testing.B) {
	var seeds, ranks []string
	for i := range 100 {
		seeds, ranks = append(seeds, fmt.Sprint(i)), append(ranks, fmt.Sprint(i+1))
	}
	axes := []sweep.Axis{axis("rank", ranks...), axis("seed", seeds...)}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			_, _, err := sweep.NewPlan(nil, axes, 10000)
			must(b, err)
		}
	})
	p, points, err := sweep.NewPlan(nil, axes, 10000)
	must(b, err)
	s, err := sweep.Create(filepath.Join(b.TempDir(), "grid"), p, points)
	must(b, err)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			_, err := sweep.Open(s.Path)
			must(b, err)
		}
	})
	b.Run("results", func(b *testing.B) {
		for b.Loop() {
			_, err := s.Results()
			must(b, err)
		}
	})
}
