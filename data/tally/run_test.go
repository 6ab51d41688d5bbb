package tally

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qk/data/table"
)

// memoryFile is a temporary file in memory.
type memoryFile struct{ b []byte }

func (m *memoryFile) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(m.b).ReadAt(p, at)
}
func (m *memoryFile) Close() error { return nil }
func (m *memoryFile) WriteAt(p []byte, at int64) (int, error) {
	if at != int64(len(m.b)) {
		return 0, errors.New("written elsewhere than at the end")
	}
	m.b = append(m.b, p...)
	return len(p), nil
}

func inMemory() temporary {
	return temporary{open: func(string) (spillFile, string, error) { return &memoryFile{}, "", nil }}
}

// someItems draws rows in ascending order, with large steps and small ones.
func someItems(t *rapid.T, keys int) []item {
	items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) item {
		number := rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32Range(0, math.MaxInt32))
		x := item{high: uint64(number.Draw(t, "w")), low: number.Draw(t, "u"), n: rapid.Int64Range(1, 3).Draw(t, "n")}
		if keys == 3 {
			x.high = x.high<<32 | uint64(number.Draw(t, "y"))
		}
		if rapid.IntRange(0, 9).Draw(t, "many") == 0 {
			x.n = rapid.Int64Range(1, math.MaxInt64/8).Draw(t, "n")
		}
		return x
	}), 0, 40).Draw(t, "items")
	slices.SortFunc(items, func(a, b item) int {
		if a.less(&b) {
			return -1
		}
		return 1
	})
	return slices.CompactFunc(items, func(a, b item) bool { return a.high == b.high && a.low == b.low })
}

// writeRun writes rows as a run.
func writeRun(t *rapid.T, name table.Name, items []item, size int) *run {
	f, err := inMemory().create("rows")
	if err != nil {
		t.Fatal(err)
	}
	r := &run{file: f, frames: map[table.Name][]frame{}, rows: map[table.Name]int64{}}
	var o output
	for _, x := range items {
		o.of(name).add(x, len(name.Keys()))
	}
	encode(&o, func(table.Name) bool { return true }, size)
	if err := r.write(&o); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRunsProperty writes runs and merges them, and wants the sums that a map gives.
func TestRunsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(allTables).Draw(t, "table")
		keys := len(name.Keys())
		m := &merger{workers: make([]mergeWorker, 2), outputs: []*output{{}, {}, {}}, job: rapid.IntRange(1, 4).Draw(t, "job"), finish: func(*output) {}}
		sum := map[[2]uint64]int64{}
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			items := someItems(t, keys)
			m.runs = append(m.runs, writeRun(t, name, items, rapid.SampledFrom([]int{1, 20, 1000}).Draw(t, "frame")))
			for _, x := range items {
				sum[[2]uint64{x.high, uint64(x.low)}] += x.n
			}
		}
		var got []item
		m.deliver = func(o *output) error {
			for i := range o.of(name).n {
				got = append(got, o.of(name).item(i, keys))
			}
			return nil
		}
		if err := m.tables(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(sum) {
			t.Fatalf("%d rows, want %d", len(got), len(sum))
		}
		for i, x := range got {
			if i > 0 && !got[i-1].less(&x) {
				t.Errorf("row %v after %v", x, got[i-1])
			}
			if n := sum[[2]uint64{x.high, uint64(x.low)}]; n != x.n {
				t.Errorf("row %v, want the count %d", x, n)
			}
		}
	})
}

func TestMergeOverflow(t *testing.T) {
	a := []item{{1, 2, math.MaxInt64 - 5}}
	if sum, err := mergeTwo(nil, a, []item{{1, 2, 5}}); err != nil || sum[0].n != math.MaxInt64 {
		t.Errorf("got %v, %v, want the largest number", sum, err)
	}
	if sum, err := mergeTwo(nil, a, []item{{1, 2, 6}}); err != errOverflow {
		t.Errorf("got %v, %v, want %v", sum, err, errOverflow)
	}
}

// FuzzFrame reads frames whose checksum is right and whose contents may be anything:
// rows, or an error.
func FuzzFrame(f *testing.F) {
	f.Add([]byte{}, 0)
	f.Add([]byte{0}, 1)
	f.Add([]byte{7, 3, 6, 0, 3, 9}, 3)
	f.Add(bytes.Repeat([]byte{0xff}, 30), 2)
	f.Fuzz(func(t *testing.T, contents []byte, rows int) {
		file, err := inMemory().create("rows")
		if err != nil {
			t.Fatal(err)
		}
		at, err := file.write(contents)
		if err != nil {
			t.Fatal(err)
		}
		r := run{file: file}
		rows = min(max(rows, 0), 1000)
		items, _, err := r.read(frame{at: at, length: len(contents), rows: rows}, nil, nil, nil, nil)
		if err == nil && len(items) != rows {
			t.Errorf("%d rows, want %d", len(items), rows)
		}
	})
}
