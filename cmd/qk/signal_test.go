//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// process starts the program as a process of its own; name is qk or hurried.
func process(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = name
	cmd.Env = append(os.Environ(), quickExit)
	return cmd
}

// exitCode is that of a process that ended by itself, or minus the signal that
// ended it.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &failed):
		t.Fatal(err)
	}
	if status := failed.Sys().(syscall.WaitStatus); status.Signaled() {
		return -int(status.Signal())
	}
	return failed.ExitCode()
}

// waitFor waits until a file has a size of at least so many bytes, or done is
// closed.
func waitFor(t *testing.T, path string, size int64, done <-chan error) (ended error, has bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if info, err := os.Stat(path); err == nil && info.Size() >= size {
			return nil, true
		}
		select {
		case ended = <-done:
			return ended, false
		case <-tick.C:
		}
	}
	t.Fatalf("%s has not come to %d bytes", path, size)
	return nil, false
}

// start starts a process and returns a channel that gives how it ended.
func start(t *testing.T, cmd *exec.Cmd) <-chan error {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	return done
}

// longRun are the settings of a run that lasts about a second.
var longRun = []string{"--steps", "5000", "--patience", "0", "--grad-tol", "0", "--rank", "2"}

// TestInterruptSignal interrupts the program in mid-run, by either signal. It
// says how to go on, and going on ends in the bytes of a run left alone.
func TestInterruptSignal(t *testing.T) {
	t.Chdir(t.TempDir())
	end := session{}.run(append([]string{"train", "-q", "--out", "whole"}, longRun...)...).code
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		dir := sig.String()
		dir = strings.ReplaceAll(dir, " ", "-")
		for tries := 1; ; tries++ {
			cmd := process(t, "qk", append([]string{"train", "--out", dir}, longRun...)...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			done := start(t, cmd)
			err, running := waitFor(t, filepath.Join(dir, "metrics.jsonl"), 1, done)
			if running {
				if err := cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				err = <-done
			}
			code := exitCode(t, err)
			if code == end && tries < 5 { // it was faster than the signal
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if code != exitInterrupted {
				t.Fatalf("%v: exit code %d: %s", sig, code, &stderr)
			}
			wantText(t, "standard error", stderr.String(), "qk: interrupted after step ", "go on with `qk train --resume "+dir+"`")
			break
		}
		wantCode(t, session{}.run("train", "-q", "--resume", dir), end)
		wantSameModel(t, dir, "whole")
	}
}

// TestSweepInterruptSignal interrupts a sweep: it says how to go on, and going on ends
// in the bytes of a sweep left alone.
func TestSweepInterruptSignal(t *testing.T) {
	t.Chdir(t.TempDir())
	grid := append([]string{"sweep", "--seed", "1..4"}, longRun...)
	end := session{}.run(append(grid, "-q", "--out", "whole")...).code
	for tries := 1; ; tries++ {
		cmd := process(t, "qk", append(grid, "--out", "s")...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		done := start(t, cmd)
		err, running := waitFor(t, filepath.Join("s", "seed=2", "metrics.jsonl"), 1, done)
		if running {
			_ = cmd.Process.Signal(syscall.SIGINT) // it may have ended
			err = <-done
		}
		code := exitCode(t, err)
		if code == end && tries < 5 { // it was faster than the signal
			if err := os.RemoveAll("s"); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if code != exitInterrupted {
			t.Fatalf("exit code %d: %s", code, &stderr)
		}
		wantText(t, "standard error", stderr.String(), "qk: interrupted, all states are saved: go on with `qk sweep --resume s`")
		break
	}
	wantCode(t, session{}.run("sweep", "--resume", "s"), end)
	for _, seed := range []string{"1", "2", "3", "4"} {
		wantSameModel(t, filepath.Join("s", "seed="+seed), filepath.Join("whole", "seed="+seed))
	}
}

// TestSecondInterrupt interrupts the program while it waits for its input, which
// never ends: the first interrupt is noted, the second one is obeyed.
func TestSecondInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	cmd := process(t, "qk", "train", "--corpus", "-", "--out", "run")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	done := start(t, cmd)
	// More than a pipe holds: once it is written, the program is reading.
	if _, err := io.WriteString(input, strings.Repeat("the cat sat on the mat\n", 1<<16)); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		_ = cmd.Process.Signal(syscall.SIGINT) // it may have ended
		select {
		case err := <-done:
			if code := exitCode(t, err); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if files := snapshot(t, "."); len(files) > 0 {
				t.Errorf("files were written: %v", files)
			}
			return
		case <-tick.C:
		}
	}
	t.Error("the program does not leave")
}

// TestKilled kills a run at random moments and resumes it, with a clock that
// makes it save its state all the time. It ends in the bytes of a run left
// alone.
func TestKilled(t *testing.T) {
	t.Chdir(t.TempDir())
	end := session{}.run(append([]string{"train", "-q", "--out", "whole"}, longRun...)...).code
	size := int64(len(read(t, "whole", "metrics.jsonl")))
	cmd := process(t, "hurried", append([]string{"train", "-q", "--out", "run"}, longRun...)...)
	killed := 0
	for range 6 {
		done := start(t, cmd)
		err, running := waitFor(t, filepath.Join("run", "checkpoint.qk"), 1, done)
		if running { // what the log says may be cut off by the resumed run
			err, running = waitFor(t, filepath.Join("run", "metrics.jsonl"), rand.Int64N(size), done)
		}
		if running {
			_ = cmd.Process.Kill() // it may have ended
			err = <-done
		}
		switch code := exitCode(t, err); code {
		case -int(syscall.SIGKILL):
			killed++
		case end:
		default:
			t.Fatalf("exit code %d", code)
		}
		cmd = process(t, "hurried", "train", "-q", "--resume", "run")
	}
	if killed == 0 {
		t.Error("the run was never killed")
	}
	wantCode(t, session{}.run("train", "-q", "--resume", "run"), end)
	wantSameModel(t, "run", "whole")
	if stale, _ := filepath.Glob(filepath.Join("run", "*.tmp")); len(stale) > 0 {
		t.Errorf("left behind: %q", stale)
	}
	if hidden, _ := filepath.Glob(filepath.Join("run", ".*.tmp")); len(hidden) > 0 {
		t.Errorf("left behind: %q", hidden)
	}
}

// TestClosedPipe writes to a pipe that nobody reads: the program ends by itself,
// with a message, and not by a signal.
func TestClosedPipe(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "runs/whole")
	for _, args := range [][]string{
		{"train", "--json", "--out", "run"}, {"train", "--out", "run2"}, {"check", "whole", "--json"},
		{"count", "--csv"}, {"lookup", "whole", "went"}, {"version"}, {"--help"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		cmd := process(t, "qk", args...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = w, &stderr
		err = cmd.Run()
		w.Close()
		if code := exitCode(t, err); code != exitBad {
			t.Errorf("%q: exit code %d, want %d", args, code, exitBad)
		}
		wantText(t, "standard error", stderr.String(), "qk: standard output was closed before everything was written")
	}
	for _, dir := range []string{"run", "run2"} {
		qk(t, "train", "--resume", dir, "-q")
		wantSameModel(t, dir, "runs/whole")
	}
}
