package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// fill begins a directory with one file.
func fill(t *testing.T, path string) (*Dir, *File) {
	t.Helper()
	d, err := NewDir(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Create("file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("content")); err != nil {
		t.Fatal(err)
	}
	return d, f
}

// wantEntries says which names a directory must have, and no others.
func wantEntries(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

func TestDir(t *testing.T) {
	for _, hasty := range []bool{false, true} {
		base := t.TempDir()
		path := filepath.Join(base, "new")
		d, err := NewDir(path)
		if err != nil {
			t.Fatal(err)
		}
		d.Hasty = hasty
		f, err := d.Create("file")
		if err != nil {
			t.Fatal(err)
		}
		if f.Path() != filepath.Join(path, "file") || d.Path() != path {
			t.Errorf("paths %s, %s", f.Path(), d.Path())
		}
		if _, err := f.Write([]byte("content")); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it is there before it is whole: %v", err)
		}
		if err := errors.Join(f.Finish(), d.Commit(), d.Discard()); err != nil {
			t.Fatal(err)
		}
		wantEntries(t, base, "new")
		if got := string(mustRead(t, filepath.Join(path, "file"))); got != "content" {
			t.Errorf("content %q", got)
		}
		wantError(t, d.Commit(), path, StepRename, fs.ErrClosed)
	}
}

func TestDirRefusals(t *testing.T) {
	base := t.TempDir()
	empty, file, below := filepath.Join(base, "empty"), filepath.Join(base, "file"), filepath.Join(base, "missing", "new")
	if err := errors.Join(os.Mkdir(empty, 0o777), os.WriteFile(file, nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{empty: fs.ErrExist, file: fs.ErrExist, below: fs.ErrNotExist} {
		_, err := NewDir(path)
		wantError(t, err, path, StepCreate, want)
	}

	// One that came up meanwhile, even an empty one, stays as it is.
	path := filepath.Join(base, "late")
	d, f := fill(t, path)
	_, err := d.Create("file")
	wantError(t, err, filepath.Join(path, "file"), StepCreate, fs.ErrExist)
	if err := errors.Join(f.Finish(), os.Mkdir(path, 0o777)); err != nil {
		t.Fatal(err)
	}
	wantError(t, d.Commit(), path, StepRename, fs.ErrExist)
	wantEntries(t, path)
	wantEntries(t, base, "empty", "file", "late")
}

func TestDirDiscard(t *testing.T) {
	base := t.TempDir()
	d, f := fill(t, filepath.Join(base, "new"))
	if err := errors.Join(f.Close(), d.Discard(), d.Discard()); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, base)
}

// failingFile fails at one step, as a full or broken disk does.
type failingFile struct {
	tempFile
	write, sync bool
}

func (f failingFile) Write(p []byte) (int, error) {
	if f.write {
		return 0, &fs.PathError{Op: "write", Path: "temporary", Err: syscall.ENOSPC}
	}
	return f.tempFile.Write(p)
}

func (f failingFile) Sync() error {
	if f.sync {
		return &fs.PathError{Op: "sync", Path: "temporary", Err: syscall.EIO}
	}
	return f.tempFile.Sync()
}

func TestDirFailingDisk(t *testing.T) {
	base := t.TempDir()
	path := filepath.Join(base, "new")
	d, f := fill(t, path)
	f.file = failingFile{f.file, true, false}
	_, err := f.Write([]byte("more"))
	wantError(t, err, filepath.Join(path, "file"), StepWrite, syscall.ENOSPC)
	f.file = failingFile{f.file, false, true}
	wantError(t, f.Finish(), filepath.Join(path, "file"), StepSync, syscall.EIO)
	wantError(t, f.Close(), filepath.Join(path, "file"), StepClose, fs.ErrClosed)
	if err := d.Discard(); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, base)
}
