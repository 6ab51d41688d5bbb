// Package sweep trains a grid of runs: every combination of the values that some
// settings take.
//
// A sweep is a folder with a plan, and in it an ordinary run for each point of the
// grid. What is on disk is the whole state: a sweep that was killed goes on from
// there, and every command that works on a run works on a point.
package sweep
