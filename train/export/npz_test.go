package export

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sbinet/npyio/npz"
	"pgregory.net/rapid"

	"qk/data"
	"qk/graph"
	"qk/train"
)

// TestNpyHeader holds headers against those of numpy 2.4:
//
//	numpy.lib.format.write_array_header_1_0(b, numpy.lib.format.header_data_from_array_1_0(a))
func TestNpyHeader(t *testing.T) {
	for _, c := range []struct {
		descr string
		shape []int
		want  string
	}{
		{"<f8", []int{13, 8}, "{'descr': '<f8', 'fortran_order': False, 'shape': (13, 8), }"},
		{"<U5", []int{1}, "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }"},
		{"<U1", nil, "{'descr': '<U1', 'fortran_order': False, 'shape': (), }"},
		{"<u8", []int{5}, "{'descr': '<u8', 'fortran_order': False, 'shape': (5,), }"},
		{"<f4", []int{3, 2}, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"},
	} {
		want := fmt.Sprintf("\x93NUMPY\x01\x00v\x00%-117s\n", c.want)
		if got := string(npyHeader(c.descr, c.shape)); got != want {
			t.Errorf("%s %v: %q, want %q", c.descr, c.shape, got, want)
		}
	}
}

// arrays are the arrays of a .npz as npyio reads them, floats as float64.
type arrays struct {
	*npz.Reader
	t testing.TB
}

func readNPZ(t testing.TB, content []byte) arrays {
	t.Helper()
	r, err := npz.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	return arrays{r, t}
}

// raw returns the bytes of an array, of which the type and the shape must be these.
func (a arrays) raw(name, descr string, shape ...int) []byte {
	a.t.Helper()
	h := a.Header(name + ".npy")
	if h == nil {
		a.t.Fatalf("there is no array %s among %s", name, a.Keys())
	}
	if h.Descr.Type != descr || !slices.Equal(h.Descr.Shape, shape) || h.Descr.Fortran {
		a.t.Fatalf("%s is %+v, want %s %v", name, h.Descr, descr, shape)
	}
	file, err := a.Open(name + ".npy")
	must(a.t, err)
	defer file.Close()
	content, err := io.ReadAll(file)
	must(a.t, err)
	return content[128:] // after the header, see TestNpyHeader
}

func (a arrays) floats(name string, shape ...int) []float64 {
	a.t.Helper()
	var out []float64
	for b := a.raw(name, "<f8", shape...); len(b) > 0; b = b[8:] {
		out = append(out, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return out
}

func (a arrays) singles(name string, shape ...int) []float64 {
	a.t.Helper()
	var out []float64
	for b := a.raw(name, "<f4", shape...); len(b) > 0; b = b[4:] {
		out = append(out, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	return out
}

func (a arrays) counts(name, descr string, shape ...int) []uint64 {
	a.t.Helper()
	var out []uint64
	for b := a.raw(name, descr, shape...); len(b) > 0; b = b[8:] {
		out = append(out, binary.LittleEndian.Uint64(b))
	}
	return out
}

// words reads fields of UTF-32.
func (a arrays) words(name string, characters int, shape ...int) []string {
	a.t.Helper()
	var out []string
	for b := a.raw(name, fmt.Sprintf("<U%d", characters), shape...); len(b) > 0; b = b[4*characters:] {
		var word []rune
		for i := range characters {
			word = append(word, rune(binary.LittleEndian.Uint32(b[4*i:])))
		}
		out = append(out, strings.TrimRight(string(word), "\x00"))
	}
	return out
}

// same compares numbers by their bits, but for the bits of NaN.
func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

// TestNPZ reads the arrays of diary. The counted ones are by hand: "went" follows
// "it" in both sentences; of the ten words before it "candle" and "train" tell what
// follows, ln 2 nats each.
func TestNPZ(t *testing.T) {
	r := finished(t, config(graph.Predict), diary)
	a := readNPZ(t, written(t, func(w io.Writer) error { return WriteNPZ(w, r, NPZOptions{MaxDense: DefaultDense}) }))
	const V, R, went, it, again, out, candle, trainWord = 13, 8, 11, 4, 0, 7, 2, 9
	if got := a.words("vocabulary", 6, V); !slices.Equal(got, strings.Fields("again and candle diary it look open out the train up went when")) {
		t.Errorf("vocabulary %q", got)
	}
	if q, k := a.floats("Q", V, R), a.floats("K", V, R); !same(q, r.Weights.Q) || !same(k, r.Weights.K) {
		t.Error("Q or K differs")
	}
	s, err := r.Weights.Scores()
	must(t, err)
	if !same(a.floats("S", V, V), s) {
		t.Error("S differs")
	}
	attention := a.floats("attention", V, V)
	for w := range V {
		if l := train.LearnRow(r.Experiment, data.Word(w), s[w*V:(w+1)*V]); !same(attention[w*V:(w+1)*V], l.Attention) {
			t.Errorf("row %d of the learned mask differs", w)
		}
	}
	nan := math.NaN()
	unseen := func(values ...float64) []float64 { // in row went: itself, again and out are never before it
		values[went], values[again], values[out] = nan, nan, nan
		return values
	}
	c1, p := a.counts("c1", "<u8", V, V), a.floats("P", V, V)
	if c1[it*V+went] != 2 || c1[went*V+again] != 1 || c1[went*V+out] != 1 || p[went*V+out] != 0.5 || !math.IsNaN(p[again*V]) {
		t.Errorf("transitions of it %v, of went %v, P %v", c1[it*V:(it+1)*V], c1[went*V:(went+1)*V], p[went*V:(went+1)*V])
	}
	if got := a.counts("c2", "<u8", V, V)[went*V : (went+1)*V]; !slices.Equal(got, []uint64{0, 2, 1, 2, 2, 2, 2, 0, 2, 1, 2, 0, 2}) {
		t.Errorf("c2 of went %v", got)
	}
	mask := make([]float64, V)
	mask[candle], mask[trainWord] = 1, 1
	nats := make([]float64, V)
	nats[candle], nats[trainWord] = math.Ln2, math.Ln2
	for name, want := range map[string][]float64{"support": unseen(mask...), "best": unseen(mask...)} {
		if got := a.singles(name, V, V)[went*V : (went+1)*V]; !same(got, want) {
			t.Errorf("%s of went %v, want %v", name, got, want)
		}
	}
	if got := a.floats("divergence", V, V)[went*V : (went+1)*V]; !same(got, unseen(nats...)) {
		t.Errorf("divergence of went %v", got)
	}
	var settings struct {
		Steps  int
		Config train.Config
	}
	text, err := r.settings()
	must(t, err)
	must(t, json.Unmarshal([]byte(a.words("settings", len([]rune(text)))[0]), &settings))
	if settings.Steps != 500 || settings.Config != r.Experiment.Config {
		t.Errorf("settings %+v", settings)
	}
}

// TestNPZSparse spreads the sparse arrays of random texts out, and wants the dense
// ones.
func TestNPZSparse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[a-f]( [a-f]){1,6}`), 1, 6).Draw(rt, "lines")
		c := config(rapid.SampledFrom(graph.Tasks()).Draw(rt, "task"), steps(3))
		r := finished(t, c, strings.Join(lines, "\n")+"\n")
		V := r.Weights.V
		size := DenseSize(r)
		dense := readNPZ(t, written(t, func(w io.Writer) error { return WriteNPZ(w, r, NPZOptions{MaxDense: size}) }))
		sparse := readNPZ(t, written(t, func(w io.Writer) error { return WriteNPZ(w, r, NPZOptions{MaxDense: size - 1}) }))
		for _, m := range matrices(r) {
			if m.order == unordered {
				if slices.Contains(sparse.Keys(), m.name+".npy") {
					rt.Errorf("%s is there", m.name)
				}
				continue
			}
			from := sparse.counts(string(m.order)+"_indptr", "<i8", V+1)
			n := int(from[V])
			at := sparse.counts(string(m.order)+"_indices", "<i8", n)
			read := func(a arrays, shape ...int) []float64 {
				switch m.descr {
				case uint64s:
					var out []float64
					for _, x := range a.counts(m.name, m.descr, shape...) {
						out = append(out, float64(x))
					}
					return out
				case float32s:
					return a.singles(m.name, shape...)
				}
				return a.floats(m.name, shape...)
			}
			values, want := read(sparse, n), read(dense, V, V)
			listed := map[int]bool{}
			for w := range V {
				for i := from[w]; i < from[w+1]; i++ {
					cell := w*V + int(at[i])
					listed[cell] = true
					if !same(values[i:i+1], want[cell:cell+1]) {
						rt.Errorf("%s of %d, %d: %v, want %v", m.name, w, at[i], values[i], want[cell])
					}
				}
			}
			for cell, x := range want {
				if !listed[cell] && m.name != "S" && x != 0 && !math.IsNaN(x) {
					rt.Errorf("%s: %v in cell %d is not listed", m.name, x, cell)
				}
			}
		}
	})
}

// TestNPZWords writes words that fields of equal size cannot hold: one that ends in
// NUL, one that is empty, and one so long that all would take too much.
func TestNPZWords(t *testing.T) {
	for name, words := range map[string][]string{
		"nul": {"a", "b\x00", "\x00c"}, "empty": {"", "a"},
		"long": append(strings.Fields("a b c d e f g h i j k l m n o p"), strings.Repeat("ж", 1<<20)),
	} {
		a := readNPZ(t, written(t, func(w io.Writer) error {
			all := newArchive(w)
			return errors.Join(all.words(words), all.close())
		}))
		from := a.counts("vocabulary_offsets", "<i8", len(words)+1)
		all := a.raw("vocabulary_utf8", "|u1", int(from[len(words)]))
		for i, want := range words {
			if got := string(all[from[i]:from[i+1]]); got != want {
				t.Errorf("%s: word %d is %.20q, want %.20q", name, i, got, want)
			}
		}
	}
}

// TestNPZFloat32 rounds Q and K alone.
func TestNPZFloat32(t *testing.T) {
	r := finished(t, config(graph.Recall, steps(5)), diary)
	a := readNPZ(t, written(t, func(w io.Writer) error { return WriteNPZ(w, r, NPZOptions{Float32: true, MaxDense: DefaultDense}) }))
	q := a.singles("Q", r.Weights.V, r.Weights.R)
	for i, x := range r.Weights.Q {
		if q[i] != float64(float32(x)) {
			t.Errorf("Q[%d] is %v, want %v", i, q[i], float32(x))
		}
	}
	a.floats("S", r.Weights.V, r.Weights.V)
}

func TestNPZFullDisk(t *testing.T) {
	r := finished(t, config(graph.Predict, steps(1)), diary)
	for _, most := range []int64{1, DefaultDense} {
		write := func(w io.Writer) error { return WriteNPZ(w, r, NPZOptions{MaxDense: most}) }
		wantFull(t, len(written(t, write)), write)
	}
}
