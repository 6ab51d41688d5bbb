// Package graph turns counts into Gorgonia graphs that learn the attention
// matrices Q and K: a differentiable lookup table.
//
// In the section "Attention as matrix multiplication" of Brandon Rohrer,
// "Transformers from Scratch" (https://e2eml.school/transformers.html), the
// masks of all words are stacked into a matrix, and the one-hot vector of the
// current word pulls the right mask out. Every model here begins with that
// product, as a node of the graph: a matrix of one-hot queries X [B,V], one row
// for each row of the batch, times Q [V,R], times Kᵀ [R,V]. Row i of
//
//	S = X·Q·Kᵀ   [B,V]
//
// holds the score that the current word of row i gives to every earlier word.
// With [Spec.OneHot] Q is the identity and K alone is learned.
//
// What follows the scores depends on the task: see predict.go for learning from
// next words alone, recall.go for learning to reproduce a counted table, and
// gates.go for the identity between the first gradient and the counts.
//
// Graphs consist of elementary operations on matrices, differentiated by
// gorgonia.Grad. Sums over rows and broadcasts are products with vectors of
// ones, so that no operation depends on Gorgonia's handling of axes, of vectors
// of one element or of views. Logarithms of sums of exponentials are shifted by
// the row's maximum, see stable.go, so that scores of any size are safe.
//
// With [Spec.Fused] a loss with its penalty is one operation in the same graph, see
// fusedop.go: equal within rounding, differentiated by the same gorgonia.Grad,
// without any [V,V] matrix, in float64 or float32 ([Spec.Float32]), over all rows or
// batches of them ([Model.RunBatch]). Its arithmetic is that of package kernel,
// shared among the goroutines of [Model.Start]. It is ten to several hundred times
// faster.
package graph
