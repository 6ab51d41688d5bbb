package kernel

import "testing"

// The shapes are those of recall: a panel of 128 words by a block of 64 rows, rank
// 64, and parameters of 2^16 numbers.
const (
	benchWords = 128
	benchRows  = 64
	benchRank  = 64
	benchSize  = 1 << 16
)

func BenchmarkSoftmax(b *testing.B) { eachBenchmark(b, benchmarkSoftmax, benchmarkSoftmax) }
func BenchmarkExpect(b *testing.B)  { eachBenchmark(b, benchmarkExpect, benchmarkExpect) }
func BenchmarkRetract(b *testing.B) { eachBenchmark(b, benchmarkRetract, benchmarkRetract) }
func BenchmarkRescale(b *testing.B) { eachBenchmark(b, benchmarkRescale, benchmarkRescale) }
func BenchmarkExp(b *testing.B)     { eachBenchmark(b, benchmarkExp, benchmarkExp) }
func BenchmarkDots(b *testing.B)    { eachBenchmark(b, benchmarkDots, benchmarkDots) }
func BenchmarkMix(b *testing.B)     { eachBenchmark(b, benchmarkMix, benchmarkMix) }
func BenchmarkNorm(b *testing.B)    { eachBenchmark(b, benchmarkNorm, benchmarkNorm) }

func BenchmarkAdam(b *testing.B)     { eachBenchmark(b, benchmarkAdam, benchmarkAdam) }
func BenchmarkMomentum(b *testing.B) { eachBenchmark(b, benchmarkMomentum, benchmarkMomentum) }
func BenchmarkSGD(b *testing.B)      { eachBenchmark(b, benchmarkSGD, benchmarkSGD) }

// perNumber reports the time for each of n numbers.
func perNumber(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
}

// flops reports the rate of n floating-point operations.
func flops(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// benchmarkSoftmax starts from its own results after the first time: numbers
// between 0 and 1, for which it does the same.
func benchmarkSoftmax[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	e, m, z := r.normal(benchWords*benchRows), r.normal(benchRows), r.normal(benchRows)
	for b.Loop() {
		s.Softmax(benchWords, benchRows, e, benchRows, m, z)
	}
	perNumber(b, len(e))
}

func benchmarkExpect[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	e, t, sum := r.normal(benchWords*benchRows), r.normal(benchWords*benchRows), r.normal(benchRows)
	for b.Loop() {
		clear(sum)
		s.Expect(benchWords, benchRows, e, t, benchRows, sum)
	}
	perNumber(b, len(e))
}

func benchmarkRetract[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	e, t, z := r.normal(benchWords*benchRows), r.normal(benchWords*benchRows), r.normal(benchRows)
	for b.Loop() {
		s.Retract(benchWords, benchRows, e, t, benchRows, z)
	}
	perNumber(b, len(e))
}

func benchmarkRescale[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	e, c := r.normal(benchWords*benchRows), r.normal(benchRows)
	for i := range c {
		c[i] = 1
	}
	for b.Loop() {
		s.Rescale(benchWords, benchRows, e, benchRows, c)
	}
	perNumber(b, len(e))
}

// benchmarkExp stays between 0 and 1, by a shift of 1.
func benchmarkExp[F Float](b *testing.B, s *Set[F]) {
	x := newArena[F](1).normal(1 << 12)
	for i := range x {
		x[i] = min(x[i], 1)
	}
	for b.Loop() {
		s.Exp(x, 1)
	}
	perNumber(b, len(x))
}

func benchmarkDots[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	idx := scattered(r.rng, benchWords, 1000)
	q, x, out := r.normal(benchRank), r.normal(1000*benchRank), r.normal(len(idx))
	for b.Loop() {
		s.Dots(idx, q, x, 1, out)
	}
	flops(b, 2*len(idx)*benchRank)
}

func benchmarkMix[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	idx := scattered(r.rng, benchWords, 1000)
	c, x, out := r.normal(len(idx)), r.normal(1000*benchRank), r.normal(benchRank)
	for b.Loop() {
		s.Mix(idx, c, x, out, false)
	}
	flops(b, 2*len(idx)*benchRank)
}

func benchmarkNorm[F Float](b *testing.B, s *Set[F]) {
	x := newArena[F](1).normal(benchSize)
	b.SetBytes(int64(len(x) * Size[F]()))
	for b.Loop() {
		s.Norm(x)
	}
	perNumber(b, len(x))
}

// benchmarkAdam counts the bytes that are read and written, as do those below.
func benchmarkAdam[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	x, g, m, v := r.normal(benchSize), r.normal(benchSize), make([]F, benchSize), make([]F, benchSize)
	c := adamStep[F]()
	b.SetBytes(int64(7 * len(x) * Size[F]()))
	for b.Loop() {
		s.Adam(x, g, m, v, c)
	}
	perNumber(b, len(x))
}

func benchmarkMomentum[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	x, g, v := r.normal(benchSize), r.normal(benchSize), make([]F, benchSize)
	b.SetBytes(int64(5 * len(x) * Size[F]()))
	for b.Loop() {
		s.Momentum(x, g, v, &MomentumStep[F]{Mu: 0.9, Rate: 0.001})
	}
	perNumber(b, len(x))
}

func benchmarkSGD[F Float](b *testing.B, s *Set[F]) {
	r := newArena[F](1)
	x, g := r.normal(benchSize), r.normal(benchSize)
	b.SetBytes(int64(3 * len(x) * Size[F]()))
	for b.Loop() {
		s.SGD(x, g, &SGDStep[F]{0.001})
	}
	perNumber(b, len(x))
}
