package train

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// birthday is the time at which the runs of the tests are made.
var birthday = time.Date(2024, 2, 29, 12, 30, 15, 123456789, time.UTC)

func still() time.Time { return birthday }

// newRun makes a run directory and a loop that is attached to it.
func newRun(t testing.TB, c Config) (*RunDir, *Experiment, *Loop) {
	t.Helper()
	return newRunAt(t, filepath.Join(t.TempDir(), "run"), c, "")
}

func newRunAt(t testing.TB, path string, c Config, text string) (*RunDir, *Experiment, *Loop) {
	t.Helper()
	e := count(t, c, text)
	var kept [][]byte
	if text != "" {
		kept = [][]byte{[]byte(text)}
	}
	d, err := CreateRun(path, e, birthday, kept)
	must(t, err)
	closeAfter(t, d)
	l := loop(t, e)
	must(t, d.Attach(l, still))
	return d, e, l
}

// closeAfter closes the log of a run that does not come to its end, so that the
// directory can be removed on every system.
func closeAfter(t testing.TB, d *RunDir) {
	t.Cleanup(func() {
		if d.log != nil {
			_ = d.log.Close() // it may be closed already
		}
	})
}

// reopen opens a run as a later process would, with its loop at the checkpoint.
func reopen(t testing.TB, path string) (*RunDir, *Experiment, *Loop) {
	t.Helper()
	d, err := OpenRun(path)
	must(t, err)
	closeAfter(t, d)
	e, err := d.Experiment()
	must(t, err)
	l, err := d.Resume(e)
	must(t, err)
	return d, e, l
}

// resume goes on with the run in a directory until it is finished.
func resume(t testing.TB, path string) {
	t.Helper()
	d, e, l := reopen(t, path)
	must(t, d.Attach(l, still))
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)
}

// document is the result of a run that took 1.2 seconds by the clock on the wall.
func document(t testing.TB, e *Experiment, l *Loop) *Document {
	t.Helper()
	_, steps := l.Result()
	return NewDocument(e, outcome(t, e, l), steps, l.Reason, 1.2)
}

func finish(t testing.TB, d *RunDir, e *Experiment, l *Loop) {
	t.Helper()
	must(t, d.Finish(l, document(t, e, l)))
}

// finished makes a run, takes it to its end and returns its directory.
func finished(t testing.TB, c Config) string {
	t.Helper()
	d, e, l := newRun(t, c)
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)
	return d.Path
}

// cut makes a run of 10 steps that is given up after step 6 with its state saved
// after step 4, and returns its directory.
func cut(t testing.TB, c Config) string {
	t.Helper()
	c.Steps = 10
	d, _, l := newRun(t, c)
	l.Due = func(step int) bool { return step == 4 }
	stop := context.Canceled
	watch(l, func(e Event) error {
		if e.Step == 6 {
			return stop
		}
		return nil
	})
	if err := l.Run(context.Background()); err != stop {
		t.Fatal(err)
	}
	must(t, d.log.Close())
	return d.Path
}

// copyDir copies the files of a directory as they are on disk now.
func copyDir(t testing.TB, from, to string) {
	t.Helper()
	must(t, os.CopyFS(to, os.DirFS(from)))
}

// wantSameFiles says that two runs must agree in every byte of what they
// learned.
func wantSameFiles(t testing.TB, what, got, want string) {
	t.Helper()
	for _, name := range []string{modelFile, metricsFile, checkpointFile, vocabularyFile, cardFile, recordFile} {
		if a, b := read(t, got, name), read(t, want, name); string(a) != string(b) {
			t.Errorf("%s: %s differs from that of the run left alone: %d and %d bytes", what, name, len(a), len(b))
		}
	}
}

func listDir(t testing.TB, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
