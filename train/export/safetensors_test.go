package export

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	oracle "github.com/nlpodyssey/safetensors"

	"qk/graph"
	"qk/train"
)

// TestSafetensors has another implementation read the file, in both precisions.
func TestSafetensors(t *testing.T) {
	r := finished(t, config(graph.Predict, steps(3), func(c *train.Config) { c.Scaled = true }), `<i> "a" é`+"\n"+`é "a" <i>`+"\n")
	for _, single := range []bool{false, true} {
		write := func(w io.Writer) error { return WriteSafetensors(w, r, single) }
		file := written(t, write)
		wantFull(t, len(file), write)
		tensors, err := oracle.Deserialize(file)
		must(t, err)
		_, header, err := oracle.ReadMetadata(file)
		must(t, err)
		var words []string
		must(t, json.Unmarshal([]byte(header.Metadata()["vocabulary"]), &words))
		if !slices.Equal(words, r.words()) {
			t.Errorf("vocabulary %q, want %q", words, r.words())
		}
		if !strings.Contains(header.Metadata()["scores"], "/√R") || !json.Valid([]byte(header.Metadata()["settings"])) {
			t.Errorf("metadata %q", header.Metadata())
		}
		for name, want := range map[string][]float64{"W_Q": r.Weights.Q, "W_K": r.Weights.K} {
			view, ok := tensors.Tensor(name)
			if !ok || !slices.Equal(view.Shape(), []uint64{uint64(r.Weights.V), uint64(r.Weights.R)}) {
				t.Fatalf("%s: %v %v", name, ok, view.Shape())
			}
			for i, x := range want {
				var got float64
				if single {
					x = float64(float32(x))
					got = float64(math.Float32frombits(binary.LittleEndian.Uint32(view.Data()[4*i:])))
				} else {
					got = math.Float64frombits(binary.LittleEndian.Uint64(view.Data()[8*i:]))
				}
				if got != x {
					t.Errorf("%s[%d] is %v, want %v", name, i, got, x)
				}
			}
		}
	}
}
