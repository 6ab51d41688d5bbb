//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"qk/train"
)

// TestPipeAsCorpus reads the text from a named pipe, which can be read only
// once: the run keeps it.
func TestPipeAsCorpus(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Skip(err)
	}
	done := make(chan error)
	go func() { done <- os.WriteFile("pipe", []byte("a x b\nc x d\n"), 0o600) }()
	qk(t, "train", "-q", "--corpus", "pipe", "--out", "run")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	qk(t, "check", "run", "-q")
	if got := string(read(t, "run", "corpus.txt")); got != "a x b\nc x d\n" {
		t.Errorf("kept %q", got)
	}
}

// TestKilledBeforeTheFirstState has a run that was killed right after its folder
// was made: it starts from its settings, and ends as one left alone.
func TestKilledBeforeTheFirstState(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "whole")
	qk(t, "train", "-q", "--out", "run")
	for _, name := range []string{"checkpoint.qk", "metrics.jsonl", "model.safetensors", "README.md"} {
		if err := os.Remove(filepath.Join("run", name)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := train.ReadRecord("run")
	if err != nil {
		t.Fatal(err)
	}
	r.Status, r.Result, r.Files = train.Running, nil, nil
	var record strings.Builder
	if err := train.WriteJSON(&record, r); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join("run", "run.json"), []byte(record.String()))
	qk(t, "train", "-q", "--resume", "run")
	wantSameModel(t, "run", "whole")
}

// TestEmptyFolders refuses what an unset variable of a shell leaves of a flag.
func TestEmptyFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	wantRefusal(t, session{}.run("train", "--resume", ""), `--resume ""`, "give a folder")
	wantRefusal(t, session{}.run("train", "--out", ""), `--out ""`, "give a folder")
}
