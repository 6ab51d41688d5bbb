//go:build !unix

package wire

// peakBytes is the largest resident size that the process had, 0 if unknown.
func peakBytes() int64 { return 0 }
