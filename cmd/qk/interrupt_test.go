package main

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"qk/train"
)

// interruptedAfter is a session that is interrupted at the nth look at the
// clock, which also makes the run save its state every few steps.
func interruptedAfter(n int) session {
	ctx, cancel := context.WithCancel(context.Background())
	clock, looks := hurriedClock(), 0
	return session{ctx: ctx, now: func() time.Time {
		if looks++; looks == n {
			cancel()
		}
		return clock()
	}}
}

// TestInterrupted interrupts a run at many points, and again after each
// resumption: it ends in the same bytes as one that was left alone.
func TestInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, settings := range [][]string{
		{"--steps", "150"},
		{"--steps", "150", "--solver", "momentum", "--one-hot", "--null=false"},
		{"--steps", "150", "--task", "recall", "--solver", "sgd"},
		{"--steps", "400", "--corpus", "coat", "--patience", "60"},
	} {
		whole := fmt.Sprint("whole", settings[len(settings)-1])
		end := session{}.run(append([]string{"train", "-q", "--out", whole}, settings...)...).code
		for _, n := range []int{1, 2, 3, 4, 5, 17, 90, 140} {
			dir := fmt.Sprint(whole, n)
			r := interruptedAfter(n).run(append([]string{"train", "-q", "--out", dir}, settings...)...)
			for tries := 0; r.code == exitInterrupted; tries++ {
				wantText(t, dir, r.stderr, "qk: interrupted after step ", "the state is saved: go on with `qk train --resume "+dir+"`")
				record, err := train.ReadRecord(dir)
				if err != nil || record.Status != train.Interrupted {
					t.Fatalf("%s: %+v, %v", dir, record, err)
				}
				if tries > 200 {
					t.Fatalf("%s gets nowhere", dir)
				}
				r = interruptedAfter(n+20).run("train", "-q", "--resume", dir)
			}
			wantCode(t, r, end)
			wantSameModel(t, dir, whole)
		}
	}
}

// TestLookedIntoWhileInterrupted looks into a run that is not finished: what it
// has learned so far is shown, with a warning.
func TestLookedIntoWhileInterrupted(t *testing.T) {
	t.Chdir(t.TempDir())
	wantCode(t, interruptedAfter(90).run("train", "-q", "--out", "runs/part"), exitInterrupted)
	for _, args := range [][]string{{"lookup", "went"}, {"vote", "it went"}, {"lookup", "part", "it", "--json"}} {
		r := session{}.run(args...)
		wantCode(t, r, exitOK)
		wantText(t, "standard error", r.stderr, "qk: warning: run runs/part is interrupted: this is its state after step ", "`qk train --resume runs/part`")
	}
	if r := (session{}).run("check"); r.code == exitBad {
		t.Errorf("check: %s", r.stderr)
	}
	wantText(t, "the list", qk(t, "runs"), "interrupted")
	wantText(t, "the run", qk(t, "runs", "part"), "Interrupted.", "`qk train --resume runs/part`")
}

// TestFinishedRunResumed resumes a run that has ended, and interrupts that or
// loses its output: what was there stands.
func TestFinishedRunResumed(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	before := snapshot(t, "run")
	delete(before, filepath.Join("run", "run.json")) // holds how long it took
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		session
		code int
	}{
		"interrupted": {session{ctx: cancelled}, exitOK}, // nothing is left to interrupt
		"full":        {session{stdout: &failing{0, syscall.ENOSPC}}, exitBad},
	} {
		wantCode(t, c.run("train", "--resume", "run"), c.code)
		after := snapshot(t, "run")
		for path, content := range before {
			if after[path] != content {
				t.Errorf("%s: %s has changed", name, path)
			}
		}
		r := session{}.run("check", "run", "-q")
		wantCode(t, r, exitOK)
		if r.stderr != "" {
			t.Errorf("%s: check warns: %s", name, r.stderr)
		}
		wantText(t, "the list", qk(t, "runs", "--runs", "."), "pass")
	}
}

// TestInterruptedBeforeItStarts ends while the text is being read: nothing has
// been learned, and no run is left behind.
func TestInterruptedBeforeItStarts(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := session{ctx: ctx}.run("train", "--json", "--out", "run")
	wantCode(t, r, exitInterrupted)
	if r.stdout != "" {
		t.Errorf("standard output: %s", r.stdout)
	}
	wantText(t, "standard error", r.stderr, "interrupted")
	if exists("run") {
		t.Error("a run is left behind")
	}
	if r := (session{ctx: ctx}).run("gradcheck"); r.code == exitOK {
		t.Error("gradcheck goes on after an interrupt")
	}
}
