package train

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"qk/train/disk"
)

// TestRunDirFiles makes, finishes and reads back a run.
func TestRunDirFiles(t *testing.T) {
	c := predict(ranked(3), func(c *Config) { c.L2 = 1e-3 })
	d, e, l := newRun(t, c)
	r, err := ReadRecord(d.Path)
	must(t, err)
	if r.Status != Running || r.Result != nil || r.Files != nil || !r.Created.Equal(birthday.Truncate(time.Millisecond)) || r.Name != "run" {
		t.Errorf("record of a new run: %+v", r)
	}
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)

	want := []string{cardFile, checkpointFile, metricsFile, modelFile, recordFile, vocabularyFile}
	if got := listDir(t, d.Path); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	r, err = ReadRecord(d.Path)
	must(t, err)
	if r.Status != Done || r.Error != "" || r.Config != e.Config || r.Data != e.Summary() || r.Format != recordFormat {
		t.Errorf("record: %+v", r)
	}
	if r.Files[modelFile] != sumOf(read(t, d.Path, modelFile)) {
		t.Error("the sum of the model is not that of the file")
	}
	if r.Machine != (Machine{runtime.GOOS, runtime.GOARCH, runtime.NumCPU()}) || r.Versions["go"] != runtime.Version() {
		t.Errorf("machine %+v, versions %v", r.Machine, r.Versions)
	}
	a, err := json.Marshal(r.Result)
	must(t, err)
	b, err := json.Marshal(document(t, e, l))
	must(t, err)
	if !bytes.Equal(a, b) {
		t.Errorf("result %s, want %s", a, b)
	}
	var words []string
	must(t, json.Unmarshal(read(t, d.Path, vocabularyFile), &words))
	if !slices.Equal(words, e.Corpus.Vocab.All()) {
		t.Errorf("vocabulary %q", words)
	}
	wantText(t, "the card", string(read(t, d.Path, cardFile)), "# run\n", "PASS: every check passed.", "`diary`", "rank 3", "2024-02-29 12:30:15 UTC",
		"| rows recovered | 1 | at least 1 | passed |", "both [13,3], float64")
}

// TestRunDirModel reads the weights back: from the model of a finished run,
// from the checkpoint of another, with names and shapes that other programs find.
func TestRunDirModel(t *testing.T) {
	d, e, l := newRun(t, predict(ranked(3), steps(7)))
	must(t, l.Run(context.Background()))
	finish(t, d, e, l)
	tensors, err := disk.DecodeTensors(read(t, d.Path, modelFile))
	must(t, err)
	for name, want := range map[string][]float64{"W_Q": l.Model.Weights.Q, "W_K": l.Model.Weights.K} {
		x, ok := tensors.Lookup(name)
		if !ok || !slices.Equal(x.Shape, []int{13, 3}) || !sameBits(x.Data, want) {
			t.Errorf("%s: %v, shape %v", name, ok, x.Shape)
		}
	}
	opened, err := OpenRun(d.Path)
	must(t, err)
	w, n, err := opened.Weights(e)
	must(t, err)
	if n != 7 || !sameBits(w.Q, l.Model.Weights.Q) || !sameBits(w.K, l.Model.Weights.K) {
		t.Errorf("weights after %d steps, want 7", n)
	}

	opened, err = OpenRun(cut(t, predict(ranked(3))))
	must(t, err)
	e, err = opened.Experiment()
	must(t, err)
	w, n, err = opened.Weights(e)
	must(t, err)
	four := loop(t, count(t, predict(ranked(3), steps(10)), ""))
	watch(four, func(e Event) error {
		if e.Step == 4 {
			return errors.New("stop")
		}
		return nil
	})
	_ = four.Run(context.Background())
	if n != 4 || !sameBits(w.Q, four.Model.Weights.Q) || !sameBits(w.K, four.Model.Weights.K) {
		t.Errorf("weights after %d steps, want 4", n)
	}
}

// TestRunDirForms: scaled and one-hot models come back with their scores.
func TestRunDirForms(t *testing.T) {
	for _, c := range []Config{
		predict(steps(3), func(c *Config) { c.Scaled = true }),
		predict(steps(3), func(c *Config) { c.OneHot = true }),
	} {
		d, e, l := newRun(t, c)
		must(t, l.Run(context.Background()))
		finish(t, d, e, l)
		w, _, err := d.Weights(e)
		must(t, err)
		s, err := w.Scores()
		must(t, err)
		if !sameBits(s, scores(t, l)) {
			t.Error("the scores differ")
		}
		tensors, err := disk.DecodeTensors(read(t, d.Path, modelFile))
		must(t, err)
		if scaled := strings.Contains(tensors.Metadata["scores"], "√R"); scaled != c.Scaled {
			t.Errorf("scaled is %v: %q", c.Scaled, tensors.Metadata["scores"])
		}
	}
}

// TestCreateRunRefuses a directory that exists, whatever it is.
func TestCreateRunRefuses(t *testing.T) {
	e, base := count(t, predict(), ""), t.TempDir()
	must(t, os.Mkdir(filepath.Join(base, "empty"), 0o777))
	write(t, filepath.Join(base, "file"), []byte("text"))
	for _, name := range []string{"empty", "file"} {
		path := filepath.Join(base, name)
		_, err := CreateRun(path, e, birthday, nil)
		wantError(t, err, "run directory "+path+" exists", "--out", "--resume "+path)
	}
	if got := listDir(t, filepath.Join(base, "empty")); len(got) > 0 {
		t.Errorf("the refused directory holds %q", got)
	}
	_, err := CreateRun(filepath.Join(base, "file", "run"), e, birthday, nil)
	wantError(t, err, "run directory "+filepath.Join(base, "file", "run"))
	d, err := CreateRun(filepath.Join(base, "a", "b", "c"), e, birthday, nil) // folders above are made
	must(t, err)
	must(t, d.log.Close())
}

// TestMetrics: the log has a line for every step, or for about a thousand of
// them, and the last step in any case.
func TestMetrics(t *testing.T) {
	for _, test := range []struct {
		steps int
		want  []int // the last of the logged steps
		n     int
	}{
		{3, []int{0, 1, 2, 3}, 4},
		{2001, []int{1995, 1998, 2001}, 668}, // 2001/1000, rounded up: every third
		{2002, []int{1998, 2001, 2002}, 669},
	} {
		c := predict(steps(test.steps), ranked(1), func(c *Config) { c.Context, c.GradTol, c.Patience = 1, 0, 0 })
		d, _, l := newRunAt(t, filepath.Join(t.TempDir(), "run"), c, "a b\n")
		events := watch(l, nil)
		must(t, l.Run(context.Background()))
		logged := strings.Split(strings.TrimSuffix(string(read(t, d.Path, metricsFile)), "\n"), "\n")
		if len(logged) != test.n {
			t.Errorf("%d lines, want %d", len(logged), test.n)
		}
		for i, step := range test.want {
			var got Metric
			must(t, json.Unmarshal([]byte(logged[len(logged)-len(test.want)+i]), &got))
			ev := (*events)[step]
			if want := (Metric{step, ev.Loss.Data, ev.Loss.Penalty, ev.GradNorm, ev.Rate, nil}); got != want {
				t.Errorf("line %+v, want %+v", got, want)
			}
		}
		must(t, d.log.Close())
	}
}
