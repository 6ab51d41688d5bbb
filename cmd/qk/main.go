// Command qk runs training experiments on attention as a differentiable lookup
// table.
//
// It counts which word follows which in a text, lets a Gorgonia graph learn the
// attention matrices Q and K by gradient descent, and checks the learned masks
// against masks that are counted exactly:
//
//	qk train
//	qk lookup went
//	qk vote "open the train diary and look up when it went"
//
// Every command explains itself with --help. Exit codes: 0 when all went well
// and every check passed, 1 when a check failed, 2 for bad usage or input, 130
// when interrupted with the state saved.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	// Gorgonia's tensors assume that the garbage collector does not move memory
	// and refuse to start on a Go release that this package does not know. The
	// import keeps a version of it in go.mod that leaves the question to Go.
	_ "go4.org/unsafe/assume-no-moving-gc"
)

func main() {
	ctx := interruptible()
	ignoreBrokenPipe()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// interruptible returns a context that ends at the first interrupt, upon which
// a run finishes its step, saves its state and leaves. At the second one the
// program leaves at once.
func interruptible() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, append(hangUp(), os.Interrupt, syscall.SIGTERM)...)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "qk: stopping as soon as the step is done; once more leaves at once")
		cancel()
		<-signals
		os.Exit(exitInterrupted)
	}()
	return ctx
}
