package train

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qk/train/disk"
)

// TestCheckpointDamaged cuts the checkpoint short at many places, flips bits all
// over it and adds to it. Each time the error must name the file and say what to
// do, and nothing of it may be believed.
func TestCheckpointDamaged(t *testing.T) {
	path := cut(t, predict(ranked(1)))
	file := filepath.Join(path, checkpointFile)
	whole := read(t, file)
	refused := func(what string, content []byte, parts ...string) {
		t.Helper()
		write(t, file, content)
		c, err := loadCheckpoint(file)
		if err == nil {
			t.Errorf("%s: read without an error", what)
			return
		}
		wantError(t, err, append(parts, "checkpoint "+file)...)
		if c.Step != 0 || c.Weights != nil {
			t.Errorf("%s: %+v", what, c)
		}
	}
	for n := 0; n < len(whole); n += 1 + n/16 {
		refused("cut short", whole[:n], "train anew")
	}
	refused("one byte short", whole[:len(whole)-1], "cut short", "train anew")
	for i := 0; i < 8*len(whole); i += 61 {
		flipped := bytes.Clone(whole)
		flipped[i/8] ^= 1 << (i % 8)
		refused("bit flipped", flipped, "train anew")
	}
	refused("one byte more", append(bytes.Clone(whole), 0), "train anew")
	refused("another file", []byte("Dear diary, today I went by train.\n"), "not a sealed file", "train anew")

	_, payload, err := disk.Unseal(whole, checkpointVersion)
	must(t, err)
	refused("newer", seal(t, checkpointVersion+1, payload), "newer version", "resume it with the qk that wrote it")

	write(t, file, whole) // and it was not the test
	resume(t, path)
}

func seal(t testing.TB, version uint32, payload []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, disk.Seal(&b, version, payload))
	return b.Bytes()
}

// TestCheckpointContent seals payloads that are whole and hold something else
// than the state of this run.
func TestCheckpointContent(t *testing.T) {
	path := cut(t, predict(ranked(1)))
	file := filepath.Join(path, checkpointFile)
	_, payload, err := disk.Unseal(read(t, file), checkpointVersion)
	must(t, err)
	payload = bytes.Clone(payload)
	for _, test := range []struct {
		name   string
		change func(*disk.Tensors)
		want   string
	}{
		{"no metadata", func(x *disk.Tensors) { x.Metadata = nil }, "settings: "},
		{"settings of another kind", func(x *disk.Tensors) { x.Metadata["config"] = `{"rank":"one"}` }, "settings: "},
		{"no step", func(x *disk.Tensors) { delete(x.Metadata, "step") }, "invalid syntax"},
		{"a step that is none", func(x *disk.Tensors) { x.Metadata["step"] = "4.5" }, "invalid syntax"},
		{"a best that is none", func(x *disk.Tensors) { x.Metadata["best"] = "good" }, "invalid syntax"},
		{"another corpus", func(x *disk.Tensors) { x.Metadata["corpus_sha256"] = strings.Repeat("0123", 16) }, "belongs to another corpus"},
		{"other settings", func(x *disk.Tensors) {
			x.Metadata["config"] = strings.Replace(x.Metadata["config"], `"seed":1`, `"seed":2`, 1)
		}, "belongs to a run of other settings"},
		{"one matrix", func(x *disk.Tensors) { x.List = x.List[1:] }, "checkpoint of 0 matrices, expected 2"},
		{"a matrix too small", func(x *disk.Tensors) {
			x.List[1].Data, x.List[1].Shape = x.List[1].Data[:3], []int{3}
		}, "K has 3 numbers, expected 13"},
		{"one moment too few", func(x *disk.Tensors) { x.List = x.List[:len(x.List)-1] }, "solver state of 3 tensors, expected 4"},
		{"nothing changed", func(*disk.Tensors) {}, ""},
	} {
		tensors, err := disk.DecodeTensors(payload)
		must(t, err)
		test.change(&tensors)
		var content bytes.Buffer
		must(t, disk.EncodeTensors(&content, tensors))
		write(t, file, seal(t, checkpointVersion, content.Bytes()))
		d, err := OpenRun(path)
		must(t, err)
		e, err := d.Experiment()
		must(t, err)
		l, err := d.Resume(e)
		if test.want == "" {
			must(t, err)
			continue
		}
		wantError(t, err, test.want, "checkpoint "+file)
		if l != nil {
			t.Errorf("%s: there is a loop", test.name)
		}
	}
	write(t, file, seal(t, checkpointVersion, []byte("no tensors")))
	_, err = loadCheckpoint(file)
	wantError(t, err, "checkpoint "+file)
}

// TestCheckpointRoundTrip: every number comes back with all its bits, those of
// the convergence included.
func TestCheckpointRoundTrip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	c := checkpoint{
		Config: predict(func(c *Config) { c.LR, c.L2 = 0.1, 1.0/3 }), SHA256: "abc", Step: 12345, Best: 2.0 / 3, BestAt: 12000, Metrics: 1 << 40,
		Weights: [][]float64{{1.0 / 3, math.SmallestNonzeroFloat64, math.Copysign(0, -1)}, {math.MaxFloat64}},
		Solver:  SolverState{Steps: 12346, Moments: [][]float64{{math.Pi}, {}, {-1e-300}}},
	}
	must(t, c.save(file))
	got, err := loadCheckpoint(file)
	must(t, err)
	a, err := json.Marshal(c)
	must(t, err)
	b, err := json.Marshal(got)
	must(t, err)
	if string(a) != string(b) || got.Config != c.Config {
		t.Errorf("%s became %s", a, b)
	}
	for i := range c.Weights {
		if !sameBits(got.Weights[i], c.Weights[i]) {
			t.Errorf("weights %v became %v", c.Weights[i], got.Weights[i])
		}
	}
}

// TestModelChanged refuses a model that is not the one that was saved.
func TestModelChanged(t *testing.T) {
	path := finished(t, predict(steps(3)))
	file := filepath.Join(path, modelFile)
	whole := read(t, file)
	d, e, _ := reopen(t, path)
	for _, content := range [][]byte{nil, whole[:len(whole)-1], append(bytes.Clone(whole), 0), bytes.Replace(whole, []byte("W_Q"), []byte("W_R"), 1)} {
		write(t, file, content)
		_, _, err := d.Weights(e)
		wantError(t, err, "model "+file, "not the one that was saved", sumOf(content)[:12], sumOf(whole)[:12])
	}
	must(t, os.Remove(file))
	_, _, err := d.Weights(e)
	wantError(t, err, "model "+file)

	// A file that is no model of this size, with a sum that agrees.
	for _, content := range []string{"not tensors", "\x02\x00\x00\x00\x00\x00\x00\x00{}"} {
		write(t, file, []byte(content))
		d.Record.Files[modelFile] = sumOf([]byte(content))
		_, _, err = d.Weights(e)
		wantError(t, err, "model "+file)
	}
}

// TestRecordDamaged reads run.json files that are not what they should be.
func TestRecordDamaged(t *testing.T) {
	path := finished(t, predict(steps(3)))
	file := filepath.Join(path, recordFile)
	whole := string(read(t, file))
	for _, test := range []struct{ name, content, want string }{
		{"empty", "", "damaged"},
		{"cut short", whole[:len(whole)/2], "damaged"},
		{"no object", "[1, 2]", "damaged"},
		{"text", "hello", "damaged"},
		{"a number too large", strings.Replace(whole, `"seed": 1`, `"seed": 1e40`, 1), "damaged"},
		{"settings that are refused", strings.Replace(whole, `"solver": "adam"`, `"solver": "adamant"`, 1), "damaged: --solver adamant"},
		{"no settings", "{}", "damaged"},
		{"newer", strings.Replace(whole, `"format": 1`, `"format": 2`, 1), "format 2 is newer than this qk, which reads up to 1"},
	} {
		if test.content == whole {
			t.Fatalf("%s: nothing was changed", test.name)
		}
		write(t, file, []byte(test.content))
		for _, f := range []func() error{
			func() error { _, err := ReadRecord(path); return err },
			func() error { _, err := OpenRun(path); return err },
		} {
			wantError(t, f(), file, test.want)
		}
	}
	must(t, os.Remove(file))
	_, err := ReadRecord(path)
	wantError(t, err, path, recordFile, "`qk runs`")
	if !errors.Is(err, ErrNoRun) {
		t.Errorf("error %v", err)
	}
	if _, err := ReadRecord(filepath.Join(path, "nowhere")); !errors.Is(err, ErrNoRun) {
		t.Errorf("error %v", err)
	}
	must(t, os.Mkdir(file, 0o777))
	_, err = ReadRecord(path)
	wantError(t, err, file)
}
