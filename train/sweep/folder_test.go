package sweep_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"qk/train"
	"qk/train/sweep"
	"qk/train/sweep/sweeptest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	quick = []sweep.Fixed{{Name: "corpus", Value: "coat"}, {Name: "steps", Value: "5"}}
	grid  = []sweep.Axis{{Name: "rank", Values: []string{"1", "2"}}, {Name: "seed", Values: []string{"1", "2"}}}
)

// TestReadBack writes a sweep of which some runs are done and reads it back.
func TestReadBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "sweep")
	made := sweeptest.New(t, dir, quick, grid)
	sweeptest.Train(t, made, "rank=1,seed=2", "rank=2,seed=1")
	must(t, os.MkdirAll(filepath.Join(dir, "rank=2,seed=2"), 0o777))
	must(t, os.WriteFile(filepath.Join(dir, "rank=2,seed=2", "run.json"), []byte("{"), 0o666))
	s, err := sweep.Open(dir)
	must(t, err)
	if !reflect.DeepEqual(s, made) {
		t.Errorf("read back: %+v\nmade: %+v", s, made)
	}
	results, err := s.Results()
	must(t, err)
	if len(results) != 4 {
		t.Fatalf("%d results", len(results))
	}
	for i, want := range []string{"rank=1,seed=1", "rank=1,seed=2", "rank=2,seed=1", "rank=2,seed=2"} {
		r := results[i]
		if r.Name != want || r.Path != filepath.Join(dir, want) {
			t.Errorf("result %d is of %s in %s", i, r.Name, r.Path)
		}
		if trained := i == 1 || i == 2; trained != (r.Record != nil) || trained && (r.Record.Status != train.Done || r.Record.Config.Rank != r.Config.Rank) {
			t.Errorf("%s: record %+v", r.Name, r.Record)
		}
		if damaged := i == 3; damaged != (r.Err != nil) {
			t.Errorf("%s: error %v", r.Name, r.Err)
		}
	}
}

func TestOpenRefusals(t *testing.T) {
	dir := t.TempDir()
	sweeptest.New(t, filepath.Join(dir, "whole"), quick, grid)
	content, err := os.ReadFile(filepath.Join(dir, "whole", "sweep.json"))
	must(t, err)
	for name, c := range map[string]struct{ from, to, want string }{
		"newer":     {`"format": 1`, `"format": 2`, "format 2 is newer than this qk, which reads up to 1: it was written by qk "},
		"no JSON":   {`{`, ``, "damaged"},
		"axis":      {`"name": "rank"`, `"name": "rang"`, "damaged"},
		"renamed":   {`"name": "seed"`, `"name": "start"`, ""},
		"bad value": {`"1",`, `"one",`, "damaged"},
	} {
		path := filepath.Join(dir, name)
		must(t, os.Mkdir(path, 0o777))
		changed := strings.Replace(string(content), c.from, c.to, 1)
		if changed == string(content) {
			t.Fatalf("%s: nothing changed in %s", name, content)
		}
		must(t, os.WriteFile(filepath.Join(path, "sweep.json"), []byte(changed), 0o666))
		_, err := sweep.Open(path)
		if c.want == "" {
			must(t, err)
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, sweep.ErrNoSweep) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if _, err := sweep.Open(dir); !errors.Is(err, sweep.ErrNoSweep) {
		t.Errorf("no sweep: error %v", err)
	}
	p, points, err := sweep.NewPlan(quick, grid, 100)
	must(t, err)
	if _, err := sweep.Create(filepath.Join(dir, "whole"), p, points); err == nil || !strings.Contains(err.Error(), "exists: choose another") {
		t.Errorf("a folder that exists: error %v", err)
	}
}
