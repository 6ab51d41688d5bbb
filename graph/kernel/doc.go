// Package kernel is the arithmetic of the fused graphs: products of matrices,
// softmax, sums over scattered rows, and the passes of the solvers, on float32 and
// float64.
//
// Each kernel exists three times: in assembly for AVX-512 and for AVX2, written by
// the generator in the folder gen, and in Go for every other machine. All compute
// the same within rounding; the same kernels give the same bits on every run.
// [Default] chooses what the processor has. The environment variable QK_KERNEL
// forces another: avx512, avx2 or go.
package kernel

//go:generate sh -c "cd gen && go run . .."

// Float is a number that kernels compute with.
type Float interface{ float32 | float64 }
