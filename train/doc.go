// Package train learns Q and K by gradient descent and checks what was learned
// against what was counted.
//
// [Loop.Run] is the loop: loss and gradient from a [graph.Model], a step of a
// [Solver], observers that see every step. [Check] holds the result against the
// counted masks and the reference losses, and returns verdicts as data, each
// with its figure and its bound. [RunDir] keeps a run on disk so that it can be
// resumed to the same bytes.
package train
