package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestGemm(t *testing.T) { each(t, testGemm, testGemm) }

// testGemm holds products of random shapes and strides against the definition,
// added up in float64.
func testGemm[F Float](t *testing.T, s *Set[F]) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 400 {
		m, n, k := 1+rng.IntN(30), 1+rng.IntN(80), 1+rng.IntN(40)
		if trial < 150 { // every width of a panel
			n = 1 + trial
		}
		checkGemm(t, s, m, n, k, rng.IntN(2) == 0, rng.IntN(2) == 0, rng.IntN(5), uint64(trial))
	}
}

func FuzzGemm(f *testing.F) {
	f.Add(uint8(7), uint8(33), uint8(5), true, false, uint8(3), uint64(1))
	f.Add(uint8(1), uint8(1), uint8(1), false, true, uint8(0), uint64(2))
	f.Fuzz(func(t *testing.T, m, n, k uint8, transposed, add bool, gap uint8, seed uint64) {
		for _, isa := range Available() {
			checkGemm(t, New[float32](isa), int(m), int(n), int(k), transposed, add, int(gap%9), seed)
			checkGemm(t, New[float64](isa), int(m), int(n), int(k), transposed, add, int(gap%9), seed)
		}
	})
}

func checkGemm[F Float](t *testing.T, s *Set[F], m, n, k int, transposed, add bool, gap int, seed uint64) {
	t.Helper()
	r := newArena[F](seed)
	rows, cols := m, k
	if transposed {
		rows, cols = k, m
	}
	lda, ldb, ldc := cols+gap, n+gap, n+gap
	size := func(rows, cols, ld int) int { return max(0, (rows-1)*ld+cols) } // no gap after the last row
	a, b, c := r.normal(size(rows, cols, lda)), r.normal(size(k, n, ldb)), r.normal(size(m, n, ldc))
	gaps(a, rows, cols, lda)
	gaps(b, k, n, ldb)
	gaps(c, m, n, ldc)
	before := append([]F(nil), c...)
	rsa, csa := lda, 1
	if transposed {
		rsa, csa = 1, lda
	}
	what := fmt.Sprintf("%s [%d,%d]·[%d,%d], transposed %v, add %v, gap %d", s.ISA, m, k, k, n, transposed, add, gap)
	s.Gemm(m, n, k, a, rsa, csa, b, ldb, c, ldc, add)
	r.check(t, what)
	for i := range m {
		for j := range ldc {
			if i*ldc+j >= len(c) {
				continue
			}
			if j >= n {
				if x := c[i*ldc+j]; x == x {
					t.Fatalf("%s: a gap was written to", what)
				}
				continue
			}
			var want float64
			if add {
				want = float64(before[i*ldc+j])
			}
			for x := range k {
				want += float64(a[i*rsa+x*csa]) * float64(b[x*ldb+j])
			}
			near(t, fmt.Sprintf("%s: C[%d,%d]", what, i, j), c[i*ldc+j], want, float64(k))
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, isa := range Available() {
		b.Run(string(isa)+"/float32", func(b *testing.B) { benchmarkGemm(b, New[float32](isa)) })
		b.Run(string(isa)+"/float64", func(b *testing.B) { benchmarkGemm(b, New[float64](isa)) })
	}
}

// benchmarkGemm times the three products of recall for a block of 64 rows, a
// panel of 128 words and rank 64.
func benchmarkGemm[F Float](b *testing.B, s *Set[F]) {
	const rows, n, R = 128, 96, 64
	r := newArena[F](1)
	e, k, q := r.normal(n*rows), r.normal(n*R), r.normal(rows*R)
	for _, p := range []struct {
		name string
		f    func()
	}{
		{"scores", func() { s.Gemm(n, rows, R, k, R, 1, q, rows, e, rows, false) }},
		{"dQ", func() { s.Gemm(rows, R, n, e, 1, rows, k, R, q, R, true) }},
		{"dK", func() { s.Gemm(n, R, rows, e, rows, 1, q, R, k, R, true) }},
	} {
		clear(e)
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				p.f()
			}
			b.ReportMetric(2*rows*n*R*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkPeak(b *testing.B) {
	for _, isa := range Available() {
		b.Run(string(isa)+"/float32", func(b *testing.B) { benchmarkPeak(b, New[float32](isa)) })
		b.Run(string(isa)+"/float64", func(b *testing.B) { benchmarkPeak(b, New[float64](isa)) })
	}
}

func benchmarkPeak[F Float](b *testing.B, s *Set[F]) {
	var flops float64
	for b.Loop() {
		flops += s.PeakFlops(1 << 16)
	}
	b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
