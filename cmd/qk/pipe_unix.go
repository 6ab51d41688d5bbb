//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe makes a write to a pipe that nobody reads any more an error
// of the write, which is reported and leads to an orderly end, in place of a
// signal that kills the program.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }

// hangUp is the signal that the terminal is gone: a run saves its state.
func hangUp() []os.Signal { return []os.Signal{syscall.SIGHUP} }
