package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"qk/train"
	"qk/train/sweep"
)

// TestCondition asks conditions of one run: rank 8, loss 0.25, no held-out loss.
func TestCondition(t *testing.T) {
	c := train.DefaultConfig("predict")
	c.Rank, c.L2 = 8, 1e-6
	run := listedRun{Record: &train.Record{Name: "x", Status: train.Done, Config: c, Result: &train.Document{Loss: 0.25, Steps: 10}}}
	for typed, want := range map[string]bool{
		"rank=8": true, "rank = 8.0": true, "rank!=8": false, "rank<10": true, "rank>10": false, "rank<=8": true, "rank>=9": false,
		"l2=0.000001": true, "loss<0.3": true, "heldout<9": false, "heldout!=9": true, "corpus=diary": true, "corpus!=diary": false,
		"status=done": true, "pass=false": true, "name=x": true, "name>w": true, "solver<b": true, "steps=10": true,
	} {
		c, err := parseCondition(typed)
		if err != nil || c.holds(run) != want {
			t.Errorf("%s: %v, %v, want %v", typed, c.holds(run), err, want)
		}
	}
}

// TestConditionOfSweep asks conditions of a sweep through ranks 2 and 16.
func TestConditionOfSweep(t *testing.T) {
	swept := listedRun{
		Record: &train.Record{Name: "x", Config: train.DefaultConfig("predict")},
		sweep:  &sweptRuns{axes: []sweep.Axis{{Name: "rank", Values: []string{"2", "16"}}}},
	}
	for typed, want := range map[string]bool{
		"rank=2": true, "rank=16": true, "rank=4": false, "rank>=10": true, "rank>16": false, "rank<3": true, "rank!=2": true, "seed=1": true,
		"status=sweep": true, "loss<1": false,
	} {
		c, err := parseCondition(typed)
		if err != nil || c.holds(swept) != want {
			t.Errorf("%s: %v, %v, want %v", typed, c.holds(swept), err, want)
		}
	}
}

// TestSenselessConditions wants an error of values that no run can have.
func TestSenselessConditions(t *testing.T) {
	for _, typed := range []string{"rank>=abc", "rank>>4", "rank==4", "loss<nan", "pass=yes", "one-hot=1", "l2=<3", "steps=many", "seconds>", "rank!=x"} {
		if c, err := parseCondition(typed); err == nil {
			t.Errorf("%s is taken for %+v", typed, c)
		}
	}
}

// FuzzCondition wants a condition that can be written and read again, or an error, of
// anything.
func FuzzCondition(f *testing.F) {
	for _, s := range []string{"rank>=4", "corpus!=a=b", "l2 < 1e-3", "=", "rank", "rank!4", "loss<", "\x00=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := parseCondition(typed)
		if err != nil {
			return
		}
		again, err := parseCondition(c.field + c.op + c.value)
		if err != nil || again != c {
			t.Errorf("%q is %+v, and written again %+v, %v", typed, c, again, err)
		}
	})
}

// BenchmarkRuns lists 10,000 runs of diary.
func BenchmarkRuns(b *testing.B) {
	b.Chdir(b.TempDir())
	qk(b, "train", "-q", "--out", "runs/0")
	record := read(b, "runs", "0", "run.json")
	for i := 1; i < 10000; i++ {
		dir := filepath.Join("runs", fmt.Sprint(i))
		if err := os.Mkdir(dir, 0o777); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "run.json"), record, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(record)), "bytes/run")
	for b.Loop() {
		qk(b, "runs", "--sort=-loss", "--limit", "10")
	}
}
