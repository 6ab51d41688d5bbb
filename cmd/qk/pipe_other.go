//go:build !unix

package main

// ignoreBrokenPipe does nothing where a broken pipe is an error of the write.
func ignoreBrokenPipe() {}
