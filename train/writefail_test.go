package train

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestWriteFailsInMidRun takes the directory away under a run while it saves its
// state. The run ends with an error that names the file, and what was saved
// before can be gone on from once the directory is back.
func TestWriteFailsInMidRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a directory with an open file cannot be renamed on this system")
	}
	alone := finished(t, predict(steps(10)))
	for at := 1; at <= 9; at++ {
		d, _, l := newRun(t, predict(steps(10)))
		away := d.Path + " away"
		l.Due = func(int) bool { return true }
		watch(l, func(e Event) error {
			if e.Step == at {
				return os.Rename(d.Path, away)
			}
			return nil
		})
		err := l.Run(context.Background())
		wantError(t, err, filepath.Join(d.Path, checkpointFile))
		wantError(t, d.Abort(l, err), d.Path) // nothing can be saved
		must(t, os.Rename(away, d.Path))

		_, _, resumed := reopen(t, d.Path)
		if resumed.Step != at {
			t.Errorf("the state is that after step %d, want %d", resumed.Step, at)
		}
		resume(t, d.Path)
		wantSameFiles(t, "directory away for a while", d.Path, alone)
	}
}

// TestLogFailsInMidRun closes the log under a run, so that its next line cannot
// be written.
func TestLogFailsInMidRun(t *testing.T) {
	alone := finished(t, predict(steps(10)))
	d, _, l := newRun(t, predict(steps(10)))
	l.Due = func(step int) bool { return step == 3 }
	watch(l, func(e Event) error {
		if e.Step == 5 {
			return d.log.Close()
		}
		return nil
	})
	err := l.Run(context.Background())
	wantError(t, err, "write "+filepath.Join(d.Path, metricsFile))
	if l.Step != 6 {
		t.Errorf("ended at step %d, want 6", l.Step)
	}
	wantError(t, d.Abort(l, err), metricsFile)
	_, _, resumed := reopen(t, d.Path)
	if resumed.Step != 3 {
		t.Errorf("the state is that after step %d, want 3", resumed.Step)
	}
	resume(t, d.Path)
	wantSameFiles(t, "log closed", d.Path, alone)
}

// TestFinishFails puts a directory in the place of each file that Finish writes.
// The state stays loadable, and the run can be finished once the way is clear.
func TestFinishFails(t *testing.T) {
	alone := finished(t, predict(steps(3)))
	for _, name := range []string{modelFile, cardFile} {
		d, e, l := newRun(t, predict(steps(3)))
		must(t, l.Run(context.Background()))
		file := filepath.Join(d.Path, name)
		must(t, os.Mkdir(file, 0o777))
		wantError(t, d.Finish(l, document(t, e, l)), file, "not a regular file")
		must(t, os.Remove(file))
		resume(t, d.Path)
		wantSameFiles(t, name+" was in the way", d.Path, alone)
	}
}

// TestAttachFails has lost its directory.
func TestAttachFails(t *testing.T) {
	d, _, l := newRun(t, predict(steps(3)))
	must(t, d.log.Close())
	must(t, os.RemoveAll(d.Path))
	wantError(t, d.Attach(l, still), d.Path)
}
