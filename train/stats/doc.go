// Package stats sums up what a figure does over seeds, and says whether two groups of
// runs differ. It assumes nothing about how the figure is distributed.
package stats
