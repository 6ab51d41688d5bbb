package export

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"time"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

var birthday = time.Date(2024, 2, 29, 12, 30, 15, 0, time.UTC)

func still() time.Time { return birthday }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// begun makes the folder of a run of a text, and its loop at the first step.
func begun(t testing.TB, c train.Config, content string) (*train.RunDir, *train.Experiment, *train.Loop) {
	t.Helper()
	c.Corpus = "-"
	must(t, c.Validate())
	e, err := train.NewExperiment(c, text.FromText("-", content))
	must(t, err)
	d, err := train.CreateRun(filepath.Join(t.TempDir(), "run"), e, birthday, [][]byte{[]byte(content)})
	must(t, err)
	l, err := e.Loop()
	must(t, err)
	must(t, d.Attach(l, still))
	return d, e, l
}

// finished trains a run of a text to its end and reads it back.
func finished(t testing.TB, c train.Config, content string) *Run {
	t.Helper()
	d, e, l := begun(t, c, content)
	must(t, l.Run(context.Background()))
	w, steps := l.Result()
	loss, err := e.Loss(w)
	must(t, err)
	o, err := e.Judge(w, w, loss.Data)
	must(t, err)
	must(t, d.Finish(l, train.NewDocument(e, o, steps, l.Reason, 1.2)))
	r, err := Load(d.Path)
	must(t, err)
	return r
}

// diary is the built-in corpus of that name.
const diary = "open the train diary and look up when it went again\n" +
	"open the candle diary and look up when it went out again\n"

func config(task graph.Task, change ...func(*train.Config)) train.Config {
	c := train.DefaultConfig(task)
	for _, f := range change {
		f(&c)
	}
	return c
}

func steps(n int) func(*train.Config) { return func(c *train.Config) { c.Steps = n } }

// written returns what a function writes, twice, as it must be the same.
func written(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var first, second bytes.Buffer
	must(t, write(&first))
	must(t, write(&second))
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("written again it has other bytes")
	}
	return first.Bytes()
}

var errFull = errors.New("no room")

// room is a writer that fails after so many bytes.
type room struct{ left int }

func (r *room) Write(p []byte) (int, error) {
	if len(p) > r.left {
		return 0, errFull
	}
	r.left -= len(p)
	return len(p), nil
}

// wantFull says that a function must return the error of its writer wherever it
// fails.
func wantFull(t *testing.T, size int, write func(io.Writer) error) {
	t.Helper()
	for left := 0; left < size; left += 1 + size/20 {
		if err := write(&room{left}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", left, size, err)
		}
	}
}
