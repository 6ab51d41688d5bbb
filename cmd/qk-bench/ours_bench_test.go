package main

import (
	"os"
	"path/filepath"
	"testing"

	"qk/cmd/qk-bench/internal/wire"
)

// BenchmarkStep times the steps of qk alone on every shape of the programme.
func BenchmarkStep(b *testing.B) {
	for _, s := range programme() {
		b.Run(s.Task+" "+s.String(), func(b *testing.B) {
			var p *wire.Problem
			folder := b.TempDir()
			if s.Task == "recall" {
				p = recallProblem(s, 1)
			} else {
				var text string
				var err error
				if p, text, err = predictProblem(s, 1); err != nil {
					b.Fatal(err)
				}
				p.Text = "text.txt"
				if err := os.WriteFile(filepath.Join(folder, p.Text), []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			t, err := newOurs(p, folder, "all cores")
			if err != nil {
				b.Fatal(err)
			}
			defer t.Close()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(flops(p)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
