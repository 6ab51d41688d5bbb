package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/screen"
	"qk/train"
	"qk/train/disk"
)

// The exit codes.
const (
	exitOK          = 0
	exitCheckFailed = 1
	exitBad         = 2
	exitInterrupted = 130
)

// errCheckFailed says that a command did its work and a check did not pass.
var errCheckFailed = errors.New("a check failed")

// app is what every command works with.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
	getenv func(string) string
	colour screen.Mode
	runs   string // the folder of the runs
}

// run executes a command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now, getenv: os.Getenv}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errCheckFailed):
		return exitCheckFailed
	case errors.Is(err, train.ErrInterrupted):
		fmt.Fprintf(stderr, "qk: %s\n", err)
		return exitInterrupted
	}
	fmt.Fprintf(stderr, "qk: %s\n", explain(err))
	return exitBad
}

// explain adds what to do next to errors that come from the system.
func explain(err error) string {
	message := err.Error()
	var file *disk.Error
	switch {
	case errors.Is(err, syscall.EPIPE):
		return "standard output was closed before everything was written: " + message
	case errors.Is(err, syscall.ENOSPC):
		return message + ": free some space; what was saved before is whole"
	case errors.As(err, &file):
		return message + "; what was saved before is whole"
	}
	return message
}

func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "qk",
		Short: "Attention as a differentiable lookup table: count, learn, check",
		Long: `qk counts which word follows which in a text, lets a Gorgonia graph learn the
attention matrices Q and K by gradient descent, and checks the learned masks
against masks that are counted exactly.

Start with:  qk train`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetIn(a.stdin)
	cmd.SetOut(a.stdout)
	cmd.SetErr(a.stderr)
	a.colour = screen.Auto
	cmd.PersistentFlags().Var(&a.colour, "color", "colours: auto, always or never")
	cmd.PersistentFlags().StringVar(&a.runs, "runs", "runs", "folder in which runs are kept")
	cmd.AddCommand(
		a.trainCommand(), a.lookupCommand(), a.voteCommand(), a.checkCommand(), a.countCommand(),
		a.gradcheckCommand(), a.runsCommand(), a.versionCommand(),
	)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see `%s --help`", err, cmd.CommandPath())
	})
	return cmd
}

// screenOn returns the screen for a stream.
func (a *app) screenOn(w io.Writer) *screen.Screen { return screen.Detect(w, a.colour, a.getenv) }

// printJSON writes a result to standard output.
func (a *app) printJSON(v any) error {
	if err := train.WriteJSON(a.stdout, v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// usage makes an error of a wrong number of arguments.
func usage(cmd *cobra.Command, want string) error {
	return fmt.Errorf("%s needs %s: see `%s --help`", strings.TrimPrefix(cmd.CommandPath(), "qk "), want, cmd.CommandPath())
}
