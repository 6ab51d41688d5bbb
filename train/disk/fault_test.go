package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// faultyOps are the real operations, of which one fails: the one with number
// failAt, counted from 0. Operations that tidy up (Remove, a second Close) are
// not counted and always real.
type faultyOps struct {
	osOps
	failAt int
	cause  error
	trace  []Step // the operations that were asked for
}

// hit counts an operation and tells whether it is to fail.
func (o *faultyOps) hit(step Step) bool {
	o.trace = append(o.trace, step)
	return len(o.trace)-1 == o.failAt
}

func (o *faultyOps) Create(name string, perm fs.FileMode) (tempFile, error) {
	if o.hit(StepCreate) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: o.cause}
	}
	f, err := o.osOps.Create(name, perm)
	return &faultyFile{tempFile: f, ops: o, name: name}, err
}

func (o *faultyOps) Rename(from, to string) error {
	if o.hit(StepRename) {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: o.cause}
	}
	return o.osOps.Rename(from, to)
}

func (o *faultyOps) SyncDir(dir string) error {
	if o.hit(StepSyncDir) {
		return &fs.PathError{Op: "sync", Path: dir, Err: o.cause}
	}
	return o.osOps.SyncDir(dir)
}

type faultyFile struct {
	tempFile
	ops    *faultyOps
	name   string
	closed bool
}

// Write fails as a full disk does: a part of the bytes is written.
func (f *faultyFile) Write(p []byte) (int, error) {
	if f.ops.hit(StepWrite) {
		n, _ := f.tempFile.Write(p[:len(p)/2])
		return n, &fs.PathError{Op: "write", Path: f.name, Err: f.ops.cause}
	}
	return f.tempFile.Write(p)
}

func (f *faultyFile) Sync() error {
	if f.ops.hit(StepSync) {
		return &fs.PathError{Op: "sync", Path: f.name, Err: f.ops.cause}
	}
	return f.tempFile.Sync()
}

func (f *faultyFile) Close() error {
	err := f.tempFile.Close()
	if !f.closed && f.ops.hit(StepClose) {
		err = &fs.PathError{Op: "close", Path: f.name, Err: f.ops.cause}
	}
	f.closed = true
	return err
}

// TestWriteFileEveryFault makes each operation of a write fail in turn.
func TestWriteFileEveryFault(t *testing.T) {
	before, after := bytes.Repeat([]byte("old "), 40_000), bytes.Repeat([]byte("newer "), 60_000)
	fills := map[string]func(io.Writer) error{
		"reports the error": func(w io.Writer) error {
			for rest := after; len(rest) > 0; {
				n := min(len(rest), 10_000)
				if _, err := w.Write(rest[:n]); err != nil {
					return err
				}
				rest = rest[n:]
			}
			return nil
		},
		"drops the error": func(w io.Writer) error {
			for rest := after; len(rest) > 0; {
				n := min(len(rest), 10_000)
				_, _ = w.Write(rest[:n])
				rest = rest[n:]
			}
			return nil
		},
		"hides the error": func(w io.Writer) error {
			if put(after)(w) != nil {
				return errors.New("something went wrong")
			}
			return nil
		},
	}
	for name, fill := range fills {
		for _, exists := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/exists=%v", name, exists), func(t *testing.T) {
				plan := &faultyOps{failAt: -1}
				if err := writeFile(plan, filepath.Join(t.TempDir(), "f"), fill); err != nil {
					t.Fatal(err)
				}
				for i, step := range plan.trace {
					checkFault(t, i, step, exists, before, after, fill)
				}
				// The order is what makes the write safe against a power cut.
				order := []Step{StepCreate, StepWrite, StepSync, StepClose, StepRename, StepSyncDir}
				if got := slices.Compact(slices.Clone(plan.trace)); !slices.Equal(got, order) {
					t.Errorf("steps %q, want %q", got, order)
				}
			})
		}
	}
}

// checkFault makes operation i fail and checks what is left behind.
func checkFault(t *testing.T, i int, step Step, exists bool, before, after []byte, fill func(io.Writer) error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if exists {
		if err := os.WriteFile(path, before, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ops := &faultyOps{failAt: i, cause: syscall.ENOSPC}
	err := writeFile(ops, path, fill)
	wantError(t, err, path, step, syscall.ENOSPC)
	if want := fmt.Sprintf("%s %s: %v", step, path, syscall.ENOSPC); err != nil && err.Error() != want {
		t.Errorf("error reads %q, want %q", err, want)
	}
	list := strings.Join(names(t, dir), " ")
	switch {
	case step == StepSyncDir:
		if got := mustRead(t, path); !bytes.Equal(got, after) || list != "f" {
			t.Errorf("after %s failed: %d bytes, directory holds %q", step, len(got), list)
		}
	case exists:
		if got := mustRead(t, path); !bytes.Equal(got, before) || list != "f" {
			t.Errorf("after %s (operation %d) failed: %d bytes, directory holds %q", step, i, len(got), list)
		}
	case list != "":
		t.Errorf("after %s (operation %d) failed: directory holds %q", step, i, list)
	}
}

// shortFile takes half of the bytes and reports no error, against the contract
// of io.Writer.
type shortFile struct{ io.Writer }

func (s shortFile) Write(p []byte) (int, error) { return s.Writer.Write(p[:len(p)/2]) }

func TestPourShortWrite(t *testing.T) {
	step, err := pour(shortFile{io.Discard}, put(make([]byte, 100)))
	if step != StepWrite || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v at %q", err, step)
	}
}
