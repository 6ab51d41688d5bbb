package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

// mustLog opens a log and closes it at the end of the test.
func mustLog(t *testing.T, path string) *Log {
	t.Helper()
	log, err := OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return log
}

func TestLogAppends(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	want := ""
	for session := range 3 { // open it anew each time
		log := mustLog(t, path)
		if log.Offset() != int64(len(want)) {
			t.Fatalf("opened at %d, want %d", log.Offset(), len(want))
		}
		for i := range 4 {
			line := strings.Repeat("x", i*session)
			if err := log.WriteLine([]byte(line)); err != nil {
				t.Fatal(err)
			}
			want += line + "\n"
		}
		if err := errors.Join(log.Sync(), log.Close()); err != nil {
			t.Fatal(err)
		}
		if got := string(mustRead(t, path)); got != want || log.Offset() != int64(len(want)) {
			t.Fatalf("got %q at offset %d, want %q", got, log.Offset(), want)
		}
	}
}

func TestLogRefusals(t *testing.T) {
	dir := t.TempDir()
	path, torn := filepath.Join(dir, "log"), filepath.Join(dir, "torn")
	if err := os.WriteFile(torn, []byte("one\ntwo"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := OpenLog(torn)
	wantError(t, err, torn, StepOpen, ErrTornLine)
	if got := string(mustRead(t, torn)); got != "one\ntwo" {
		t.Errorf("the torn log is now %q", got)
	}
	missing := filepath.Join(dir, "missing", "log")
	_, err = OpenLog(missing)
	wantError(t, err, missing, StepOpen, fs.ErrNotExist)
	_, err = OpenLog(dir)
	if !errors.As(err, new(*Error)) {
		t.Errorf("a directory: error %v", err)
	}

	log := mustLog(t, path)
	if err := log.WriteLine([]byte("one\ntwo")); !errors.Is(err, ErrLineBreak) {
		t.Errorf("a line break inside: error %v", err)
	}
	if log.Offset() != 0 || len(mustRead(t, path)) != 0 {
		t.Error("the refused line left something behind")
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	wantError(t, log.WriteLine([]byte("late")), path, StepWrite, fs.ErrClosed)
	wantError(t, log.Close(), path, StepClose, fs.ErrClosed)
}

// faultyLog is a real file of which one write or sync fails; a failed write
// leaves a part of its bytes behind, as on a full disk.
type faultyLog struct {
	*os.File
	failWrite, failSync, failTruncate bool
}

func (f *faultyLog) Write(p []byte) (int, error) {
	if f.failWrite {
		n, _ := f.File.Write(p[:len(p)/2])
		return n, &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return f.File.Write(p)
}

func (f *faultyLog) Sync() error {
	if f.failSync {
		return &fs.PathError{Op: "sync", Path: f.Name(), Err: syscall.EIO}
	}
	return f.File.Sync()
}

func (f *faultyLog) Truncate(size int64) error {
	if f.failTruncate {
		return &fs.PathError{Op: "truncate", Path: f.Name(), Err: syscall.EIO}
	}
	return f.File.Truncate(size)
}

// faulty opens a log and puts a faultyLog below it.
func faulty(t *testing.T, path string) (*Log, *faultyLog) {
	t.Helper()
	log := mustLog(t, path)
	f := &faultyLog{File: log.file.(*os.File)}
	log.file = f
	return log, f
}

func TestLogFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, file := faulty(t, path)
	if err := log.WriteLine([]byte("first line")); err != nil {
		t.Fatal(err)
	}
	file.failWrite = true
	wantError(t, log.WriteLine([]byte("second line")), path, StepWrite, syscall.ENOSPC)
	if got := string(mustRead(t, path)); got != "first line\n" {
		t.Fatalf("the log is now %q", got)
	}
	file.failWrite = false // space was freed
	if err := errors.Join(log.WriteLine([]byte("third")), log.Sync()); err != nil {
		t.Fatal(err)
	}
	if got := string(mustRead(t, path)); got != "first line\nthird\n" || log.Offset() != int64(len(got)) {
		t.Errorf("the log is now %q, offset %d", got, log.Offset())
	}
}

func TestLogBroken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, file := faulty(t, path)
	if err := log.WriteLine([]byte("first line")); err != nil {
		t.Fatal(err)
	}
	file.failWrite, file.failTruncate = true, true
	err := log.WriteLine([]byte("second line"))
	if !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, syscall.EIO) {
		t.Fatalf("error %v", err)
	}
	file.failWrite, file.failTruncate = false, false
	for _, again := range []error{log.WriteLine([]byte("third")), log.Sync()} {
		if !errors.Is(again, syscall.ENOSPC) {
			t.Errorf("a later call: error %v", again)
		}
	}
	// What is left is recognised and repaired.
	offset := log.Offset()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = OpenLog(path)
	wantError(t, err, path, StepOpen, ErrTornLine)
	if err := TruncateAfter(path, offset); err != nil {
		t.Fatal(err)
	}
	if got := string(mustRead(t, path)); got != "first line\n" {
		t.Errorf("the log is now %q", got)
	}
}

func TestLogSyncFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, file := faulty(t, path)
	file.failSync = true
	wantError(t, log.Sync(), path, StepSync, syscall.EIO)
	file.failSync = false
	wantError(t, log.Sync(), path, StepSync, syscall.EIO)
	wantError(t, log.WriteLine([]byte("x")), path, StepSync, syscall.EIO)
}

// TestLogResumed checks that a log cut back to a recorded offset and written on
// ends in the same bytes as one that was never interrupted.
func TestLogResumed(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[^\n]{0,20}`), 1, 20).Draw(rt, "lines")
		checkpoint := rapid.IntRange(0, len(lines)).Draw(rt, "checkpoint")
		killed := rapid.IntRange(checkpoint, len(lines)).Draw(rt, "killed")
		torn := rapid.StringMatching(`[^\n]{0,5}`).Draw(rt, "torn")
		path := filepath.Join(dir, "log")
		_ = os.Remove(path)
		write := func(log *Log, lines []string) {
			for _, line := range lines {
				if err := log.WriteLine([]byte(line)); err != nil {
					rt.Fatal(err)
				}
			}
		}
		log, err := OpenLog(path)
		if err != nil {
			rt.Fatal(err)
		}
		write(log, lines[:checkpoint])
		offset := log.Offset()
		write(log, lines[checkpoint:killed])
		_, tornErr := log.file.Write([]byte(torn))
		if err := errors.Join(tornErr, log.Close(), TruncateAfter(path, offset)); err != nil {
			rt.Fatal(err)
		}
		if log, err = OpenLog(path); err != nil {
			rt.Fatal(err)
		}
		write(log, lines[checkpoint:])
		if err := log.Close(); err != nil {
			rt.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if want := strings.Join(lines, "\n") + "\n"; err != nil || !bytes.Equal(got, []byte(want)) {
			rt.Fatalf("got %q, want %q, error %v", got, want, err)
		}
	})
}
