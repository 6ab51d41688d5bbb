package graph

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestParameters checks that what is learned, what the solver steps and what the
// weights hold is one memory, in every form.
func TestParameters(t *testing.T) {
	c := builtInCorpus(t, "diary")
	for _, s := range []Spec{{Rank: 2}, {OneHot: true}} {
		m := newModel(t, c, s)
		want := map[string][]float64{"K": m.Weights.K}
		if !s.OneHot {
			want["Q"] = m.Weights.Q
		}
		if len(m.Params()) != len(want) || len(m.ValueGrads()) != len(want) {
			t.Fatalf("%d parameters and %d of the solver, want %d", len(m.Params()), len(m.ValueGrads()), len(want))
		}
		randomise(m, 1, 1)
		run(t, m)
		for i, p := range m.Params() {
			if &want[p.Name][0] != &p.Data[0] || len(p.Data) != p.Rows*p.Cols || p.Rows != m.Weights.V || p.Cols != m.Weights.R {
				t.Errorf("%s [%d,%d] is not the matrix of the weights", p.Name, p.Rows, p.Cols)
			}
			vg := m.ValueGrads()[i]
			grad, err := vg.Grad()
			if err != nil {
				t.Fatal(err)
			}
			if &vg.Value().Data().([]float64)[0] != &p.Data[0] || &grad.Data().([]float64)[0] != &p.Gradient[0] {
				t.Errorf("%s: the solver sees other memory", p.Name)
			}
		}
	}
}

// TestSolverSteps lets Gorgonia's plain descent take a step: data − rate·gradient.
func TestSolverSteps(t *testing.T) {
	c := builtInCorpus(t, "diary")
	m := newModel(t, c, Spec{Rank: 2, Null: true, L2: 0.01})
	randomise(m, 1, 1)
	before := run(t, m)
	var want []float64
	for _, p := range m.Params() {
		for i, x := range p.Data {
			want = append(want, x-0.5*p.Gradient[i])
		}
	}
	if err := G.NewVanillaSolver(G.WithLearnRate(0.5)).Step(m.ValueGrads()); err != nil {
		t.Fatal(err)
	}
	wantNear(t, "weights after a step", slices.Concat(m.Weights.Q, m.Weights.K), want, 1, 1e-15)
	if after := run(t, m); after.Total() >= before.Total() {
		t.Errorf("the loss goes from %v to %v in a step", before.Total(), after.Total())
	}
}

// TestDiverged checks that weights that are no longer numbers show in the loss.
func TestDiverged(t *testing.T) {
	c := builtInCorpus(t, "diary")
	for _, s := range losses() {
		s.Rank = 2
		m := newModel(t, c, s)
		randomise(m, 1, 1)
		for i := range m.Weights.Q {
			m.Weights.Q[i] = nan
		}
		if loss := run(t, m); loss.Data == loss.Data {
			t.Errorf("%s: loss is %v with Q of NaN", describe(s), loss.Data)
		}
	}
}
