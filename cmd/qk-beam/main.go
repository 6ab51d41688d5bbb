// Command qk-beam counts text as `qk count --out` does, on a cluster: as an Apache
// Beam pipeline, which runs on this machine by default, and on Flink, Spark or
// Dataflow with the flags of Beam. README.md beside this file says how.
//
//	qk-beam 'texts/*.txt' --max-vocab 20000 --out counts
//
// The directory that it writes is the very one that qk count writes. Exit codes: 0
// when it is written, 2 for bad usage or input or a job that failed, 130 when
// interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	exitOK          = 0
	exitBad         = 2
	exitInterrupted = 130
)

// errInterrupted says that the user has had enough.
var errInterrupted = errors.New("interrupted, nothing was written")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes a command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := command(stdout, stderr)
	cmd.SetArgs(args)
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "qk-beam: %v\n", err)
		if errors.Is(err, errInterrupted) {
			return exitInterrupted
		}
		return exitBad
	}
	return exitOK
}
