package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTempName(t *testing.T) {
	a, b := tempName(), tempName()
	if a == b || !isTempName(a) || !isTempName(b) {
		t.Errorf("names %q and %q", a, b)
	}
	for _, name := range []string{
		"", ".qk-.tmp", ".qk-0123456789abcde.tmp", ".qk-0123456789abcdef0.tmp", ".qk-0123456789abcdeF.tmp",
		".qk-0123456789abcdeg.tmp", "qk-0123456789abcdef.tmp", ".qk-0123456789abcdef.tm", ".qk-0123456789abcdef.tmp.txt",
		"model.safetensors", ".qk-tmp",
	} {
		if isTempName(name) {
			t.Errorf("%q passes for a temporary", name)
		}
	}
}

func TestRemoveStale(t *testing.T) {
	dir := t.TempDir()
	stale := []string{tempName(), tempName(), tempName()}
	keep := []string{"run.json", ".qk-notes.tmp", ".hidden", "x" + tempName()}
	for _, name := range append(slices.Clone(stale), keep...) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	folder := tempName() // a directory with such a name is none of ours
	if err := os.Mkdir(filepath.Join(dir, folder), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, folder, tempName()), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	removed, err := RemoveStale(dir)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(stale)
	if !slices.Equal(removed, stale) {
		t.Errorf("removed %q, want %q", removed, stale)
	}
	want := append(keep, folder)
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("left %q, want %q", got, want)
	}
	if inner := names(t, filepath.Join(dir, folder)); len(inner) != 1 {
		t.Errorf("the directory below holds %q", inner)
	}
	if removed, err := RemoveStale(dir); len(removed) != 0 || err != nil {
		t.Errorf("the second time: %q, %v", removed, err)
	}
}

func TestRemoveStaleNoDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	_, err := RemoveStale(dir)
	wantError(t, err, dir, StepOpen, fs.ErrNotExist)
	var e *Error
	if errors.As(err, &e) && errors.As(e.Err, new(*fs.PathError)) {
		t.Errorf("the cause still names a path: %v", e.Err)
	}
}
