package tensorboard

import (
	"context"
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

// diary is the built-in corpus of that name.
const diary = "open the train diary and look up when it went again\n" +
	"open the candle diary and look up when it went out again\n"

// following is a run that writes its event file while it is under way.
type following struct {
	t    testing.TB
	dir  *train.RunDir
	e    *train.Experiment
	loop *train.Loop
	live *Live
}

// begin makes a run of a text.
func begin(t testing.TB, c train.Config, content string) *following {
	t.Helper()
	c.Corpus = "-"
	must(t, c.Validate())
	e, err := train.NewExperiment(c, text.FromText("-", content))
	must(t, err)
	d, err := train.CreateRun(filepath.Join(t.TempDir(), "run"), e, birthday, [][]byte{[]byte(content)})
	must(t, err)
	l, err := e.Loop()
	must(t, err)
	return follow(t, d, e, l)
}

// resume goes on with a run, as another process would.
func resume(t testing.TB, path string) *following {
	t.Helper()
	d, err := train.OpenRun(path)
	must(t, err)
	e, err := d.Experiment()
	must(t, err)
	l, err := d.Resume(e)
	must(t, err)
	return follow(t, d, e, l)
}

func follow(t testing.TB, d *train.RunDir, e *train.Experiment, l *train.Loop) *following {
	t.Helper()
	must(t, d.Attach(l, still))
	lines, err := e.Ladder()
	must(t, err)
	f := &following{t, d, e, l, Follow(d, l, lines)}
	t.Cleanup(func() { _ = f.live.Close() }) // again, where a test has not come that far
	return f
}

// finish trains to the end and returns the event file.
func (f *following) finish() []byte {
	f.t.Helper()
	must(f.t, f.loop.Run(context.Background()))
	must(f.t, f.live.Close())
	w, steps := f.loop.Result()
	loss, err := f.e.Loss(w)
	must(f.t, err)
	o, err := f.e.Judge(w, w, loss.Data)
	must(f.t, err)
	must(f.t, f.dir.Finish(f.loop, train.NewDocument(f.e, o, steps, f.loop.Reason, 1.5)))
	return f.encode()
}

// encode makes the event file from the log.
func (f *following) encode() []byte {
	f.t.Helper()
	r := Run{Record: f.dir.Record}
	var err error
	r.Lines, err = f.e.Ladder()
	must(f.t, err)
	if r.Record.Result != nil {
		r.Images = []Image{{Tag: "masks/learned", Title: "learned mask", Description: "one row", Width: 3, Height: 2, PNG: []byte("not looked into")}}
	}
	metrics, err := train.ReadMetrics(f.dir.Path)
	must(f.t, err)
	file, err := Encode(r, metrics)
	must(f.t, err)
	return file
}

func (f *following) file() string { return filepath.Join(f.dir.Path, FileName(f.dir.Record)) }

func predict(change ...func(*train.Config)) train.Config {
	c := train.DefaultConfig(graph.Predict)
	for _, f := range change {
		f(&c)
	}
	return c
}
