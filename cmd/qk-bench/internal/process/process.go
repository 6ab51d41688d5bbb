// Package process runs programs as a whole and measures what they take.
package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Usage is what a whole process took.
type Usage struct {
	Seconds   float64 `json:"seconds"`    // from before its start to after its end
	Processor float64 `json:"processor"`  // seconds on all cores, user and system
	PeakBytes int64   `json:"peak_bytes"` // largest resident size, 0 if unknown
	Error     string  `json:"error,omitempty"`
}

// Then adds a process that ran after this one.
func (u Usage) Then(v Usage) Usage {
	return Usage{u.Seconds + v.Seconds, u.Processor + v.Processor, max(u.PeakBytes, v.PeakBytes), v.Error}
}

// Step is one process of a job. Its standard streams are files.
type Step struct {
	Command []string
	Env     []string // on top of the environment
	Dir     string
	In, Out string // "" for none
}

// ErrFailed says that a process ran and failed.
var ErrFailed = errors.New("failed")

// Run runs a step and waits for it. The step is started by a process in
// between, which is this program again: on Linux a process begins with the peak
// memory of the one that starts it, and this one may have become large.
func Run(ctx context.Context, self []string, s Step, limit time.Duration) (Usage, error) {
	in, out, err := streams(s)
	if err != nil {
		return Usage{}, err
	}
	defer in.Close()
	defer out.Close()
	report, err := os.CreateTemp("", "qk-bench-usage-")
	if err != nil {
		return Usage{}, err
	}
	defer os.Remove(report.Name())
	defer report.Close()
	args := append(append([]string{}, self[1:]...), "measure", "--limit", limit.String(), "--report", report.Name(), "--")
	cmd := exec.CommandContext(ctx, self[0], append(args, s.Command...)...)
	log := &Tail{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, log
	cmd.Env, cmd.Dir = append(Environment(os.Environ()), s.Env...), s.Dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its child first
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	line, readErr := io.ReadAll(report)
	var u Usage
	switch {
	case ctx.Err() != nil:
		return Usage{}, ctx.Err()
	case err != nil:
		return Usage{}, fmt.Errorf("%w: %w%s", ErrFailed, err, log)
	case readErr != nil:
		return Usage{}, readErr
	}
	if err := json.Unmarshal(line, &u); err != nil {
		return Usage{}, fmt.Errorf("measuring %s: %w%s", s.Command[0], err, log)
	}
	if u.Error != "" {
		return u, fmt.Errorf("%w: %s%s", ErrFailed, u.Error, log)
	}
	return u, nil
}

// RunUnmeasured runs a step off the clock.
func RunUnmeasured(s Step) error {
	in, out, err := streams(s)
	if err != nil {
		return err
	}
	defer in.Close()
	defer out.Close()
	cmd := exec.Command(s.Command[0], s.Command[1:]...)
	log := &Tail{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = in, out, log, s.Dir
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w%s", s.Command[0], err, log)
	}
	return nil
}

// streams opens the files of a step.
func streams(s Step) (in, out *os.File, err error) {
	name := func(path string) string {
		if path == "" {
			return os.DevNull
		}
		return path
	}
	if in, err = os.Open(name(s.In)); err != nil {
		return nil, nil, err
	}
	if out, err = os.OpenFile(name(s.Out), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600); err != nil {
		in.Close()
		return nil, nil, err
	}
	return in, out, nil
}

// Command is the process in between. It leaves a Usage in a file.
func Command() *cobra.Command {
	var limit time.Duration
	var report string
	cmd := &cobra.Command{
		Use:    "measure --report FILE -- COMMAND…",
		Short:  "Run a command and report what it took",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			line, err := json.Marshal(runWhole(cmd.Context(), args, limit))
			if err != nil {
				return err
			}
			return os.WriteFile(report, line, 0o600)
		},
	}
	cmd.Flags().DurationVar(&limit, "limit", time.Hour, "time after which the command is ended")
	cmd.Flags().StringVar(&report, "report", "", "where to leave what it took")
	return cmd
}

// runWhole runs a command with the standard streams of this process.
func runWhole(ctx context.Context, args []string, limit time.Duration) Usage {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within %v: raise --timeout, or leave it out with --only", limit))
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	together(cmd)
	start := time.Now()
	err := cmd.Run()
	u := Usage{Seconds: time.Since(start).Seconds()}
	if p := cmd.ProcessState; p != nil {
		u.Processor = (p.UserTime() + p.SystemTime()).Seconds()
		u.PeakBytes = peakOf(p)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		u.Error = context.Cause(ctx).Error()
	case err != nil && strings.Contains(err.Error(), "signal: killed"):
		u.Error = "it was killed, perhaps for want of memory"
	case err != nil:
		u.Error = err.Error()
	}
	return u
}
