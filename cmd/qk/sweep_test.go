package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestSweepDocument reads the result of a sweep, and of a grid that is only shown,
// without knowing their types.
func TestSweepDocument(t *testing.T) {
	t.Chdir(t.TempDir())
	var grid, doc map[string]json.RawMessage
	decode(t, qk(t, "sweep", "--seed", "1,2", "--rank", "2", "--dry-run", "--json"), &grid)
	wantExactly(t, "the grid", grid, "runs", "fixed", "axes", "points")
	if got := string(grid["points"]); strings.Join(strings.Fields(got), "") != `["seed=1","seed=2"]` {
		t.Errorf("the points are %s", got)
	}
	decode(t, qk(t, "sweep", "--seed", "1,2", "--rank", "2", "--json", "--out", "s"), &doc)
	wantExactly(t, "the sweep", doc, "sweep", "fixed", "axes", "runs", "done", "passed", "failed", "pass", "points", "summary")
	var points []map[string]json.RawMessage
	decode(t, string(doc["points"])+"\n", &points)
	if len(points) != 2 {
		t.Fatalf("%d points", len(points))
	}
	for _, p := range points {
		wantExactly(t, "a run", p, "name", "values", "status", "pass", "steps", "loss", "floor", "heldout", "seconds")
	}
	var record struct {
		Result struct{ Loss json.RawMessage }
	}
	must(t, json.Unmarshal(read(t, "s", "seed=2", "run.json"), &record))
	if string(points[1]["loss"]) != string(record.Result.Loss) {
		t.Errorf("the loss is %s, in run.json %s", points[1]["loss"], record.Result.Loss)
	}
}

// wantExactly says which keys an object must have, and that it has no others.
func wantExactly(t *testing.T, what string, object map[string]json.RawMessage, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if _, ok := object[k]; !ok {
			t.Errorf("%s has no key %q", what, k)
		}
	}
	for k := range object {
		if !slices.Contains(keys, k) {
			t.Errorf("%s has a key %q", what, k)
		}
	}
}

// TestSweepLosesItsOutput cannot write its table: what was trained stands.
func TestSweepLosesItsOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, format := range []string{"--quiet=false", "--json", "--csv"} {
		dir := "s" + format
		r := session{stdout: &failing{0, syscall.ENOSPC}}.run("sweep", "--seed", "1,2", format, "--out", dir)
		wantCode(t, r, exitBad)
		wantText(t, "standard error", r.stderr, "no space left on device", "free some space")
		wantText(t, "the table", qk(t, "sweep", "--resume", dir), "2 of 2 runs done, 2 of them passed their checks.")
	}
}

// TestSweepInterruptedBeforeItStarts leaves no folder behind.
func TestSweepInterruptedBeforeItStarts(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := session{ctx: ctx}.run("sweep", "--seed", "1,2", "--out", "s")
	wantCode(t, r, exitInterrupted)
	if exists("s") {
		t.Error("a sweep is left behind")
	}
}

// TestSweepOccupied finds a file in the place of a run: that run fails and says so, and the
// file stays.
func TestSweepOccupied(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "sweep", "--seed", "1,2", "--out", "s", "-q")
	must(t, os.RemoveAll(filepath.Join("s", "seed=1")))
	must(t, os.WriteFile(filepath.Join("s", "seed=1"), []byte("mine"), 0o666))
	r := session{}.run("sweep", "--resume", "s")
	wantCode(t, r, exitCheckFailed)
	wantText(t, "standard error", r.stderr, "qk: run seed=1: ")
	if got := string(read(t, "s", "seed=1")); got != "mine" {
		t.Errorf("the file holds %q now", got)
	}
}
