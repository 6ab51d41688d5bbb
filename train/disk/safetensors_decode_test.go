package disk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// wantFormat checks that err is a FormatError with the given problem.
func wantFormat(t *testing.T, err error, problem FormatProblem) {
	t.Helper()
	var e *FormatError
	if !errors.As(err, &e) {
		t.Fatalf("error is %T (%v), not *FormatError", err, err)
	}
	if e.Problem != problem || e.Detail == "" || !strings.Contains(err.Error(), string(problem)) {
		t.Errorf("error %v, want %q", err, problem)
	}
}

// raw gives a file with the given header and data, neither of them checked.
func raw(header string, data int) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), make([]byte, data)...)
}

// refused are headers, each with the size of its data, that must not pass.
func refused() []struct {
	name, header string
	data         int
	problem      FormatProblem
} {
	type test = struct {
		name, header string
		data         int
		problem      FormatProblem
	}
	tests := []test{
		{"empty header", ``, 0, BadHeader},
		{"space before", ` {}`, 0, BadHeader},
		{"byte order mark", "\ufeff{}", 0, BadHeader},
		{"array", `[]`, 0, BadHeader},
		{"no end", `{`, 0, BadHeader},
		{"text after", `{}x`, 0, BadHeader},
		{"zero byte after", "{}\x00", 0, BadHeader},
		{"line break after", "{}\n", 0, BadHeader},
		{"second object", `{}{}`, 0, BadHeader},
		{"comma at the end", `{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8]},}`, 8, BadHeader},
		{"comma at the start", `{,}`, 0, BadHeader},
		{"no colon", `{"x"{}}`, 0, BadHeader},
		{"bare key", `{x:{}}`, 0, BadHeader},
		{"tensor is null", `{"x":null}`, 0, BadHeader},
		{"tensor is text", `{"x":"F64"}`, 0, BadHeader},
		{"metadata is null", `{"__metadata__":null}`, 0, BadHeader},
		{"metadata value is a number", `{"__metadata__":{"a":1}}`, 0, BadHeader},
		{"metadata value is an object", `{"__metadata__":{"a":{}}}`, 0, BadHeader},
		{"metadata key twice", `{"__metadata__":{"a":"1","\u0061":"2"}}`, 0, BadName},
		{"metadata twice", `{"__metadata__":{},"__metadata__":{}}`, 0, BadName},
		{"name twice", `{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"x":{"dtype":"F64","shape":[],"data_offsets":[8,16]}}`, 16, BadName},
		{"name twice, escaped", `{"x":{"dtype":"F64","shape":[0],"data_offsets":[0,0]},"\u0078":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}`, 0, BadName},
		{"name not UTF-8", "{\"__metadata__\":{\"\xff\":\"\"}}", 0, BadHeader},
		{"name with a control character", "{\"__metadata__\":{\"\n\":\"\"}}", 0, BadHeader},
		{"unknown escape", `{"__metadata__":{"\x":""}}`, 0, BadHeader},
		{"short escape", `{"\u12`, 0, BadHeader},
		{"escape at the end", `{"\`, 0, BadHeader},
		{"bad hexadecimal", `{"__metadata__":{"\u12g4":""}}`, 0, BadHeader},
		{"half a pair", `{"__metadata__":{"\ud800":""}}`, 0, BadHeader},
		{"other half", `{"__metadata__":{"\udc00":""}}`, 0, BadHeader},
		{"pair of wrong halves", `{"__metadata__":{"\ud800\ud800":""}}`, 0, BadHeader},
		{"half and bad hexadecimal", `{"__metadata__":{"\ud800\u00zz":""}}`, 0, BadHeader},
		{"shape twice", `{"x":{"dtype":"F64","shape":[],"shape":[],"data_offsets":[0,8]}}`, 8, BadHeader},
		{"unknown field", `{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8],"y":1}}`, 8, BadHeader},
		{"field in capitals", `{"x":{"DTYPE":"F64","shape":[],"data_offsets":[0,8]}}`, 8, BadHeader},
		{"no fields", `{"x":{}}`, 0, BadHeader},
		{"no dtype", `{"x":{"shape":[],"data_offsets":[0,8]}}`, 8, BadHeader},
		{"no shape", `{"x":{"dtype":"F64","data_offsets":[0,8]}}`, 8, BadHeader},
		{"no offsets", `{"x":{"dtype":"F64","shape":[]}}`, 8, BadHeader},
		{"one offset", `{"x":{"dtype":"F64","shape":[],"data_offsets":[0]}}`, 8, BadHeader},
		{"three offsets", `{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8,16]}}`, 8, BadHeader},
		{"dtype is a number", `{"x":{"dtype":64,"shape":[],"data_offsets":[0,8]}}`, 8, BadHeader},
	}
	for _, dtype := range []string{"", "F16", "BF16", "I64", "U64", "BOOL", "f64", "F64 ", "F128"} {
		tests = append(tests, test{"dtype " + dtype, fmt.Sprintf(`{"x":{"dtype":%q,"shape":[],"data_offsets":[0,8]}}`, dtype), 8, BadDType})
	}
	for _, number := range []string{"-1", "-0", "+1", "1.0", "1e0", "01", "00", "0x1", `"1"`, "null", "true", "[1]", "", "1 2", "1,", ",1",
		"9223372036854775808", "18446744073709551616", "99999999999999999999999"} {
		tests = append(tests,
			test{"dimension " + number, fmt.Sprintf(`{"x":{"dtype":"F64","shape":[1,%s],"data_offsets":[0,8]}}`, number), 8, BadHeader},
			test{"offset " + number, fmt.Sprintf(`{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,%s]}}`, number), 8, BadHeader})
	}
	layout := func(name, shape, offsets string, data int, problem FormatProblem) {
		tests = append(tests, test{name, fmt.Sprintf(`{"x":{"dtype":"F64","shape":[%s],"data_offsets":[%s]}}`, shape, offsets), data, problem})
	}
	layout("shape overflows", "4294967296,4294967296", "0,0", 0, BadShape)
	layout("shape overflows in bytes", "1152921504606846976", "0,0", 0, BadShape)
	layout("shape overflows before 0", "9223372036854775807,9223372036854775807,0", "0,0", 0, BadShape)
	layout("shape overflows after 0", "0,9223372036854775807,9223372036854775807", "0,0", 0, BadShape)
	layout("too few bytes", "2", "0,8", 8, BadOffsets)
	layout("too many bytes", "1", "0,16", 16, BadOffsets)
	layout("bytes for an empty tensor", "0", "0,8", 8, BadOffsets)
	layout("no bytes for a scalar", "", "0,0", 0, BadOffsets)
	layout("end before start", "1", "8,0", 8, BadOffsets)
	layout("hole at the start", "1", "8,16", 16, BadOffsets)
	layout("past the end", "2", "0,16", 15, FileTooShort)
	layout("far past the end", "200000000", "0,1600000000", 8, FileTooShort)
	layout("trailing byte", "1", "0,8", 9, TrailingBytes)
	pair := func(name, first, second string, data int, problem FormatProblem) {
		tests = append(tests, test{name, fmt.Sprintf(`{"x":{"dtype":"F64","shape":[2],"data_offsets":[%s]},"y":{"dtype":"F32","shape":[2],"data_offsets":[%s]}}`,
			first, second), data, problem})
	}
	pair("overlap", "0,16", "8,16", 16, BadOffsets)
	pair("overlap past the end", "0,16", "12,20", 20, BadOffsets)
	pair("same start", "0,16", "0,8", 16, BadOffsets)
	pair("hole between", "0,16", "17,25", 25, BadOffsets)
	pair("second past the end", "0,16", "16,24", 16, FileTooShort)
	return append(tests, test{"data without tensors", `{}`, 1, TrailingBytes})
}

func TestDecodeTensorsRefuses(t *testing.T) {
	for _, test := range refused() {
		t.Run(test.name, func(t *testing.T) {
			got, err := DecodeTensors(raw(test.header, test.data))
			wantFormat(t, err, test.problem)
			if got.Metadata != nil || got.List != nil {
				t.Errorf("content came with the error: %v", got)
			}
		})
	}
}

func TestDecodeTensorsAccepts(t *testing.T) {
	tests := []struct{ name, header, order string }{
		{"data order differs", `{"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, "a b"},
		{"fields in another order", `{"a":{"data_offsets":[0,16],"shape":[2],"dtype":"F64"}}`, "a"},
		{"white space", "{ \"a\"\n:\t{\"dtype\" : \"F64\",\r\"shape\":[ 1 , 2 ],\"data_offsets\":[0,16]} }   ", "a"},
		{"escapes", `{"\"\\\/\b\f\n\r\t\u00E9\ud83d\ude00":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}`, "\"\\/\b\f\n\r\té😀"},
		{"empty tensors between", `{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"e":{"dtype":"F64","shape":[7,0],"data_offsets":[8,8]},` +
			`"f":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"b":{"dtype":"F64","shape":[],"data_offsets":[8,16]}}`, "a e f b"},
		{"empty name", `{"":{"dtype":"F64","shape":[1,1,2],"data_offsets":[0,16]}}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := DecodeTensors(raw(test.header, 16))
			if err != nil {
				t.Fatal(err)
			}
			var order []string
			for _, tensor := range got.List {
				order = append(order, tensor.Name)
			}
			if strings.Join(order, " ") != test.order {
				t.Errorf("order %q, want %q", order, test.order)
			}
		})
	}
}

func TestDecodeTensorsEveryTruncation(t *testing.T) {
	file := encoded(t, Tensors{
		Metadata: map[string]string{"a": "b"},
		List:     []Tensor{{Name: "x", Shape: []int{2}, Data: []float64{1, 2}}, {Name: "y", Data: []float64{3}}},
	})
	for n := range file {
		_, err := DecodeTensors(file[:n])
		wantFormat(t, err, FileTooShort)
	}
}

func TestDecodeTensorsHeaderSize(t *testing.T) {
	for size, problem := range map[uint64]FormatProblem{
		maxHeaderSize: FileTooShort, maxHeaderSize + 1: HeaderTooLarge, 1 << 63: HeaderTooLarge, math.MaxUint64: HeaderTooLarge,
	} {
		_, err := DecodeTensors(append(binary.LittleEndian.AppendUint64(nil, size), "{}"...))
		wantFormat(t, err, problem)
	}
}

// TestDecodeTensorsMemory checks that what is allocated follows from the size of
// the file and not from the numbers in it.
func TestDecodeTensorsMemory(t *testing.T) {
	const n = 100_000
	var many strings.Builder
	for i := range n {
		fmt.Fprintf(&many, `,"%x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`, i)
	}
	files := map[string][]byte{
		"size of the header": append(binary.LittleEndian.AppendUint64(nil, maxHeaderSize), make([]byte, 1000)...),
		"shape":              raw(`{"x":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}`, 1000),
		"dimensions":         raw(`{"x":{"dtype":"F32","shape":[`+strings.Repeat("1,", n)+`1],"data_offsets":[0,4]}}`, 4),
		"nesting":            raw(`{"x":`+strings.Repeat("{", n), 0),
		"tensors":            raw("{"+many.String()[1:]+"}", 0),
		"data":               raw(`{"x":{"dtype":"F32","shape":[250000],"data_offsets":[0,1000000]}}`, 1_000_000),
	}
	for name, file := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := DecodeTensors(file)
		runtime.ReadMemStats(&after)
		used := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d bytes for a file of %d, error %.100v", name, used, len(file), err)
		if used > 64*uint64(len(file))+10_000 {
			t.Errorf("%s: %d bytes for a file of %d", name, used, len(file))
		}
	}
}

func TestWiden(t *testing.T) {
	tests := []struct {
		from uint32
		want uint64
	}{
		{0, 0}, {1 << 31, 1 << 63}, {0x3f800000, 0x3ff0000000000000}, {1, 0x36a0000000000000},
		{0x7f800000, 0x7ff0000000000000}, {0xff800000, 0xfff0000000000000},
		{0x7f800001, 0x7ff0000020000000}, {0xffc12345, 0xfff82468a0000000}, {0xffffffff, 0xffffffffe0000000},
	}
	for _, test := range tests {
		if got := math.Float64bits(widen(test.from)); got != test.want {
			t.Errorf("%#x became %#x, want %#x", test.from, got, test.want)
		}
	}
}
