package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"qk/train"
)

// failing is a stream that takes so many bytes and then fails.
type failing struct {
	room  int
	cause error
}

func (f *failing) Write(p []byte) (int, error) {
	if len(p) <= f.room {
		f.room -= len(p)
		return len(p), nil
	}
	n := f.room
	f.room = 0
	return n, &os.PathError{Op: "write", Path: "out", Err: f.cause}
}

// TestFailingOutput gives every command an output that is full, or closed by the
// reader, at its start and half way.
func TestFailingOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "runs/whole")
	before := snapshot(t, "runs/whole")
	for _, args := range [][]string{
		{"count"}, {"count", "--csv"}, {"count", "--json"}, {"lookup", "whole", "went"}, {"lookup", "whole", "went", "--json"},
		{"vote", "whole", "it went"}, {"vote", "whole", "it went", "--json"}, {"check", "whole"}, {"check", "whole", "--json"},
		{"check", "whole", "-q"}, {"rules", "whole"}, {"rules", "whole", "--json"}, {"rules", "whole", "--code", "go"}, {"rules", "whole", "--code", "python"},
		{"export", "whole", "--csv", "masks"}, {"export", "whole", "--csv", "metrics"}, {"export", "whole", "--npz", "export-of-the-run.npz"}, {"export", "whole", "--tensorboard"},
		{"runs"}, {"runs", "--json"}, {"runs", "whole"}, {"gradcheck", "--corpus", "coat"},
		{"version"}, {"help"}, {"train", "--help"}, {"completion", "bash"}, {"train", "--resume", "whole", "-q"},
	} {
		for cause, say := range map[error]string{
			syscall.ENOSPC: "what was saved before is whole",
			syscall.EPIPE:  "standard output was closed before everything was written",
		} {
			for _, room := range []int{0, 20} {
				r := session{stdout: &failing{room, cause}}.run(args...)
				wantCode(t, r, exitBad)
				wantText(t, fmt.Sprint(args), r.stderr, "qk: ", say, cause.Error())
			}
		}
	}
	after := snapshot(t, "runs/whole")
	for path, content := range before {
		if filepath.Base(path) != "run.json" && after[path] != content {
			t.Errorf("%s has changed", path)
		}
	}
	qk(t, "check", "whole")
}

// TestFailingOutputOfTrain loses the output of a run at every stage: the run
// that it leaves can be finished, and ends in the same bytes.
func TestFailingOutputOfTrain(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "whole")
	for i, room := range []int{0, 100, 700, 4000} {
		for _, args := range [][]string{{"train"}, {"train", "-q"}, {"train", "--json"}} {
			dir := fmt.Sprintf("run%d%s", i, args[len(args)-1])
			r := session{stdout: &failing{room, syscall.ENOSPC}}.run(append(args, "--out", dir)...)
			if r.code == exitOK && args[len(args)-1] == "-q" && room > 500 {
				continue // the verdict alone is that short
			}
			wantCode(t, r, exitBad)
			wantText(t, dir, r.stderr, "qk: ", "no space left on device", "what was saved before is whole")
			if _, err := train.ReadRecord(dir); err != nil {
				t.Error(err)
			}
			qk(t, "train", "--resume", dir, "-q")
			wantSameModel(t, dir, "whole")
			qk(t, "check", dir)
		}
	}
}

// TestOddOutput is a stream that fails in its own way, and one that takes less
// than it is given without saying so.
func TestOddOutput(t *testing.T) {
	odd := errors.New("the moon is in the way")
	r := session{stdout: &failing{0, odd}}.run("count", "--csv")
	wantCode(t, r, exitBad)
	wantText(t, "standard error", r.stderr, "qk: write CSV: ", odd.Error())
	r = session{stdout: short{}}.run("count")
	wantCode(t, r, exitBad)
	wantText(t, "standard error", r.stderr, io.ErrShortWrite.Error())
}

type short struct{}

func (short) Write(p []byte) (int, error) { return len(p) / 2, nil }
