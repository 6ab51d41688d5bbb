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
	return a.run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	help := &watched{w: a.stdout}
	root := a.root(help)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = help.err
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errCheckFailed):
		return exitCheckFailed
	case errors.Is(err, train.ErrInterrupted):
		fmt.Fprintf(a.stderr, "qk: %s\n", err)
		return exitInterrupted
	}
	fmt.Fprintf(a.stderr, "qk: %s\n", explain(err))
	return exitBad
}

// watched keeps the first error of a writer. Printing the help does not report
// errors otherwise.
type watched struct {
	w   io.Writer
	err error
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// explain adds what to do next to errors that come from the system.
func explain(err error) string {
	message := err.Error()
	var file *disk.Error
	switch {
	case errors.Is(err, syscall.EPIPE):
		return "standard output was closed before everything was written: " + message
	case errors.Is(err, syscall.ENOSPC) && !strings.Contains(message, "free some space"):
		return message + ": free some space; what was saved before is whole"
	case errors.As(err, &file):
		return message + "; what was saved before is whole"
	}
	return message
}

// root builds the command line. What cobra prints by itself goes to help.
func (a *app) root(help io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "qk",
		Short: "Attention as a differentiable lookup table: count, learn, check",
		Long: `qk counts which word follows which in a text, lets a Gorgonia graph learn the
attention matrices Q and K by gradient descent, and checks the learned masks
against masks that are counted exactly.

Start with:  qk train`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetIn(a.stdin)
	cmd.SetOut(help)
	cmd.SetErr(a.stderr)
	a.colour = screen.Auto
	cmd.PersistentFlags().Var(&a.colour, "color", "colours: auto, always or never")
	cmd.PersistentFlags().StringVar(&a.runs, "runs", "runs", "folder in which runs are kept")
	cmd.AddCommand(
		a.trainCommand(), a.lookupCommand(), a.voteCommand(), a.rulesCommand(), a.checkCommand(),
		a.countCommand(), a.mergeCommand(),
		a.gradcheckCommand(), a.sweepCommand(), a.runsCommand(), a.plotCommand(), a.exportCommand(),
		a.reportCommand(), a.serveCommand(), a.versionCommand(),
	)
	cmd.Version = train.Version()
	cmd.SetFlagErrorFunc(flagMistake)
	cmd.SetHelpCommand(helpCommand())
	cmd.InitDefaultCompletionCmd()
	completion, _, _ := cmd.Find([]string{"completion"})
	completion.Args = knownCommand
	completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
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

// helpCommand shows the help of a command, which has to exist.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Show the help of a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err == nil && about.HasSubCommands() {
				err = knownCommand(about, rest)
			}
			if err != nil {
				return err
			}
			return about.Help()
		},
	}
}
