//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe makes a write to a pipe that nobody reads any more an error
// of the write, which is reported and leads to an orderly end, in place of a
// signal that kills the program.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
