package train

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qk/train/disk"
)

// The inputs here are long, and Go's fuzzing may spend a minute on shortening
// one that is of interest: fuzz with -fuzzminimizetime 10x.

// FuzzLoadCheckpoint reads any bytes as the payload of a checkpoint, whose seal
// is in order. Whatever they are, it must neither panic nor put anything into
// the loop that does not fit.
func FuzzLoadCheckpoint(f *testing.F) {
	e := count(f, predict(ranked(1), steps(3)), "a b c\na d e\n")
	l := loop(f, e)
	dir := f.TempDir()
	file := filepath.Join(dir, checkpointFile)
	must(f, take(l, e.Corpus.SHA256, 0).save(file))
	_, payload, err := disk.Unseal(read(f, file), checkpointVersion)
	must(f, err)
	f.Add(payload)
	f.Add(payload[:len(payload)-8])
	f.Add([]byte(strings.Replace(string(payload), `"step":"0"`, `"step":"9"`, 1)))
	f.Add([]byte(strings.Replace(string(payload), "weights.1", "weights.2", 1)))
	f.Add([]byte{})
	first := take(l, e.Corpus.SHA256, 0)
	f.Fuzz(func(t *testing.T, payload []byte) {
		tensors, err := disk.DecodeTensors(payload)
		if err != nil {
			return
		}
		var c checkpoint
		if err := c.decode(tensors); err != nil {
			return
		}
		must(t, first.restore(l))
		if err := c.restore(l); err != nil {
			if l.Step != 0 || !sameBits(l.Model.Weights.Q, first.Weights[0]) || l.Solver.State().Steps != 0 {
				t.Errorf("refused with %v, and something was changed", err)
			}
			return
		}
		again := take(l, c.SHA256, c.Metrics)
		if again.Step != c.Step || again.Solver.Steps != c.Solver.Steps || again.BestAt != c.BestAt {
			t.Errorf("%+v became %+v", c, again)
		}
		for i := range c.Weights {
			if !sameBits(again.Weights[i], c.Weights[i]) {
				t.Errorf("%v became %v", c.Weights[i], again.Weights[i])
			}
		}
	})
}

// FuzzReadRecord reads any bytes as a run.json. What is accepted can be written
// and read again, and its settings are the same.
func FuzzReadRecord(f *testing.F) {
	dir := filepath.Join(f.TempDir(), "run")
	e := count(f, predict(ranked(1), steps(3)), "")
	must(f, os.Mkdir(dir, 0o777))
	r := newRecord("run", birthday, e)
	r.Result = NewDocument(e, judge(f, e, make([]float64, 13*13), 1), 3, "why", 1)
	r.Files = map[string]string{modelFile: "00"}
	must(f, r.write(dir))
	whole := string(read(f, dir, recordFile))
	f.Add([]byte(whole))
	f.Add([]byte(whole[:len(whole)/3]))
	f.Add([]byte(strings.Replace(whole, `"format": 1`, `"format": 9`, 1)))
	f.Add([]byte(strings.Replace(whole, `"rank": 1`, `"rank": 1e99`, 1)))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, recordFile), content)
		r, err := ReadRecord(dir)
		if err != nil {
			if r != nil {
				t.Errorf("a record beside the error %v", err)
			}
			return
		}
		must(t, r.write(dir))
		again, err := ReadRecord(dir)
		must(t, err)
		if again.Config != r.Config || again.Status != r.Status || again.Data != r.Data {
			t.Errorf("%+v became %+v", r, again)
		}
		d, err := OpenRun(dir)
		must(t, err)
		if d.Record.CorpusPath == "" && isBuiltIn(string(d.Record.Config.Corpus)) {
			if e, err := d.Experiment(); err == nil { // the text is the run's: the weights may not be
				_, _, _ = d.Weights(e)
			}
		}
	})
}
