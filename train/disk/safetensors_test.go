package disk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// encoded gives tensors as the bytes of a file.
func encoded(t testing.TB, tensors Tensors) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := EncodeTensors(&b, tensors); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameTensors compares two contents, numbers by their bits.
func sameTensors(a, b Tensors) bool {
	sameBits := func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }
	if len(a.Metadata) != len(b.Metadata) || len(a.List) != len(b.List) {
		return false
	}
	for key, value := range a.Metadata {
		if other, ok := b.Metadata[key]; !ok || other != value {
			return false
		}
	}
	for i, x := range a.List {
		y := b.List[i]
		if x.Name != y.Name || !slices.Equal(x.Shape, y.Shape) || !slices.EqualFunc(x.Data, y.Data, sameBits) {
			return false
		}
	}
	return true
}

// drawTensors makes arbitrary content: any bit pattern, empty tensors, scalars,
// names and metadata of any text.
func drawTensors(t *rapid.T) Tensors {
	names := rapid.SliceOfNDistinct(rapid.String().Filter(func(s string) bool { return s != metadataKey }),
		0, 5, rapid.ID).Draw(t, "names")
	tensors := Tensors{Metadata: rapid.MapOfN(rapid.String(), rapid.String(), 0, 4).Draw(t, "metadata")}
	special := rapid.SampledFrom([]uint64{
		0, 1 << 63, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff0000000000001, 0x7ff8dead00000000, 0xffffffffffffffff, 1,
	})
	for _, name := range names {
		shape := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "shape")
		count := 1
		for _, dim := range shape {
			count *= dim
		}
		data := make([]float64, count)
		for i := range data {
			data[i] = math.Float64frombits(rapid.OneOf(rapid.Uint64(), special).Draw(t, "bits"))
		}
		tensors.List = append(tensors.List, Tensor{Name: name, Shape: shape, Data: data})
	}
	return tensors
}

func TestTensorsRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := drawTensors(rt)
		data := encoded(t, want)
		got, err := DecodeTensors(data)
		if err != nil {
			rt.Fatal(err)
		}
		if !sameTensors(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
		if !bytes.Equal(encoded(t, got), data) {
			rt.Fatal("encoding it again gives other bytes")
		}
		if binary.LittleEndian.Uint64(data)%8 != 0 {
			rt.Fatal("the data is not aligned")
		}
	})
}

func TestEncodeTensorsBytes(t *testing.T) {
	got := encoded(t, Tensors{
		Metadata: map[string]string{"z": "last", "a": "\"first\"\n\\"},
		List: []Tensor{
			{Name: "W_Q", Shape: []int{1, 2}, Data: []float64{1, -2}},
			{Name: "é\t", Shape: []int{0, 3}},
			{Name: "scalar", Data: []float64{math.Inf(1)}},
		},
	})
	header := `{"__metadata__":{"a":"\"first\"\u000a\\","z":"last"},` +
		`"W_Q":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},` +
		`"é\u0009":{"dtype":"F64","shape":[0,3],"data_offsets":[16,16]},` +
		`"scalar":{"dtype":"F64","shape":[],"data_offsets":[16,24]}}`
	header += strings.Repeat(" ", (8-len(header)%8)%8)
	want := string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header +
		"\x00\x00\x00\x00\x00\x00\xf0\x3f" + "\x00\x00\x00\x00\x00\x00\x00\xc0" + "\x00\x00\x00\x00\x00\x00\xf0\x7f"
	if string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEncodeTensorsEmpty(t *testing.T) {
	want := "\x08\x00\x00\x00\x00\x00\x00\x00{}      "
	if got := encoded(t, Tensors{}); string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, err := DecodeTensors([]byte(want)); err != nil || got.Metadata != nil || len(got.List) != 0 {
		t.Errorf("got %v, error %v", got, err)
	}
}

func TestEncodeTensorsRefuses(t *testing.T) {
	one := func(shape []int, values int) Tensors {
		return Tensors{List: []Tensor{{Name: "x", Shape: shape, Data: make([]float64, values)}}}
	}
	tests := []struct {
		name    string
		tensors Tensors
		problem FormatProblem
	}{
		{"twice", Tensors{List: []Tensor{{Name: "x", Shape: []int{0}}, {Name: "x", Shape: []int{0}}}}, BadName},
		{"reserved", Tensors{List: []Tensor{{Name: metadataKey, Shape: []int{0}}}}, BadName},
		{"name not UTF-8", Tensors{List: []Tensor{{Name: "\xff", Shape: []int{0}}}}, BadHeader},
		{"key not UTF-8", Tensors{Metadata: map[string]string{"\xff": ""}}, BadHeader},
		{"value not UTF-8", Tensors{Metadata: map[string]string{"": "\xed\xa0\x80"}}, BadHeader},
		{"negative", one([]int{-1}, 0), BadShape},
		{"two negatives", one([]int{-1, -1}, 1), BadShape},
		{"overflow", one([]int{1 << 20, 1 << 20, 1 << 20, 4}, 0), BadShape},
		{"overflow to 0", one([]int{math.MaxInt, math.MaxInt, 0}, 0), BadShape},
		{"too few", one([]int{2, 3}, 5), BadShape},
		{"too many", one([]int{2, 3}, 7), BadShape},
		{"scalar without a value", one(nil, 0), BadShape},
		{"header too large", Tensors{Metadata: map[string]string{"": strings.Repeat("x", maxHeaderSize)}}, HeaderTooLarge},
		{"text too large", Tensors{Metadata: map[string]string{"": strings.Repeat("x", maxHeaderSize+1)}}, HeaderTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			wantFormat(t, EncodeTensors(&b, test.tensors), test.problem)
			if b.Len() != 0 {
				t.Errorf("%d bytes were written", b.Len())
			}
		})
	}
}

func TestEncodeTensorsWriteError(t *testing.T) {
	tensors := Tensors{List: []Tensor{{Name: "x", Shape: []int{10_000}, Data: make([]float64, 10_000)}}}
	size := len(encoded(t, tensors))
	for _, room := range []int{0, 8, 100, 40_000, size - 1} {
		if err := EncodeTensors(&limitedWriter{left: room}, tensors); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("room for %d bytes: error %v", room, err)
		}
	}
	if err := EncodeTensors(&limitedWriter{left: size}, tensors); err != nil {
		t.Error(err)
	}
}

func TestTensorsLookup(t *testing.T) {
	tensors := Tensors{List: []Tensor{{Name: "W_Q"}, {Name: "W_K", Shape: []int{0}}}}
	if got, ok := tensors.Lookup("W_K"); !ok || len(got.Shape) != 1 {
		t.Errorf("W_K: %v, %v", got, ok)
	}
	if _, ok := tensors.Lookup("W_V"); ok {
		t.Error("W_V was found")
	}
}
