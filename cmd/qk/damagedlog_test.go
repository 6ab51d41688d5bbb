package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDamagedLog shortens the log of a run, or puts a folder in its place: the
// run cannot be resumed, as it could not end in the same bytes, and nothing in
// it is touched. What it learned can still be looked into.
func TestDamagedLog(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	path := filepath.Join("run", "metrics.jsonl")
	whole := read(t, path)
	for name, spoil := range map[string]func(){
		"empty":    func() { write(t, path, nil) },
		"one line": func() { write(t, path, whole[:len(whole)/2]) },
		"a folder": func() {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		},
	} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		spoil()
		before := snapshot(t, "run")
		wantRefusal(t, session{}.run("train", "--resume", "run"), path, "put it back, or train anew")
		for path, content := range snapshot(t, "run") {
			if before[path] != content {
				t.Errorf("%s: %s has changed", name, path)
			}
		}
		qk(t, "check", "run", "-q")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	write(t, path, whole)
	qk(t, "train", "--resume", "run", "-q")
}

// TestMissingModel removes the model of a finished run: resuming the run, which
// has no step left to take, writes it again.
func TestMissingModel(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run")
	path := filepath.Join("run", "model.safetensors")
	whole := string(read(t, path))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, session{}.run("check", "run"), path, "`qk train --resume` writes it again")
	qk(t, "train", "--resume", "run", "-q")
	if string(read(t, path)) != whole {
		t.Error("the model that was written again differs")
	}
}
