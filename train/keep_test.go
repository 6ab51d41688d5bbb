package train

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"qk/data/text"
	"qk/graph"
)

// TestUnfiled steps a run by hand, files it half-way and at its end: resumed from
// half-way it ends in the bytes of a run that nobody stepped.
func TestUnfiled(t *testing.T) {
	const own = "red fish swims\nblue fish sleeps\nred bird sings\nred fish swims\n"
	begin := func() (*Experiment, *Loop) {
		c := DefaultConfig(graph.Predict)
		c.Corpus, c.Rank, c.Steps = "fish.txt", 3, 40
		e, err := NewExperiment(c, text.FromText("fish.txt", own))
		must(t, err)
		l, err := e.Loop()
		must(t, err)
		ladder, err := e.Ladder()
		must(t, err)
		l.Convergence.Floor = ladder.Floor
		return e, l
	}
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	dir := t.TempDir()
	read := func(run, file string) []byte {
		content, err := os.ReadFile(filepath.Join(dir, run, file))
		must(t, err)
		return content
	}

	e, l := begin()
	d, err := CreateRun(filepath.Join(dir, "whole"), e, now(), [][]byte{[]byte(own)})
	must(t, err)
	course := Course{Dir: d, Experiment: e, Loop: l, Now: now}
	_, err = course.Run(context.Background())
	must(t, err)

	e, l = begin()
	u := Unfiled{Experiment: e, Loop: l, Texts: [][]byte{[]byte(own)}, Created: now(), Warnings: []string{"by hand"}}
	l.Observers = append(l.Observers, ObserverFunc(func(e Event) error { u.Log = append(u.Log, e); return nil }))
	l.Begin()
	event, err := l.Look()
	must(t, err)
	for !event.Last {
		if l.Step == 17 {
			_, err := u.File(filepath.Join(dir, "half"))
			must(t, err)
		}
		must(t, l.Advance(l.Rate()))
		event, err = l.Look()
		must(t, err)
	}
	_, u.Outcome, err = e.JudgeLoop(context.Background(), l, nil)
	must(t, err)
	_, err = u.File(filepath.Join(dir, "end"))
	must(t, err)
	l.End()

	half, err := OpenRun(filepath.Join(dir, "half"))
	must(t, err)
	if half.Record.Status != Interrupted || len(half.Record.Warnings) != 1 || half.Record.Warnings[0] != "by hand" {
		t.Errorf("half-way it is %s with the warnings %v", half.Record.Status, half.Record.Warnings)
	}
	e, err = half.Experiment()
	must(t, err)
	l, err = half.Resume(e)
	must(t, err)
	if l.Step != 17 {
		t.Fatalf("resumed at step %d", l.Step)
	}
	course = Course{Dir: half, Experiment: e, Loop: l, Now: now}
	_, err = course.Run(context.Background())
	must(t, err)
	for _, run := range []string{"half", "end"} {
		for _, file := range []string{modelFile, metricsFile, vocabularyFile} {
			if !bytes.Equal(read(run, file), read("whole", file)) {
				t.Errorf("%s of the run %s differs from that of a run that nobody stepped", file, run)
			}
		}
	}
}
