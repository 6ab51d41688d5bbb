package wire

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestProblemSurvivesItsFolder(t *testing.T) {
	p := &Problem{Task: "recall", V: 2, R: 1, B: 2, Batches: 1, Full: true, Adam: Adam{0.01, 0.9, 0.999, 1e-8}}
	p.AddFloats("Q", []float32{1.5, -2}, 2, 1)
	p.AddInts("rows", []int32{0, -7}, 1, 2)
	dir := t.TempDir()
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("read %+v, want %+v", got, p)
	}
	if err := os.WriteFile(filepath.Join(dir, "Q.bin"), make([]byte, 7), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "Q.bin: 7 bytes, want 8") {
		t.Errorf("reading a short file: %v", err)
	}
}

// counter is a trainer whose loss is the number of the step; step 4 fails.
type counter struct{ n float64 }

func (c *counter) Step() (float64, error) {
	c.n++
	if c.n == 4 {
		return 0, errors.New("enough")
	}
	return c.n, nil
}

func (c *counter) Close() {}

func TestServe(t *testing.T) {
	started := 0
	c := Contestant{Name: "counter", Version: "1", Variants: []string{"a", "b"}, Start: func(v string) (Trainer, error) {
		if v != "a" {
			return nil, errors.New("only a")
		}
		started++
		return &counter{}, nil
	}}
	in := strings.NewReader(`{"variant":"a","losses":2}
{"variant":"a","losses":3}
{"variant":"a","run":1}
{"variant":"b","run":1}
{"variant":"a","run":2}
{"quit":true}
{"variant":"a","run":1}
`)
	var out strings.Builder
	if err := Serve(c, in, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{
		`{"ready":true,"name":"counter","version":"1","variants":["a","b"]}`,
		`{"losses":[1,2]}`,
		`{"losses":[1,2,3]}`, // anew
		`{"error":"enough"}`, // goes on where it stood
		`{"error":"only a"}`,
		`{"seconds":`,
		`{`,
	}
	if len(lines) != len(want) {
		t.Fatalf("%d answers, want %d:\n%s", len(lines), len(want), out.String())
	}
	for i, l := range lines {
		if !strings.HasPrefix(l, want[i]) {
			t.Errorf("answer %d is %s, want %s", i, l, want[i])
		}
	}
	if started != 3 {
		t.Errorf("started %d times, want 3", started)
	}
}
