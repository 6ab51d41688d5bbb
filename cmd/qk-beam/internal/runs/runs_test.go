package runs

import (
	"bytes"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
)

// row is a row of a run.
type row struct {
	key uint64
	n   int64
}

// encode makes a run of rows in ascending order.
func encode(t interface{ Fatal(...any) }, rows []row) []byte {
	var run []byte
	var e Encoder
	for _, r := range rows {
		var err error
		if run, err = e.Append(run, r.key, r.n); err != nil {
			t.Fatal(err)
		}
	}
	if e.Rows != int64(len(rows)) {
		t.Fatal("the encoder has counted ", e.Rows, " rows of ", len(rows))
	}
	return run
}

// decode returns the rows of a run up to the first error.
func decode(run []byte) (rows []row, err error) {
	d := NewDecoder(bytes.NewReader(run))
	for {
		if err := d.Next(); err != nil {
			if err == io.EOF {
				err = nil
			}
			return rows, err
		}
		rows = append(rows, row{d.Key, d.N})
	}
}

// drawRows draws rows in ascending order, from few keys or from all.
func drawRows(t *rapid.T, label string) []row {
	keys := rapid.SampledFrom([]*rapid.Generator[uint64]{rapid.Uint64Max(12), rapid.Uint64Max(1<<keyBits - 1)}).Draw(t, "keys")
	counts := rapid.MapOf(keys, rapid.Int64Range(1, 1<<40)).Draw(t, label)
	var rows []row
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		rows = append(rows, row{key, counts[key]})
	}
	return rows
}

// TestRunBytes: the bytes are those of the format, worked out by hand.
func TestRunBytes(t *testing.T) {
	got := encode(t, []row{{0, 1}, {1, 1}, {3, 2}, {4, 130}, {104, 1}})
	// Distances 0, 0, 1, 0, 99, doubled; 2−2 and 130−2 = 0x80 as a varint.
	want := []byte{0, 0, 2 | 1, 0, 1, 0x80, 1, 0x80 | 198&0x7f, 198 >> 7}
	if !bytes.Equal(got, want) {
		t.Errorf("the run is % x, want % x", got, want)
	}
}

func TestRunRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, "rows")
		got, err := decode(encode(t, rows))
		if err != nil || !slices.Equal(got, rows) {
			t.Fatalf("%v comes back as %v, %v", rows, got, err)
		}
	})
	rows := []row{{0, math.MaxInt64}, {1<<keyBits - 1, math.MaxInt64}}
	if got, err := decode(encode(t, rows)); err != nil || !slices.Equal(got, rows) {
		t.Errorf("%v comes back as %v, %v", rows, got, err)
	}
}

func TestEncoderRefuses(t *testing.T) {
	for _, rows := range [][]row{{{3, 1}, {3, 1}}, {{3, 1}, {2, 1}}, {{1 << keyBits, 1}}, {{1, 0}}, {{1, -1}}} {
		var e Encoder
		var err error
		for _, r := range rows {
			_, err = e.Append(nil, r.key, r.n)
		}
		if err == nil {
			t.Errorf("%v is encoded", rows)
		}
	}
}

func TestDecoderRefuses(t *testing.T) {
	for name, run := range map[string]string{
		"half a distance":          "\x80",
		"no count":                 "\x01",
		"half a count":             "\x01\x80",
		"a varint of 65 bits":      strings.Repeat("\xff", 9) + "\x02",
		"a varint of 11 bytes":     strings.Repeat("\x80", 10) + "\x00",
		"a count of 2^63":          "\x01" + strings.Repeat("\xfe", 1) + strings.Repeat("\xff", 7) + "\x7f",
		"a key of 2^63, by adding": strings.Repeat("\xfe"+strings.Repeat("\xff", 8)+"\x01", 1) + "\x00",
	} {
		if rows, err := decode([]byte(run)); err == nil {
			t.Errorf("%s gives %v", name, rows)
		}
	}
}

// FuzzDecoder: bytes of any kind give an error or ascending rows, which are the same
// after they have been encoded anew.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 3, 0, 1, 0x80, 1, 0xc6, 1})
	f.Add([]byte(strings.Repeat("\xff", 9) + "\x01\x00"))
	f.Fuzz(func(t *testing.T, run []byte) {
		rows, err := decode(run)
		again, failed := decode(encode(t, rows))
		if failed != nil || !slices.Equal(again, rows) {
			t.Errorf("% x gives %v, %v; once more %v, %v", run, rows, err, again, failed)
		}
	})
}

// TestMerge: the sums are those of a map.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts [][]byte
		sums := map[uint64]int64{}
		for range rapid.IntRange(0, 9).Draw(t, "runs") {
			rows := drawRows(t, "run")
			parts = append(parts, encode(t, rows))
			for _, r := range rows {
				sums[r.key] += r.n
			}
		}
		var got, want []row
		for _, key := range slices.Sorted(maps.Keys(sums)) {
			want = append(want, row{key, sums[key]})
		}
		if err := Merge(parts, func(key uint64, n int64) error { got = append(got, row{key, n}); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the sum is %v, want %v", got, want)
		}
	})
}

func TestMergeErrors(t *testing.T) {
	all := func(uint64, int64) error { return nil }
	large, one := encode(t, []row{{7, math.MaxInt64}}), encode(t, []row{{7, 1}})
	if err := Merge([][]byte{large}, all); err != nil {
		t.Errorf("2^63−1 gives %v", err)
	}
	if err := Merge([][]byte{one, large}, all); err != errOverflow {
		t.Errorf("2^63 gives %v", err)
	}
	for _, bad := range []string{"\x80", "\x00\x80"} {
		if err := Merge([][]byte{one, []byte(bad)}, all); err != errDamaged {
			t.Errorf("a damaged run gives %v", err)
		}
	}
	if err := Merge([][]byte{one}, func(uint64, int64) error { return io.ErrShortWrite }); err != io.ErrShortWrite {
		t.Errorf("an error of visit comes back as %v", err)
	}
}

// TestLayout: rows of three words come back, and keep their order, in every range.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		V := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(1, math.MaxInt32)).Draw(t, "V")
		ranges := rapid.OneOf(rapid.IntRange(1, 8), rapid.IntRange(1, 1<<16)).Draw(t, "ranges")
		l := NewLayout(V, ranges)
		if V < 1<<20 && (l.Ranges() > ranges || l.Ranges() < min(V, ranges)/2) {
			t.Fatalf("V = %d is cut into %d ranges, not about %d", V, l.Ranges(), ranges)
		}
		word := rapid.Custom(func(t *rapid.T) data.Word { return data.Word(rapid.IntRange(0, V-1).Draw(t, "word")) })
		rows := rapid.SliceOfN(rapid.SliceOfN(word, 3, 3), 2, 2).Draw(t, "rows")
		type place struct {
			r   int
			key uint64
		}
		var places []place
		for _, r := range rows {
			for columns := 1; columns <= 3; columns++ {
				p := place{l.Range(r[0]), l.Pack(r[0], r[1:columns]...)}
				back := make([]int32, columns)
				if p.r < 0 || p.r >= l.Ranges() || p.key>>keyBits != 0 || !l.Unpack(p.r, p.key, back) {
					t.Fatalf("%v is packed as %v in %+v", r, p, l)
				}
				for i := range back {
					if data.Word(back[i]) != r[i] {
						t.Fatalf("%v comes back as %v", r, back)
					}
				}
				if columns == 3 {
					places = append(places, p)
				}
			}
		}
		a, b := places[0], places[1]
		order := slices.Compare(rows[0], rows[1])
		if got := slices.Compare([]uint64{uint64(a.r), a.key}, []uint64{uint64(b.r), b.key}); got != order {
			t.Fatalf("%v and %v are in the order %d, their keys %v and %v in %d", rows[0], rows[1], order, a, b, got)
		}
	})
}

func TestUnpackRefuses(t *testing.T) {
	l := NewLayout(5, 2) // words of 3 bits, 4 of them a range
	for _, c := range []struct {
		r       int
		key     uint64
		columns int
		want    bool
	}{
		{0, 3, 1, true}, {0, 4, 1, false}, {1, 0, 1, true}, {1, 1, 1, false}, {2, 0, 1, false},
		{1, 4, 2, true}, {1, 5, 2, false}, {0, 3<<6 | 4<<3 | 4, 3, true}, {0, 3<<6 | 5<<3 | 4, 3, false}, {0, 4<<6 | 4<<3 | 4, 3, false},
	} {
		if l.Unpack(c.r, c.key, make([]int32, c.columns)) != c.want {
			t.Errorf("range %d, key %d, %d columns: accepted %t", c.r, c.key, c.columns, !c.want)
		}
	}
}

// TestPartial: the runs hold what a map counts, range by range, and a flush begins
// anew.
func TestPartial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const ranges = 3
		p := NewPartial(ranges)
		for range 2 {
			want := [ranges]map[uint64]int64{{}, {}, {}}
			n := rapid.IntRange(0, 60).Draw(t, "n")
			for range n {
				r, key := rapid.IntRange(0, ranges-1).Draw(t, "range"), rapid.Uint64Max(9).Draw(t, "key")
				p.Observe(r, key)
				want[r][key]++
			}
			if p.Len() != n {
				t.Fatalf("%d observations, not %d", p.Len(), n)
			}
			last := -1
			if err := p.Flush(func(r int, run []byte) {
				rows, err := decode(run)
				if err != nil || r <= last || len(rows) != len(want[r]) {
					t.Fatalf("range %d after %d: %v, %v", r, last, rows, err)
				}
				for _, row := range rows {
					if want[r][row.key] != row.n {
						t.Fatalf("range %d: %v, want %v", r, rows, want[r])
					}
				}
				want[r], last = nil, r
			}); err != nil {
				t.Fatal(err)
			}
			for r, left := range want {
				if len(left) > 0 {
					t.Fatalf("range %d: %v did not come out", r, left)
				}
			}
		}
	})
}
