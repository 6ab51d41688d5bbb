package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// drawSparse counts a text of pairs of words: few words are frequent, many rows
// have one next word.
func drawSparse(t *rapid.T) *Counts {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	V := rapid.IntRange(2, 80).Draw(t, "V")
	var text strings.Builder
	for range rapid.IntRange(1, 8*V).Draw(t, "pairs") {
		w, y := random.Float64(), random.Float64()
		fmt.Fprintf(&text, "w%d w%d\n", int(w*w*float64(V)), int(y*y*y*float64(V)))
	}
	return countText(t, text.String(), 1)
}

// TestFloorBoundsHold: the interval holds the exact tail, however narrow the basis
// and few the iterations, and is exact with a basis as wide as the table.
func TestFloorBoundsHold(t *testing.T) {
	var certified, narrow int
	rapid.Check(t, func(t *rapid.T) {
		c := drawSparse(t)
		s := newSparseTable(c)
		rank := rapid.IntRange(0, c.V()).Draw(t, "rank")
		width := rapid.IntRange(rank, c.V()).Draw(t, "width")
		iterations := rapid.IntRange(0, 8).Draw(t, "iterations")
		exact, err := EckartYoung(TransitionTable(c), c.V(), rank)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.floorBounds(rank, width, iterations)
		slack := 1e-14 * s.norm // of the exact one
		if err != nil || b.Low < 0 || b.Low > exact+slack || b.High < exact-slack {
			t.Fatalf("rank %d, width %d: [%.17g,%.17g], %v; exact %.17g", rank, width, b.Low, b.High, err, exact)
		}
		if width < len(s.rows) && rank > 0 {
			certified++
			if b.High-b.Low < 1e-6*s.norm {
				narrow++
			}
		}
		b, err = s.floorBounds(rank, c.V(), 1)
		if err != nil || b.High-b.Low > 1e-11*(1+s.norm) {
			t.Fatalf("the whole basis leaves [%g,%g], %v", b.Low, b.High, err)
		}
	})
	if certified == 0 || narrow == 0 {
		t.Errorf("of %d intervals %d are narrow", certified, narrow)
	}
}

// TestIsBelow compares with the largest eigenvalue of F = (I−UUᵀ)TTᵀ(I−UUᵀ) by the
// dense method, for a U that is not made of singular vectors.
func TestIsBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSparseTable(drawSparse(t))
		n := len(s.rows)
		if n < 2 {
			return
		}
		u, theta, err := s.ritz(s.findRange(rapid.IntRange(1, n-1).Draw(t, "width"), 0))
		if err != nil {
			t.Fatal(err)
		}
		z := product(s.rows, product(s.columns, u))
		for i := range z.Rows {
			for j, x := range denseRow(u, i) {
				z.Data[i*z.Stride+j] -= theta[j] * x
			}
		}
		whole := newDense(n, n)
		for i := range n {
			whole.Data[i*n+i] = 1
		}
		blas64.Gemm(blas.NoTrans, blas.Trans, -1, u, u, 1, whole) // I − UUᵀ
		values, err := eigenvalues(gram(product(s.columns, whole)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if above := values[0] + 1e-9*s.norm; !s.isBelow(above, u, z, theta) {
			t.Fatalf("%g is not seen to be above %g", above, values[0])
		}
		if below := values[0] - 1e-11*s.norm; below > 0 && s.isBelow(below, u, z, theta) {
			t.Fatalf("%g is taken to be above %g", below, values[0])
		}
	})
}

// largeCounts has 2,100 words with one to four next words.
func largeCounts(t tb) *Counts {
	var text strings.Builder
	for i := range 2100 {
		for k := 1; k < 2+i%4; k++ {
			fmt.Fprintf(&text, "w%d w%d\n", i, (i*i*k+k)%1501)
		}
	}
	return countText(t, text.String(), 1)
}

// TestSquaredFloorOfManyWords has values of numpy 2, float64:
//
//	import numpy as np
//	T = np.zeros((2100, 2100))
//	for i in range(2100):
//	    for k in range(1, 2 + i % 4): T[i, (i*i*k + k) % 1501] += 1
//	T /= T.sum(1, keepdims=True)
//	s = np.linalg.svd(T, compute_uv=False)
//	for R in (1, 16, 64): print(R, (s[R:][::-1]**2).sum())
func TestSquaredFloorOfManyWords(t *testing.T) {
	c := largeCounts(t)
	for rank, want := range map[int]float64{1: 1089.0084386541928, 16: 1024.2385502083932, 64: 850.5683468491159} {
		b, err := SquaredFloor(c, rank)
		if err != nil || b.Low > want*(1+1e-14) || b.High < want*(1-1e-14) || b.High-b.Low > 1e-3*want {
			t.Errorf("rank %d: [%.15g,%.15g], %v; want %.15g", rank, b.Low, b.High, err, want)
		}
	}
}

// TestSquaredFloorOnCores wants the same bits on any number of cores.
func TestSquaredFloorOnCores(t *testing.T) {
	c := largeCounts(t)
	var first FloorBounds
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for i, cores := range []int{1, 4} {
		runtime.GOMAXPROCS(cores)
		b, err := SquaredFloor(c, 16)
		if err != nil || i > 0 && b != first {
			t.Errorf("%d cores: %v, %v; one has %v", cores, b, err, first)
		}
		first = b
	}
}

func TestSquaredFloorLimits(t *testing.T) {
	c := largeCounts(t)
	if _, err := SquaredFloor(c, -1); err == nil || errors.Is(err, ErrTooLarge) {
		t.Errorf("a rank of −1: %v", err)
	}
	for _, rank := range []int{2100, 1 << 30} {
		if b, err := SquaredFloor(c, rank); err != nil || b != (FloorBounds{}) {
			t.Errorf("rank %d: %v, %v", rank, b, err)
		}
	}
	if _, err := SquaredFloor(c, 1450); !errors.Is(err, ErrTooLarge) || err.Error() != "V = 2100 at rank 1450: too large for an exact singular value decomposition" {
		t.Errorf("rank 1450: %v", err)
	}
	b, err := SquaredFloor(c, 0)
	if want := mat.Norm(mat.NewDense(2100, 2100, TransitionTable(c)), 2); err != nil || b.Low != b.High {
		t.Errorf("rank 0: %v, %v", b, err)
	} else {
		isNear(t, "the floor at rank 0", b.Low, want*want, 1e-13)
	}
}

func BenchmarkSquaredFloor(b *testing.B) {
	c := largeCounts(b)
	for b.Loop() {
		if _, err := SquaredFloor(c, 64); err != nil {
			b.Fatal(err)
		}
	}
}
