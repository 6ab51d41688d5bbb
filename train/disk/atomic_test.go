package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// put gives a callback that writes content.
func put(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// mustRead gives the content of a file.
func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// names gives the names in a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// wantError checks that err is an Error with the given path, step and cause.
func wantError(t *testing.T, err error, path string, step Step, cause error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %T (%v), not *Error", err, err)
	}
	if e.Path != path || e.Step != step {
		t.Errorf("error names %q at %q, want %q at %q", e.Path, e.Step, path, step)
	}
	if !errors.Is(err, cause) {
		t.Errorf("error %v does not wrap %v", err, cause)
	}
}

func TestWriteFileReplaces(t *testing.T) {
	for _, size := range []int{0, 1, bufferSize - 1, bufferSize, bufferSize + 1, 5*bufferSize + 7} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			for _, fill := range []byte{'a', 'b'} { // a new file, then a replaced one
				content := bytes.Repeat([]byte{fill}, size)
				if err := WriteFile(path, put(content)); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(mustRead(t, path), content) {
					t.Fatal("the file has other content")
				}
			}
			if list := names(t, dir); len(list) != 1 {
				t.Errorf("directory holds %q", list)
			}
		})
	}
}

func TestWriteFileRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := WriteFile("plain", put([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	if got := mustRead(t, "plain"); string(got) != "x" {
		t.Errorf("got %q", got)
	}
}

func TestWriteFileKeepsMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permission bits")
	}
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o666, 0o777} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(path, put([]byte("x"))); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("mode %v became %v", mode, info.Mode().Perm())
		}
	}
}

func TestWriteFileRefusals(t *testing.T) {
	dir := t.TempDir()
	isDir := filepath.Join(dir, "d")
	isFile := filepath.Join(dir, "f")
	if err := errors.Join(os.Mkdir(isDir, 0o777), os.WriteFile(isFile, []byte("old"), 0o666)); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing", "f")
	wantError(t, WriteFile(isDir, put(nil)), isDir, StepOpen, errNotRegular)
	wantError(t, WriteFile(missing, put(nil)), missing, StepCreate, fs.ErrNotExist)
	own := fmt.Errorf("no more: %w", &fs.PathError{Op: "read", Path: "other", Err: fs.ErrClosed})
	err := WriteFile(isFile, func(w io.Writer) error {
		return errors.Join(put(make([]byte, 3*bufferSize))(w), own)
	})
	wantError(t, err, isFile, StepFill, own)
	if got := mustRead(t, isFile); string(got) != "old" {
		t.Errorf("the former content is now %q", got)
	}
	if list := names(t, dir); len(list) != 2 {
		t.Errorf("directory holds %q", list)
	}
}

func TestWriteFilePanic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := WriteFile(path, put([]byte("old"))); err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if r := recover(); r != "stop" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = WriteFile(path, func(w io.Writer) error {
			_ = put(make([]byte, 3*bufferSize))(w)
			panic("stop")
		})
	}()
	if got := mustRead(t, path); string(got) != "old" {
		t.Errorf("the former content is now %q", got)
	}
	if list := names(t, dir); len(list) != 1 {
		t.Errorf("directory holds %q", list)
	}
}

func TestWriteFileSymlink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("target"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(link, put([]byte("new"))); err != nil {
		t.Fatal(err)
	}
	if a, b := mustRead(t, target), mustRead(t, link); string(a) != "target" || string(b) != "new" {
		t.Errorf("target holds %q, link %q", a, b)
	}
}
