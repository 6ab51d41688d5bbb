package graph

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

	"qk/data"
)

// tapeRun computes loss and gradients of a model that has not run yet on
// Gorgonia's own machine. That machine writes over inner values, so the figures
// are read out while it runs.
func tapeRun(t *testing.T, m *Model) []float64 {
	t.Helper()
	figures := []*G.Node{m.data}
	if m.penalty != nil {
		figures = append(figures, m.penalty)
	}
	for _, p := range m.params {
		figures = append(figures, p.grad)
	}
	read := make([]G.Value, len(figures))
	for i, n := range figures {
		G.Read(n, &read[i])
	}
	tape := G.NewTapeMachine(m.data.Graph())
	defer func() { _ = tape.Close() }()

	if m.fused != nil { // one batch of everything, and no inputs to load
		if err := tape.RunAll(); err != nil {
			t.Fatal(err)
		}
		var figures []float64
		for _, v := range read {
			figures = append(figures, numbersOf(t, v)...)
		}
		return figures
	}
	var sum []float64
	for first := 0; first < m.task.rows(); first += m.batch {
		m.task.load(first, min(m.batch, m.task.rows()-first))
		if first > 0 && m.weight != nil {
			if err := G.Let(m.weight, 0.0); err != nil {
				t.Fatal(err)
			}
		}
		if err := tape.RunAll(); err != nil {
			t.Fatal(err)
		}
		var figures []float64
		for _, v := range read {
			figures = append(figures, numbersOf(t, v)...)
		}
		if sum == nil {
			sum = make([]float64, len(figures))
		}
		for i, x := range figures {
			sum[i] += x
		}
		tape.Reset()
	}
	return sum
}

// numbersOf returns a copy of the numbers of a value.
func numbersOf(t *testing.T, v G.Value) []float64 {
	t.Helper()
	if x, ok := v.Data().(float64); ok {
		return []float64{x}
	}
	x, err := dense(v)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(x)
}

func checkParity(t *testing.T, what string, ours, twin *Model) {
	t.Helper()
	loss := run(t, ours)
	got := []float64{loss.Data}
	if ours.fused != nil {
		got[0] = loss.Total() // one node
	}
	if ours.penalty != nil {
		got = append(got, loss.Penalty)
	}
	got = append(got, gradients(ours)...)
	want := tapeRun(t, twin)
	wantNear(t, what, got, want, largest(want...), 1e-13)
}

// TestParity runs every graph on the machine here and on Gorgonia's.
func TestParity(t *testing.T) {
	everyModel(t, 1, func(t *testing.T, c corpus, s Spec, m *Model) {
		twin := newModel(t, c, s)
		for i, p := range m.Params() {
			copy(twin.Params()[i].Data, p.Data)
		}
		checkParity(t, describe(s), m, twin)
	})
	t.Run("gates", func(t *testing.T) {
		c := builtInCorpus(t, "candle")
		checkParity(t, "gates", newGates(t, c), newGates(t, c))
	})
	t.Run("large", func(t *testing.T) {
		c := zipfCorpus(t, 200, 40)
		for _, s := range losses() {
			s.Rank, s.L2, s.BatchRows = 5, 0.01, 100
			m, twin := newModel(t, c, s), newModel(t, c, s)
			randomise(m, 1, 1)
			randomise(twin, 1, 1)
			checkParity(t, describe(s), m, twin)
		}
	})
}

// TestParityLookup runs the product that pulls scores out on both machines.
func TestParityLookup(t *testing.T) {
	for _, scaled := range []bool{false, true} {
		w := NewWeights(7, 3, false, scaled)
		w.Draw(1, 1)
		b := newBuilder()
		query := filled(2*7, 0)
		query[4], query[7+6] = 1, 1
		s := w.scores(b, b.matrix("X", 2, 7, query), b.matrix("Q", 7, 3, w.Q), b.matrix("K", 7, 3, w.K))
		if b.err != nil {
			t.Fatal(b.err)
		}
		tape := G.NewTapeMachine(b.g)
		if err := tape.RunAll(); err != nil {
			t.Fatal(err)
		}
		want := numbersOf(t, s.Value())
		_ = tape.Close()
		var got []float64
		err := w.Rows([]data.Word{4, 6}, func(_ data.Word, s []float64) error {
			got = append(got, s...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantNear(t, "scores", got, want, largest(want...), 1e-14)
	}
}
