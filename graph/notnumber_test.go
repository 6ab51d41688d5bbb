package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
)

// finite tells whether all numbers are.
func finite(x ...float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// TestNotNumbersShow puts NaN into one weight that has a part in the loss, which
// is one whose gradient in the plain graph is not zero. The fused loss and the norm
// of its gradient must show it, in both precisions.
func TestNotNumbersShow(t *testing.T) {
	c := builtInCorpus(t, "candle")
	shown := 0
	for i, s := range specs() {
		if s.Fused {
			continue
		}
		plain := newModel(t, c, s)
		randomise32(plain, uint64(i), 1)
		run(t, plain)
		for trial := range 20 {
			rng := rand.New(rand.NewPCG(uint64(i), uint64(trial)))
			which := rng.IntN(len(plain.params))
			place := rng.IntN(plain.params[which].Len())
			if math.Abs(plain.params[which].Gradient[place]) < 1e-6 {
				continue
			}
			shown++
			for _, single := range []bool{false, true} {
				f := s
				f.Fused, f.Float32 = true, single
				m := newModel(t, c, f)
				for j, p := range m.params {
					x := append([]float64(nil), plain.params[j].Data...)
					if j == which {
						x[place] = math.NaN()
					}
					p.Set(x)
				}
				loss, norm := run(t, m).Total(), m.GradNorm()
				if finite(loss) || finite(norm) {
					t.Errorf("%s, float32 %v: number %d of %s does not show: loss %v, norm %v", describe(f), single, place, m.params[which].Name, loss, norm)
				}
				if all := runRows(t, m, everyRow(m)); finite(all[0]+all[1]) || finite(m.GradNorm()) {
					t.Errorf("%s, float32 %v: number %d of %s does not show in a batch", describe(f), single, place, m.params[which].Name)
				}
			}
		}
	}
	if shown < 100 {
		t.Errorf("only %d weights have a part: too few to be a test", shown)
	}
}

// TestSingleOverflow has scores above any float32. The result must not be finite
// unless it is that of the plain graph in float64.
func TestSingleOverflow(t *testing.T) {
	c := builtInCorpus(t, "candle")
	for i, s := range specs() {
		if s.Fused || s.L2 > 0 {
			continue
		}
		for _, size := range []float64{1e15, 1e18, 1e19, 1e20, 1e30, 1e38} {
			plain := newModel(t, c, s)
			randomise(plain, uint64(i), size)
			single := inSingle(t, c, plain, s)
			want, got := figures(t, plain), figures(t, single)
			if norm := single.GradNorm(); !finite(got[0], norm) {
				continue
			}
			wantNear(t, fmt.Sprintf("%s, weights of %g", describe(s), size), got, want, 1, 1e-5*largest(want...)+2*spread(plain))
		}
	}
}

// TestSingleUpstream checks the gradient in float32 for upstream gradients other
// than 1: float32 products, and the stored gradient as it was.
func TestSingleUpstream(t *testing.T) {
	c := builtInCorpus(t, "candle")
	m := newModel(t, c, Spec{Rank: 3, Null: true, Fused: true, Float32: true})
	randomise32(m, 1, 1)
	want := figures(t, m)[2:]
	op, ok := m.fused.(*fusedOp[float32])
	if !ok {
		t.Fatalf("%T", m.fused)
	}
	q, k := m.params[0].value, m.params[1].value
	for _, up := range []float64{3, 1, -0.1, 0} {
		at := 0
		for which := range 2 {
			u := G.F64(up)
			out, err := (&fusedGrad[float32]{of: op, which: which}).Do(q, k, op.value, &u)
			if err != nil {
				t.Fatal(err)
			}
			x, err := denseOf[float32](out)
			if err != nil {
				t.Fatal(err)
			}
			for i, got := range x {
				if w := float32(up) * float32(want[at]); got != w {
					t.Fatalf("upstream %v, matrix %d, number %d: %v, want %v", up, which, i, got, w)
				}
				at++
			}
		}
	}
}
