// Command qk-bench times a training step (forward, backward and Adam in float32)
// of qk next to the same step of PyTorch, JAX, numpy, Gorgonia and GoMLX, those
// that are installed, side by side in one run:
//
//	go run ./cmd/qk-bench --python ~/peers/bin/python
//
// `qk-bench count` times the counting of a text instead.
//
// All train on the same data from the same weights, and have to agree on the
// first losses before any time is printed. See README.md beside this file for
// what is compared and how the peers are tuned. Exit codes: 0 when all agreed, 1
// when a contestant's losses disagreed, 2 for bad usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	// Gorgonia's tensors refuse to start without it, see cmd/qk.
	_ "go4.org/unsafe/assume-no-moving-gc"

	"qk/cmd/qk-bench/internal/counting"
	"qk/cmd/qk-bench/internal/process"
	"qk/cmd/qk-bench/internal/wire"
)

// The exit codes.
const (
	exitOK       = 0
	exitDisagree = 1
	exitBad      = 2
)

// errDisagree says that a contestant computes something else.
var errDisagree = errors.New("losses disagree, see the lines that begin with ***")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options holds the flags.
type options struct {
	task      string
	shapes    []string
	only      []string
	python    string
	gomlx     string
	seed      uint64
	rounds    int
	fill      time.Duration
	brief     time.Duration
	patience  time.Duration
	longest   time.Duration
	tolerance float64
	json      bool

	contestants []contestant // in place of the real ones, for tests
}

// run executes a command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return execute(ctx, args, stdin, stdout, stderr, nil)
}

func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, list []contestant) int {
	root := command(&options{contestants: list})
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errDisagree), errors.Is(err, counting.ErrCounts):
		fmt.Fprintf(stderr, "qk-bench: %v\n", err)
		return exitDisagree
	}
	fmt.Fprintf(stderr, "qk-bench: %v\n", err)
	return exitBad
}

func command(o *options) *cobra.Command {
	root := &cobra.Command{
		Use:           "qk-bench",
		Short:         "Time a training step of qk beside that of its peers",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return bench(cmd.Context(), *o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := root.Flags()
	f.StringVar(&o.task, "task", "all", "recall, predict or all")
	f.StringSliceVar(&o.shapes, "shape", nil, "shapes of the task, such as 1000x32; default all")
	f.StringSliceVar(&o.only, "only", nil, "contestants that take part beside qk, such as numpy; default all")
	f.StringVar(&o.python, "python", "python3", "the Python that has the peers installed")
	f.StringVar(&o.gomlx, "gomlx", "", "the program built from cmd/qk-bench/gomlx; default none")
	f.Uint64Var(&o.seed, "seed", 1, "of data and weights")
	f.IntVar(&o.rounds, "rounds", 9, "rounds in which every contestant runs once")
	f.DurationVar(&o.fill, "fill", 300*time.Millisecond, "time that a contestant runs in a round, about; one step at least")
	f.DurationVar(&o.brief, "brief", 300*time.Millisecond, "time that every variant is tried for, about")
	f.DurationVar(&o.patience, "patience", 5*time.Minute, "time that a contestant may take to answer, compilation included")
	f.DurationVar(&o.longest, "longest", 5*time.Second, "slower steps are left out")
	f.Float64Var(&o.tolerance, "tolerance", 1e-4, "relative difference of losses that counts as agreement")
	f.BoolVar(&o.json, "json", false, "print one JSON document")
	root.AddCommand(serveCommand(), counting.Command(self()), process.Command())
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// self is the command line that starts this program.
func self() []string {
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0]
	}
	return []string{path}
}

// serveCommand is the contestant that is this program.
func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "serve qk|gorgonia FOLDER",
		Short:  "Be a contestant, see internal/wire",
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			start, ok := map[string]func(*wire.Problem, string) wire.Contestant{"qk": ours, "gorgonia": stock}[args[0]]
			if !ok {
				return fmt.Errorf("serve %s: use qk or gorgonia", args[0])
			}
			p, err := wire.Read(args[1])
			if err != nil {
				return err
			}
			return wire.Serve(start(p, args[1]), cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}
