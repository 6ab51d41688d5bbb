package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"qk/train"
)

// eventFile returns the event file of a run, of which there must be one.
func eventFile(t testing.TB, run string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(run, "events.out.tfevents.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("event files of %s: %q, %v", run, files, err)
	}
	return files[0]
}

// interruptedAt trains a run with a clock that runs ahead, and interrupts it when that
// has been looked at so many times.
func interruptedAt(t *testing.T, looks int, args ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clock := hurriedClock()
	s := session{ctx: ctx, now: func() time.Time {
		if looks--; looks == 0 {
			cancel()
		}
		return clock()
	}}
	wantCode(t, s.run(args...), exitInterrupted)
}

// TestEventsAreTheSame wants one and the same file of a run that writes it under way,
// of one that was interrupted and resumed, and of the log.
func TestEventsAreTheSame(t *testing.T) {
	t.Chdir(t.TempDir())
	qk(t, "train", "-q", "--tensorboard", "--out", "runs/live", "--steps", "200")
	file := eventFile(t, "runs/live")
	live := read(t, file)
	must(t, os.Remove(file))
	for range 2 { // the second time it is there
		qk(t, "export", "--tensorboard", "live")
		if string(read(t, file)) != string(live) {
			t.Error("the file from the log is not that of the run")
		}
	}

	interruptedAt(t, 60, "train", "-q", "--tensorboard", "--out", "runs/cut", "--steps", "200")
	before := read(t, eventFile(t, "runs/cut"))
	qk(t, "export", "--tensorboard", "cut")
	qk(t, "train", "-q", "--tensorboard", "--resume", "cut")
	resumed := read(t, eventFile(t, "runs/cut"))
	if !strings.HasPrefix(string(resumed), string(before)) {
		t.Error("resumed, the file was not continued")
	}
	must(t, os.Remove(eventFile(t, "runs/cut")))
	qk(t, "export", "--tensorboard", "cut")
	if string(read(t, eventFile(t, "runs/cut"))) != string(resumed) {
		t.Error("the file from the log is not that of the run that was resumed")
	}
}

// TestEventsWithoutText leaves out what needs the text when it has gone.
func TestEventsWithoutText(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "text.txt", []byte("a b c\nb c a\n"))
	if r := (session{}).run("train", "-q", "--out", "runs/done", "--corpus", "text.txt"); r.code > exitCheckFailed {
		t.Fatalf("%+v", r)
	}
	must(t, os.Remove("text.txt"))
	r := session{}.run("export", "--tensorboard")
	wantCode(t, r, exitOK)
	wantText(t, "standard error", r.stderr, "the event file has no images", "text.txt")
	if content := string(read(t, eventFile(t, "runs/done"))); strings.Contains(content, "masks/") || !strings.Contains(content, "verdict/text_summary") {
		t.Error("images, or no verdict")
	}
}

// TestEventsFail has a folder in the place of the event file: the run must come to its
// end all the same, and say so.
func TestEventsFail(t *testing.T) {
	t.Chdir(t.TempDir())
	interruptedAt(t, 60, "train", "-q", "--tensorboard", "--out", "runs/a", "--steps", "200")
	file := eventFile(t, "runs/a")
	must(t, os.Remove(file))
	must(t, os.Mkdir(file, 0o777))
	r := session{}.run("train", "-q", "--tensorboard", "--resume", "a")
	wantCode(t, r, exitOK)
	wantText(t, "standard error", r.stderr, "qk: warning: ", file, "`qk export --tensorboard runs/a`")
	wantRefusal(t, session{}.run("export", "--tensorboard", "a"), file)
	record, err := train.ReadRecord("runs/a")
	must(t, err)
	if record.Status != train.Done {
		t.Errorf("the run is %s", record.Status)
	}
}

// TestTensorBoardReadsEvents has TensorBoard read the event files of several runs, and
// compares every number with the logs and records.
func TestTensorBoardReadsEvents(t *testing.T) {
	wantPython(t, "numpy", "tensorboard")
	program, err := filepath.Abs(filepath.Join("testdata", "events.py"))
	must(t, err)
	t.Chdir(t.TempDir())
	write(t, "text.txt", tokenText())
	for name, args := range map[string][]string{
		"diary":      {},
		"grid/one":   {"--seed", "2", "--rank", "1", "--l2", "0"},
		"grid/two":   {"--null=false", "--corpus", "candle", "--one-hot", "--steps", "300"},
		"recall":     {"--task", "recall", "--corpus", "coat"},
		"heldout":    {"--corpus", "text.txt", "--max-vocab", "50", "--holdout", "0.2", "--steps", "30", "--batch", "64"},
		"many steps": {"--steps", "2500", "--patience", "0"},
	} {
		if r := (session{}).run(append([]string{"train", "-q", "--tensorboard", "--out", "runs/" + name}, args...)...); r.code > exitCheckFailed {
			t.Fatalf("%+v", r)
		}
	}
	interruptedAt(t, 60, "train", "-q", "--out", "runs/cut", "--steps", "200")
	qk(t, "export", "--tensorboard", "runs/cut")
	compared, err := strconv.Atoi(strings.TrimSpace(python(t, program, "runs")))
	if err != nil || compared < 10000 {
		t.Errorf("%d numbers were compared, %v", compared, err)
	}
	t.Log(compared, "numbers are equal")
}
