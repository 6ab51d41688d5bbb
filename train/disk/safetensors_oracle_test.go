package disk

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	oracle "github.com/nlpodyssey/safetensors"
	"pgregory.net/rapid"
)

// TestOracleReadsOurs hands what we write to another implementation.
func TestOracleReadsOurs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := drawTensors(rt)
		file := encoded(t, want)
		got, err := oracle.Deserialize(file)
		if err != nil {
			rt.Fatal(err)
		}
		_, header, err := oracle.ReadMetadata(file)
		if err != nil || !maps.Equal(header.Metadata(), want.Metadata) {
			rt.Fatalf("metadata %q, want %q, error %v", header.Metadata(), want.Metadata, err)
		}
		if got.Len() != len(want.List) {
			rt.Fatalf("%d tensors, want %d", got.Len(), len(want.List))
		}
		for _, tensor := range want.List {
			view, ok := got.Tensor(tensor.Name)
			if !ok || view.DType() != oracle.F64 || !bytes.Equal(view.Data(), rawValues(tensor.Data)) {
				rt.Fatalf("tensor %q: found %v, %v", tensor.Name, ok, view)
			}
			if !slices.EqualFunc(view.Shape(), tensor.Shape, func(a uint64, b int) bool { return a == uint64(b) }) {
				rt.Fatalf("tensor %q: shape %v, want %v", tensor.Name, view.Shape(), tensor.Shape)
			}
		}
	})
}

// rawValues gives the little-endian bytes of values.
func rawValues(values []float64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// TestOursReadsOracle reads what another implementation writes, in F64 and F32.
func TestOursReadsOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := drawTensors(rt)
		views := map[string]oracle.TensorView{}
		for i, tensor := range want.List {
			if len(tensor.Shape) == 0 { // it takes a scalar for an empty tensor
				tensor.Shape = []int{1}
			}
			shape := make([]uint64, len(tensor.Shape))
			for j, dim := range tensor.Shape {
				shape[j] = uint64(dim)
			}
			dtype, data := oracle.F64, rawValues(tensor.Data)
			if rapid.Bool().Draw(rt, "F32") {
				dtype, data = oracle.F32, nil
				tensor.Data = slices.Clone(tensor.Data)
				for j := range tensor.Data {
					bits := rapid.Uint32().Draw(rt, "bits")
					data = binary.LittleEndian.AppendUint32(data, bits)
					tensor.Data[j] = widen(bits)
				}
			}
			want.List[i] = tensor
			view, err := oracle.NewTensorView(dtype, shape, data)
			if err != nil {
				rt.Fatal(err)
			}
			views[tensor.Name] = view
		}
		file, err := oracle.Serialize(views, want.Metadata)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := DecodeTensors(file)
		if err != nil {
			rt.Fatal(err)
		}
		// It writes tensors in an order of its own.
		byName := func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) }
		slices.SortFunc(got.List, byName)
		slices.SortFunc(want.List, byName)
		if !sameTensors(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestOracleSameBytes compares the two writers where they are free to agree:
// tensors sorted by name, plain text.
func TestOracleSameBytes(t *testing.T) {
	tensors := Tensors{
		Metadata: map[string]string{"program": "qk", "format": "1"},
		List: []Tensor{
			{Name: "W_K", Shape: []int{2, 2}, Data: []float64{1, math.NaN(), math.Inf(-1), math.Copysign(0, -1)}},
			{Name: "W_Q", Shape: []int{2, 1}, Data: []float64{0.1, 1e-310}},
		},
	}
	views := map[string]oracle.TensorView{}
	for _, tensor := range tensors.List {
		view, err := oracle.NewTensorView(oracle.F64, []uint64{uint64(tensor.Shape[0]), uint64(tensor.Shape[1])}, rawValues(tensor.Data))
		if err != nil {
			t.Fatal(err)
		}
		views[tensor.Name] = view
	}
	want, err := oracle.Serialize(views, tensors.Metadata)
	if err != nil {
		t.Fatal(err)
	}
	// Its header lists the keys sorted, so that the two W_ come before __metadata__.
	got := encoded(t, tensors)
	n := binary.LittleEndian.Uint64(got)
	if len(got) != len(want) || n != binary.LittleEndian.Uint64(want) || !bytes.Equal(got[8+n:], want[8+n:]) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	parts := func(b []byte) []string {
		list := strings.Split(strings.Trim(strings.TrimRight(string(b[8:8+n]), " "), "{}"), "},")
		for i := range list {
			list[i] = strings.Trim(list[i], "}")
		}
		slices.Sort(list)
		return list
	}
	if !slices.Equal(parts(got), parts(want)) {
		t.Errorf("header %q\nwant   %q", parts(got), parts(want))
	}
}

// FuzzDecodeTensors checks that whatever is accepted is also accepted by another
// implementation, and that it survives being written again.
func FuzzDecodeTensors(f *testing.F) {
	f.Add(encoded(f, Tensors{}))
	f.Add(encoded(f, Tensors{
		Metadata: map[string]string{"a": "b\n", "é": "\\"},
		List:     []Tensor{{Name: "x", Shape: []int{2}, Data: []float64{1, math.NaN()}}, {Name: "y", Shape: []int{0}}},
	}))
	f.Add(raw(`{"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 16))
	for _, test := range refused() {
		f.Add(raw(test.header, test.data))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := DecodeTensors(file)
		if err != nil {
			if _, ok := err.(*FormatError); !ok {
				t.Fatalf("error is %T: %v", err, err)
			}
			return
		}
		if _, err := oracle.Deserialize(file); err != nil {
			t.Fatalf("the other implementation refuses it: %v", err)
		}
		again, err := DecodeTensors(encoded(t, got))
		if err != nil || !sameTensors(got, again) {
			t.Fatalf("got %v, and after writing it %v, error %v", got, again, err)
		}
	})
}
