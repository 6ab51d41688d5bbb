package train

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"qk/graph"
)

// shortRuns are runs of every solver and both tasks.
func shortRuns() map[string]Config {
	return map[string]Config{
		"adam":     predict(steps(7)),
		"fused":    predict(steps(7), func(c *Config) { c.Graph = Fused }),
		"momentum": recall(graph.Squared, steps(7), func(c *Config) { c.Solver, c.LR = "momentum", 0.01 }),
		"sgd":      predict(steps(7), func(c *Config) { c.Solver, c.OneHot = "sgd", true }),
		"plateau":  predict(steps(40), func(c *Config) { c.LR, c.Patience = 1e-9, 5 }), // ends by the rule
	}
}

// TestResumeEveryStep cuts a run at every moment at which its files change: as
// they are after each line of the log, and after each step before and after the
// state is saved, with the state saved always, at times, or not at all. Resumed,
// every one must end in the same bytes as a run left alone.
func TestResumeEveryStep(t *testing.T) {
	for name, c := range shortRuns() {
		alone := finished(t, c)
		for due, rule := range map[string]func(int) bool{
			"always":     func(int) bool { return true },
			"every 3rd":  func(step int) bool { return step%3 == 0 },
			"never":      func(int) bool { return false },
			"after no 5": func(step int) bool { return step == 5 },
		} {
			t.Run(name+"/"+due, func(t *testing.T) {
				base := t.TempDir()
				d, e, l := newRunAt(t, filepath.Join(base, "run"), c, "")
				var copies []string
				keep := func(moment string) {
					to := filepath.Join(base, fmt.Sprintf("%d %s", len(copies), moment), "run")
					copyDir(t, d.Path, to)
					copies = append(copies, to)
				}
				keep("at the start")
				watch(l, func(e Event) error {
					keep(fmt.Sprintf("after the log of step %d", e.Step))
					return nil
				})
				save := l.Checkpoint
				l.Checkpoint = func(l *Loop) error {
					keep(fmt.Sprintf("before the state of step %d", l.Step))
					err := save(l)
					keep(fmt.Sprintf("after the state of step %d", l.Step))
					return err
				}
				l.Due = rule
				must(t, l.Run(context.Background()))
				keep("before the end")
				finish(t, d, e, l)
				wantSameFiles(t, "not cut", d.Path, alone)
				keep("after the end")
				for _, path := range copies {
					resume(t, path)
					wantSameFiles(t, filepath.Base(filepath.Dir(path)), path, alone)
				}
			})
		}
	}
}

// TestResumeTornLog: a kill can leave half a line at the end of the log, and
// half a file under a temporary name. Both go when the run is resumed.
func TestResumeTornLog(t *testing.T) {
	alone := finished(t, predict(steps(10)))
	path := cut(t, predict())
	log := read(t, path, metricsFile)
	for _, torn := range []string{`{`, `{"step":7,"loss":0.1`, "{\"step\":7}\n{\"step\":8}\n{\"st", "\x00\x00\x00"} {
		to := filepath.Join(t.TempDir(), "run")
		copyDir(t, path, to)
		write(t, filepath.Join(to, metricsFile), append(append([]byte(nil), log...), torn...))
		write(t, filepath.Join(to, ".qk-0123456789abcdef.tmp"), []byte("half"))
		resume(t, to)
		wantSameFiles(t, torn, to, alone)
		if n := len(listDir(t, to)); n != 6 {
			t.Errorf("files %q", listDir(t, to))
		}
	}
}

// TestResumeShortLog refuses a log that is shorter than the checkpoint says, as
// its lines cannot be made up.
func TestResumeShortLog(t *testing.T) {
	path := cut(t, predict())
	write(t, filepath.Join(path, metricsFile), read(t, path, metricsFile)[:50])
	d, _, l := reopen(t, path)
	wantError(t, d.Attach(l, still), metricsFile, "shorter than the recorded offset")
}

// TestResumeInterrupted stops a run after every step through its context, saves
// it as the program does and goes on: the same bytes once more, and one that is
// stopped again and again as well.
func TestResumeInterrupted(t *testing.T) {
	for name, c := range shortRuns() {
		alone := finished(t, c)
		for at := range 8 {
			d, e, l := newRun(t, c)
			ctx, cancel := context.WithCancel(context.Background())
			watch(l, func(e Event) error {
				if e.Step == at {
					cancel()
				}
				return nil
			})
			err := l.Run(ctx)
			cancel()
			if l.Reason != "" { // the stop came when the run was at its end
				must(t, err)
				finish(t, d, e, l)
			} else {
				if !errors.Is(err, ErrInterrupted) {
					t.Fatal(err)
				}
				must(t, d.Abort(l, err))
				if r, err := ReadRecord(d.Path); err != nil || r.Status != Interrupted || r.Error != "interrupted" {
					t.Errorf("record %+v, %v", r, err)
				}
			}
			resume(t, d.Path)
			wantSameFiles(t, fmt.Sprintf("%s stopped at %d", name, at), d.Path, alone)
		}
	}
}

// TestResumeAgainAndAgain interrupts one run after each of its steps.
func TestResumeAgainAndAgain(t *testing.T) {
	alone := finished(t, predict(steps(7)))
	d, e, l := newRun(t, predict(steps(7)))
	for {
		ctx, cancel := context.WithCancel(context.Background())
		watch(l, func(Event) error { cancel(); return nil })
		err := l.Run(ctx)
		cancel()
		if err == nil {
			break
		}
		must(t, d.Abort(l, err))
		d, e, l = reopen(t, d.Path)
		must(t, d.Attach(l, still))
	}
	finish(t, d, e, l)
	wantSameFiles(t, "interrupted after each step", d.Path, alone)
}

// TestResumeFinished resumes a run that is at its end: nothing changes.
func TestResumeFinished(t *testing.T) {
	path := finished(t, predict(steps(7)))
	before := filepath.Join(t.TempDir(), "run")
	copyDir(t, path, before)
	resume(t, path)
	wantSameFiles(t, "resumed at its end", path, before)
}

// TestResumeBeforeTheFirstState has a run that was killed before its first state
// was saved: it starts from the settings, the text and the seed. A finished run
// without its checkpoint has lost it, and is refused.
func TestResumeBeforeTheFirstState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	e := count(t, predict(), "")
	d, err := CreateRun(path, e, birthday, nil)
	must(t, err)
	must(t, d.log.Close())
	again, err := OpenRun(path)
	must(t, err)
	l, err := again.Resume(e)
	must(t, err)
	m, err := e.Model()
	must(t, err)
	fresh, err := NewLoop(e.Config, m)
	must(t, err)
	if l.Step != 0 || !slices.Equal(l.Model.Weights.K, fresh.Model.Weights.K) {
		t.Errorf("step %d, or other weights than a new run has", l.Step)
	}
	again.Record.Status = Done
	_, err = again.Resume(e)
	wantError(t, err, "checkpoint "+filepath.Join(path, checkpointFile))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// TestResumeFinishedAndInterrupted resumes a finished run and stops it at once:
// what it has learned, and after how many steps, must not be lost.
func TestResumeFinishedAndInterrupted(t *testing.T) {
	path := finished(t, predict(steps(7)))
	d, e, l := reopen(t, path)
	must(t, d.Attach(l, still))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := l.Run(ctx)
	if !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	must(t, d.Abort(l, err))
	d, err = OpenRun(path)
	must(t, err)
	w, n, err := d.Weights(e)
	must(t, err)
	if n != 7 || !sameBits(w.K, l.Model.Weights.K) {
		t.Errorf("weights after %d steps, want 7", n)
	}
}
