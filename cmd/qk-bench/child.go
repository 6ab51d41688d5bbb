package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"qk/cmd/qk-bench/internal/process"
	"qk/cmd/qk-bench/internal/wire"
)

var (
	// errMissing says that a peer is not installed.
	errMissing = errors.New("not installed")
	// errGone says that a child will answer no more.
	errGone = errors.New("it ended without an answer")
)

// child is a contestant's process.
type child struct {
	hello wire.Reply
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	log   *process.Tail
	limit time.Duration // for an answer
}

// launch starts a command and waits until it says what it is. Settings such as
// "OMP_NUM_THREADS=1" come on top of the environment, of which those are left out
// that force a kernel on a BLAS.
func launch(ctx context.Context, command, settings []string, limit time.Duration) (*child, error) {
	c := &child{cmd: exec.CommandContext(ctx, command[0], command[1:]...), log: &process.Tail{}, limit: limit}
	c.cmd.Env = append(process.Environment(os.Environ()), settings...)
	c.cmd.Stderr = c.log
	c.cmd.WaitDelay = time.Second // a grandchild may hold the pipe
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.out = in, bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", errMissing, err)
	}
	c.hello, err = c.read()
	switch {
	case err != nil:
	case c.hello.Missing:
		err = fmt.Errorf("%w: %s", errMissing, c.hello.Error)
	case !c.hello.Ready || len(c.hello.Variants) == 0:
		err = fmt.Errorf("its first line names no variants: %+v", c.hello)
	}
	if err != nil {
		c.kill()
		return nil, err
	}
	return c, nil
}

// ask sends a request and returns the answer; an answer that is an error is
// returned as one.
func (c *child) ask(req wire.Request) (wire.Reply, error) {
	line, err := json.Marshal(req)
	if err != nil {
		return wire.Reply{}, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return wire.Reply{}, fmt.Errorf("%w: %w%s", errGone, err, c.log)
	}
	r, err := c.read()
	if err == nil && r.Error != "" {
		err = errors.New(r.Error)
	}
	return r, err
}

// read waits for a line of the child. A child that takes too long is killed.
func (c *child) read() (wire.Reply, error) {
	late := time.AfterFunc(c.limit, func() { _ = c.cmd.Process.Kill() })
	line, err := c.out.ReadBytes('\n')
	if !late.Stop() {
		return wire.Reply{}, fmt.Errorf("%w within %v: raise --patience, or leave it out with --only", errGone, c.limit)
	}
	if err != nil {
		c.kill() // and all of its last words are there
		return wire.Reply{}, fmt.Errorf("%w: %w%s", errGone, err, c.log)
	}
	var r wire.Reply
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("answer %q: %w", bytes.TrimSpace(line), err)
	}
	return r, nil
}

// losses starts a variant anew and returns its first losses.
func (c *child) losses(variant string, n int) ([]float64, error) {
	r, err := c.ask(wire.Request{Variant: variant, Losses: n})
	if err == nil && len(r.Losses) != n {
		err = fmt.Errorf("%d losses, want %d", len(r.Losses), n)
	}
	return r.Losses, err
}

// run takes n steps and returns the seconds per step.
func (c *child) run(variant string, n int) (float64, error) {
	r, err := c.ask(wire.Request{Variant: variant, Run: n})
	if err == nil && !(r.Seconds > 0) {
		err = fmt.Errorf("%d steps in %g seconds", n, r.Seconds)
	}
	return r.Seconds / float64(n), err
}

// quit ends the child and returns the largest memory that it had, 0 if unknown.
func (c *child) quit() int64 {
	r, _ := c.ask(wire.Request{Quit: true})
	_ = c.in.Close()
	c.kill()
	return r.PeakBytes
}

// kill ends the child, which gets a second to leave by itself. It may be called
// again.
func (c *child) kill() {
	done := time.AfterFunc(time.Second, func() { _ = c.cmd.Process.Kill() })
	_ = c.in.Close()
	_ = c.cmd.Wait()
	done.Stop()
}
