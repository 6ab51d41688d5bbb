package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"qk/train/disk"
)

// TestDamagedCheckpoint spoils the checkpoint in every way: the run cannot be
// resumed, nothing in it is touched, and what it learned can still be looked
// into.
func TestDamagedCheckpoint(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "coat", "--corpus", "coat")
	qk(t, "train", "-q", "--out", "seed2", "--seed", "2")
	qk(t, "train", "-q", "--out", "run")
	whole := read(t, "run", "checkpoint.qk")
	for name, c := range map[string]struct {
		content []byte
		say     string
	}{
		"empty":           {nil, "sealed file is cut short"},
		"cut in the head": {whole[:15], "sealed file is cut short"},
		"cut":             {whole[:len(whole)/2], "sealed file is cut short"},
		"one byte less":   {whole[:len(whole)-1], "sealed file is cut short"},
		"one byte more":   {append(bytes.Clone(whole), 0), "sealed file is corrupt"},
		"text":            {[]byte("it went again\n"), "not a sealed file"},
		"flipped":         {flip(whole, len(whole)/2), "sealed file is corrupt"},
		"flipped in sum":  {flip(whole, len(whole)-1), "sealed file is corrupt"},
		"newer":           {sealed(t, whole, 2), "sealed file is of a newer version: it has version 2"},
		"other corpus":    {read(t, "coat", "checkpoint.qk"), "belongs to another corpus"},
		"other settings":  {read(t, "seed2", "checkpoint.qk"), "belongs to a run of other settings"},
		"other payload":   {sealedPayload(t, []byte("it went"), 1), "checkpoint run"},
	} {
		write(t, filepath.Join("run", "checkpoint.qk"), c.content)
		before := snapshot(t, "run")
		wantRefusal(t, session{}.run("train", "--resume", "run"), "checkpoint "+filepath.Join("run", "checkpoint.qk"), c.say)
		for path, content := range snapshot(t, "run") {
			if before[path] != content {
				t.Errorf("%s: %s has changed", name, path)
			}
		}
		qk(t, "check", "run", "-q")
		qk(t, "lookup", "run", "went")
	}
	if err := os.Remove(filepath.Join("run", "checkpoint.qk")); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, session{}.run("train", "--resume", "run"), "checkpoint")

	// Put back, it is as good as before.
	write(t, filepath.Join("run", "checkpoint.qk"), whole)
	qk(t, "train", "--resume", "run", "-q")
}

// TestFlippedBits flips a bit in bytes all over a checkpoint.
func TestFlippedBits(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "run", "--corpus", "coat", "--rank", "1")
	path := filepath.Join("run", "checkpoint.qk")
	whole := read(t, path)
	for i := 0; i < len(whole); i += 13 {
		write(t, path, flip(whole, i))
		wantRefusal(t, session{}.run("train", "--resume", "run"), "checkpoint "+path)
	}
}

// TestDamagedRun spoils the other files of a run.
func TestDamagedRun(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--out", "runs/run")
	model, record := filepath.Join("runs", "run", "model.safetensors"), filepath.Join("runs", "run", "run.json")
	whole, wholeRecord := read(t, model), read(t, record)
	for _, content := range [][]byte{nil, whole[:40], flip(whole, len(whole)-3), append(bytes.Clone(whole), 'x')} {
		write(t, model, content)
		for _, args := range [][]string{{"check"}, {"lookup", "went"}, {"vote", "it went"}} {
			wantRefusal(t, session{}.run(args...), "model "+model, "the file is not the one that was saved")
		}
	}
	write(t, model, whole)
	for content, say := range map[string]string{
		"":              "run.json: damaged",
		"{":             "run.json: damaged",
		"[]":            "run.json: damaged",
		"{}":            "run.json: damaged",
		`{"format": 9}`: "format 9 is newer than this qk",
	} {
		write(t, record, []byte(content))
		for _, args := range [][]string{{"check", "run"}, {"lookup", "run", "went"}, {"train", "--resume", "run"}, {"runs", "run"}} {
			wantRefusal(t, session{}.run(args...), say)
		}
		wantText(t, "the list", qk(t, "runs"), "No runs") // passed over
	}
	write(t, record, wholeRecord)
	qk(t, "check")
}

func flip(content []byte, at int) []byte {
	spoilt := bytes.Clone(content)
	spoilt[at] ^= 1
	return spoilt
}

// sealed seals the payload of a sealed file once more, as another version.
func sealed(t *testing.T, whole []byte, version uint32) []byte {
	t.Helper()
	_, payload, err := disk.Unseal(whole, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := sealedPayload(t, payload, version)
	if binary.LittleEndian.Uint32(b[8:]) != version {
		t.Fatal("the version is not where it was thought to be")
	}
	return b
}

func sealedPayload(t *testing.T, payload []byte, version uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := disk.Seal(&b, version, payload); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
