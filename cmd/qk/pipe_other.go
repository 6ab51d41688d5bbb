//go:build !unix

package main

import "os"

// ignoreBrokenPipe does nothing where a broken pipe is an error of the write.
func ignoreBrokenPipe() {}

// hangUp is empty where a terminal that is gone sends no signal.
func hangUp() []os.Signal { return nil }
