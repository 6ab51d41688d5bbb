package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestMain is the process in between, or what it starts, when asked to be.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "measure" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		root := &cobra.Command{Use: "test"}
		root.AddCommand(Command())
		root.SetArgs(os.Args[1:])
		if root.ExecuteContext(ctx) != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	switch os.Getenv("QK_PROCESS") {
	case "":
		os.Exit(m.Run())
	case "large":
		touch(64 << 20)
		time.Sleep(100 * time.Millisecond)
	case "echo":
		var s string
		fmt.Scan(&s)
		fmt.Println("got", s)
	case "fails":
		fmt.Fprintln(os.Stderr, "no luck")
		os.Exit(3)
	case "hangs":
		fmt.Println(os.Getpid())
		time.Sleep(time.Minute)
	}
}

var kept [][]byte

// touch makes n bytes resident.
func touch(n int) {
	b := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		b[i] = 1
	}
	kept = append(kept, b)
}

func step(t *testing.T, kind string) ([]string, Step) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self}, Step{Command: []string{self}, Env: []string{"QK_PROCESS=" + kind, "GORACE=atexit_sleep_ms=0"}}
}

// TestRunMeasures has a child of 64 MiB that sleeps, started by a process of more
// than 256.
func TestRunMeasures(t *testing.T) {
	touch(256 << 20)
	self, s := step(t, "large")
	u, err := Run(t.Context(), self, s, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if u.Seconds < 0.1 || u.Seconds > 30 {
		t.Errorf("%g s", u.Seconds)
	}
	if runtime.GOOS == "linux" && (u.PeakBytes < 64<<20 || u.PeakBytes > 256<<20 || u.Processor <= 0) {
		t.Errorf("%d MiB, %g s of processor", u.PeakBytes>>20, u.Processor)
	}
	kept = nil
}

func TestRunStreams(t *testing.T) {
	self, s := step(t, "echo")
	s.In, s.Out = filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(s.In, []byte("word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), self, s, time.Minute); err != nil {
		t.Fatal(err)
	}
	if out, err := os.ReadFile(s.Out); err != nil || string(out) != "got word\n" {
		t.Errorf("%q, %v", out, err)
	}
	s.In = filepath.Join(t.TempDir(), "none")
	if _, err := Run(t.Context(), self, s, time.Minute); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestRunFails(t *testing.T) {
	self, s := step(t, "fails")
	_, err := Run(t.Context(), self, s, time.Minute)
	if !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no luck") {
		t.Errorf("error %v", err)
	}
	s.Command = []string{filepath.Join(t.TempDir(), "none")}
	if _, err := Run(t.Context(), self, s, time.Minute); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v", err)
	}
}

// TestRunEnds ends what takes too long or is not wanted any more, and leaves no
// process behind.
func TestRunEnds(t *testing.T) {
	for _, name := range []string{"limit", "context"} {
		t.Run(name, func(t *testing.T) {
			self, s := step(t, "hangs")
			s.Out = filepath.Join(t.TempDir(), "pid")
			ctx, limit, want := t.Context(), 500*time.Millisecond, ErrFailed
			if name == "context" {
				short, cancel := context.WithTimeout(ctx, limit)
				defer cancel()
				ctx, limit, want = short, time.Minute, context.DeadlineExceeded
			}
			start := time.Now()
			_, err := Run(ctx, self, s, limit)
			if !errors.Is(err, want) || time.Since(start) > 30*time.Second {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
			pid := 0
			text, err := os.ReadFile(s.Out)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Sscan(string(text), &pid); err == nil && runtime.GOOS == "linux" {
				state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
				if err == nil && !strings.Contains(string(state), ") Z") {
					t.Errorf("process %d still runs", pid)
				}
			}
		})
	}
}
