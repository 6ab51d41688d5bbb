package matrix

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// written is the matrix of testdata/make.py, where NumPy itself wrote it.
var written = []float64{1.5, -2, 0.25, 65504, math.Copysign(0, -1), math.Ldexp(1, -24)}

func readFile(path, name string, usual ...string) (*Dense, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	i, err := f.Find(name, usual...)
	if err != nil {
		return nil, err
	}
	return f.Read(i)
}

// bits compares numbers with their signs.
func bits(x []float64) []uint64 {
	b := make([]uint64, len(x))
	for i, v := range x {
		b[i] = math.Float64bits(v)
	}
	return b
}

func times(x []float64, by float64) []float64 {
	y := slices.Clone(x)
	for i := range y {
		y[i] *= by
	}
	return y
}

// TestRead reads what NumPy 2.4.6 and safetensors 0.8.0 wrote: see testdata/make.py.
func TestRead(t *testing.T) {
	bfloats := slices.Clone(written)
	bfloats[3] = 65536
	for _, test := range []struct {
		file, name, dtype string
		want              []float64
	}{
		{"f2le.npy", "", "float16", written}, {"f2be.npy", "", "float16", written},
		{"f4le.npy", "", "float32", written}, {"f4be.npy", "", "float32", written},
		{"f8le.npy", "", "float64", written}, {"f8be.npy", "", "float64", written},
		{"fortran.npy", "", "float64", written},
		{"v1.npy", "", "float64", written}, {"v2.npy", "", "float64", written}, {"v3.npy", "", "float64", written},
		{"stored.npz", "", "float64", written}, {"stored.npz", "W_K", "float32", times(written, 2)},
		{"packed.npz", "", "float64", written}, {"packed.npz", "W_K", "float32", times(written, 2)},
		{"dtypes.safetensors", "f64", "float64", written}, {"dtypes.safetensors", "f32", "float32", written},
		{"dtypes.safetensors", "f16", "float16", written}, {"dtypes.safetensors", "bf16", "bfloat16", bfloats},
	} {
		m, err := readFile(filepath.Join("testdata", test.file), test.name, "W_Q")
		if err != nil {
			t.Errorf("%s %s: %v", test.file, test.name, err)
			continue
		}
		if m.Rows != 3 || m.Cols != 2 || m.DType != test.dtype || !slices.Equal(bits(m.Data), bits(test.want)) {
			t.Errorf("%s %s: [%d,%d] %s %v, want [3,2] %s %v", test.file, test.name, m.Rows, m.Cols, m.DType, m.Data, test.dtype, test.want)
		}
	}
}

// TestReadRefuses names what is wrong with a file and what to do.
func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile("testdata/f8le.npy")
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile("testdata/stored.npz")
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(packed)
	changed[strings.Index(string(packed), npyMagic)+128] ^= 1 // the first number, after a header of 128 bytes
	for name, content := range map[string][]byte{
		"cut.npy": whole[:len(whole)-1], "header.npy": whole[:50], "start.npy": whole[:3], "long.npy": append(slices.Clone(whole), 0),
		"empty.npy": nil, "cut.npz": packed[:len(packed)/2], "changed.npz": changed, "text.npy": []byte("1.5 2.5 3.5\n"),
		"a.pt": []byte("\x80\x02}q"), "version.npy": []byte("\x93NUMPY\x04\x00\x10\x00"), "a.h5": []byte("\x89HDF\r\n\x1a\n\x00"),
		"zip.npz": []byte("PK\x05\x06" + strings.Repeat("\x00", 18)), "short": []byte("{"),
		"huge.npy":     header("{'descr': '<f8', 'fortran_order': False, 'shape': (100000000, 1), }"),
		"larger.npy":   header("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 3), }"),
		"negative.npy": header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 3), }"),
		"noshape.npy":  header("{'descr': '<f8', 'fortran_order': False}"),
		"order.npy":    header("{'descr': '=f8', 'fortran_order': False, 'shape': (2, 1), }"),
		"int.npy":      header("{'descr': '<f8', 'fortran_order': False, 'shape': (2), }"),
		"other.npy":    header("{'descr': '<f8', 'fortran_order': False, 'shape': (2,1), 'x': 1}"),
		"twice.npy":    header("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,1)}"),
		"truth.npy":    header("{'descr': '<f8', 'fortran_order': 'no', 'shape': (2,1)}"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ path, name, want string }{
		{"testdata/bad_int64.npy", "", `integers (dtype "<i8"): give floating-point numbers`},
		{"testdata/bad_complex.npy", "", `complex numbers (dtype "<c16")`},
		{"testdata/bad_bool.npy", "", `truth values (dtype "|b1")`},
		{"testdata/bad_text.npy", "", `text (dtype "<U1")`},
		{"testdata/bad_object.npy", "", `Python objects, pickled, which qk does not run (dtype "|O")`},
		{"testdata/bad_record.npy", "", "records of several fields"},
		{"testdata/bad_longdouble.npy", "", `floating-point numbers of an unusual width (dtype "<f16")`},
		{"testdata/bad_vector.npy", "", "its shape is [2]: a matrix has two dimensions"},
		{"testdata/bad_cube.npy", "", "its shape is [3,2,1]: a matrix has two dimensions"},
		{"testdata/bad_scalar.npy", "", "its shape is []: a matrix has two dimensions"},
		{"testdata/bad_none.npy", "", "its shape is [0,2]: it holds no numbers"},
		{"testdata/stored.npz", "n", `integers (dtype "<i8")`},
		{"testdata/stored.npz", "w_k", `no array is called "w_k": did you mean "W_K"? there are "W_Q", "W_K", "n"`},
		{"testdata/v1.npy", "W", "a .npy file holds one array"},
		{"testdata/dtypes.safetensors", "i64", "numbers of dtype I64"},
		{"testdata/dtypes.safetensors", "f8", "numbers of dtype F8_E4M3"},
		{"testdata/dtypes.safetensors", "", "the file holds 7 arrays, none of them called W_Q: name one"},
		{"testdata/nothing.npy", "", "no such file or directory: give a .npy"},
		{"testdata", "", "this is a directory: give a .npy"},
		{dir + "/empty.npy", "", "the file is empty: give a .npy"},
		{dir + "/cut.npy", "", "the file is cut short: shape [3,2] of float64 takes 48 bytes, and 47 are there"},
		{dir + "/header.npy", "", "the file is cut short: its header is not whole"},
		{dir + "/start.npy", "", "the file is cut short: its header is not whole"},
		{dir + "/long.npy", "", "the file goes on after the numbers: shape [3,2] of float64 takes 48 bytes, and 49 are there"},
		{dir + "/huge.npy", "", "the file is cut short: shape [100000000,1] of float64 takes 800000000 bytes, and 16 are there"},
		{dir + "/larger.npy", "", "more than 134217728 numbers do not fit into memory"},
		{dir + "/negative.npy", "", `"-1" in the shape is no size`},
		{dir + "/noshape.npy", "", "it has no shape"},
		{dir + "/order.npy", "", "does not tell the order of the bytes"},
		{dir + "/int.npy", "", "shape is no tuple"},
		{dir + "/other.npy", "", `"x" is not known`},
		{dir + "/twice.npy", "", `"descr" is there twice`},
		{dir + "/truth.npy", "", "fortran_order is neither True nor False"},
		{dir + "/version.npy", "", "version 4.0 of .npy is not known"},
		{dir + "/cut.npz", "", "the .npz file is damaged"},
		{dir + "/changed.npz", "", "the .npz file is damaged (zip: checksum error)"},
		{dir + "/zip.npz", "", "a zip file without arrays"},
		{dir + "/text.npy", "", "this is neither .npy, .npz nor safetensors"},
		{dir + "/a.pt", "", "this is a pickle"},
		{dir + "/a.h5", "", "this is an HDF5 file"},
		{dir + "/short", "", "file is cut short"},
	} {
		if m, err := readFile(test.path, test.name, "W_Q"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: %v, error %v, want %q", test.path, test.name, m, err, test.want)
		}
	}
}

// header is a .npy file with the given header and two numbers.
func header(dict string) []byte {
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(dict)), byte(len(dict)>>8))
	return append(append(b, dict...), make([]byte, 16)...)
}

// TestEveryTruncation cuts a file of each kind at every place.
func TestEveryTruncation(t *testing.T) {
	for _, file := range []string{"v1.npy", "v2.npy", "fortran.npy", "packed.npz", "dtypes.safetensors"} {
		whole, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), file)
		for n := range whole {
			if err := os.WriteFile(path, whole[:n], 0o666); err != nil {
				t.Fatal(err)
			}
			if m, err := readFile(path, "", "W_Q", "f64"); err == nil {
				t.Fatalf("%s cut to %d of %d bytes: %v", file, n, len(whole), m)
			}
		}
	}
}

// TestHalf compares 16-bit numbers with the examples of IEEE 754's binary16 that
// Wikipedia lists.
func TestHalf(t *testing.T) {
	for b, want := range map[uint16]float64{
		0: 0, 0x3c00: 1, 0x3555: 0.333251953125, 0x7bff: 65504, 0xfbff: -65504, 0x0001: 5.9604644775390625e-8,
		0x03ff: 6.097555160522461e-5, 0x0400: 6.103515625e-5, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0xc000: -2,
	} {
		if got := half(b); got != want {
			t.Errorf("half %#x is %g, want %g", b, got, want)
		}
	}
	if !math.IsNaN(half(0x7e00)) || !math.Signbit(half(0x8000)) {
		t.Error("NaN or −0 is lost")
	}
}
