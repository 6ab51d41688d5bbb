package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// plainRow is the loss of one row and its gradient, figures like those of
// [figures] without penalty.
type plainRow []float64

// plainRows runs the plain graph one row at a time, and returns what each adds to
// the whole, by the row's number.
func plainRows(t tb, c corpus, s Spec, weights *Model) map[int32]plainRow {
	t.Helper()
	s.Fused, s.Float32, s.L2, s.BatchRows = false, false, 0, 1
	m := newModel(t, c, s)
	for i, p := range m.params {
		p.Set(weights.params[i].AppendTo(nil))
	}
	rows := make(map[int32]plainRow)
	for i := range m.task.rows() {
		if err := m.runBatch(i); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		d, err := number(m.data)
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if err := m.addGradients(true); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		id := int32(i)
		switch x := m.task.(type) {
		case *entropyTask:
			id = int32(x.words[i])
		case *logisticTask:
			id = int32(x.masks[i].Word)
		}
		rows[id] = append(plainRow{d}, gradients(m)...)
	}
	return rows
}

// fusedBatches lists every loss in every form, with and without a penalty, in
// float64 and in float32.
func fusedBatches() []Spec {
	var all []Spec
	for _, s := range specs() {
		if s.Fused {
			all = append(all, s)
			s.Float32 = true
			all = append(all, s)
		}
	}
	return all
}

// randomBatch draws rows with weights of any size, of which some are zero.
func randomBatch(rng *rand.Rand, ids []int32, share float64) *Batch {
	b := &Batch{}
	for _, id := range ids {
		if rng.Float64() < share {
			b.Rows = append(b.Rows, id)
			b.Weights = append(b.Weights, []float64{0, 1e-3, 0.3, 1, 7, 0.01}[rng.IntN(6)])
		}
	}
	return b
}

func runRows(t tb, m *Model, b *Batch) []float64 {
	t.Helper()
	if err := m.Prepare(b); err != nil {
		t.Fatalf("prepare: %v", err)
	}
	loss, err := m.RunBatch(b)
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	return figuresAfter(m, loss)
}

// TestRowBatches wants the loss of a batch and its gradient to be the weighted sum
// of those of single rows in the plain graph, of which each stands for its mass
// of the whole, and the penalty whole. Batches follow each other, and runs of all
// rows, with one plan and several.
func TestRowBatches(t *testing.T) {
	for _, name := range []string{"candle", "a last word only", "two words a line", "one word in all"} {
		var c corpus
		if text, ok := shapes[name]; ok {
			c = newCorpus(t, text, 16)
		} else {
			c = builtInCorpus(t, name)
		}
		for i, s := range fusedBatches() {
			if !c.canLearn(s) {
				continue
			}
			m := newModel(t, c, s)
			randomise32(m, uint64(i), 1)
			tolerance := 1e-12
			if s.Float32 {
				tolerance = 1e-5
			}
			ids, masses, unit := m.Rows()
			rows, rng := plainRows(t, c, s, m), rand.New(rand.NewPCG(uint64(i), 8))
			var norm float64
			var slope []float64
			for _, p := range m.params {
				for _, x := range p.AppendTo(nil) {
					norm, slope = norm+s.L2*x*x, append(slope, 2*s.L2*x)
				}
			}
			kept := &Batch{}
			for try, share := range []float64{1, 0.5, 0.3, 0.5, 0, 0.7} {
				b := randomBatch(rng, ids, share)
				if try%2 == 1 { // the memory of a plan serves again
					kept.Rows, kept.Weights = b.Rows, b.Weights
					b = kept
				}
				want := append([]float64{0, norm}, slope...)
				at := 0
				for j, id := range b.Rows {
					for ids[at] != id {
						at++
					}
					if masses[at] == 0 {
						continue
					}
					a := b.Weights[j] / (float64(masses[at]) * unit)
					row := rows[id]
					want[0] += a * row[0]
					for k, g := range row[1:] {
						want[2+k] += a * g
					}
				}
				what := fmt.Sprintf("%s, %s, float32 %v, batch %d", name, describe(s), s.Float32, try)
				got := runRows(t, m, b)
				wantNear(t, what, got, want, largest(want...), tolerance)
				fresh := newModel(t, c, s)
				for i, p := range fresh.params {
					p.Set(m.params[i].AppendTo(nil))
				}
				again := &Batch{Rows: b.Rows, Weights: b.Weights}
				if !sameBits(got, runRows(t, fresh, again)) {
					t.Errorf("%s: a fresh model gives other bits", what)
				}
				if try == 2 || try == 4 { // all rows in between
					if all := figures(t, m); !sameBits(all, figures(t, fresh)) {
						t.Errorf("%s: all rows afterwards give other bits than in a fresh model", what)
					}
				}
			}
		}
	}
}

// randomise32 is randomise for numbers of either type.
func randomise32(m *Model, seed uint64, scale float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, p := range m.Params() {
		x := make([]float64, p.Len())
		for i := range x {
			x[i] = float64(float32(scale * rng.NormFloat64()))
		}
		p.Set(x)
	}
}

// everyRow is the batch of all rows, with the weights that they have in the text.
func everyRow(m *Model) *Batch {
	ids, masses, unit := m.Rows()
	b := &Batch{Rows: append([]int32(nil), ids...)}
	for _, n := range masses {
		b.Weights = append(b.Weights, float64(n)*unit)
	}
	return b
}

// TestBatchOfAll wants the batch of all rows to be what Run computes, on a table
// of several blocks and shards and on texts.
func TestBatchOfAll(t *testing.T) {
	text, table := zipfCorpus(t, 200, 100), corpus{counts: randomTable(t, 600, 9, 1)}
	for i, s := range fusedBatches() {
		c := text
		if s.Task == Recall && s.Objective == CrossEntropy && !s.OneHot {
			c = table
		}
		m := newModel(t, c, s)
		randomise32(m, uint64(i), 1)
		want := figures(t, m)
		got := runRows(t, m, everyRow(m))
		tolerance := 1e-12
		if s.Float32 {
			tolerance = 1e-5
		}
		wantNear(t, fmt.Sprintf("%s, float32 %v", describe(s), s.Float32), got, want, absMost(want), tolerance)
	}
}

// TestTableBatches draws batches from a table of several shards, with gaps between
// the words of a block, and wants the bits of a fresh model and, of two batches
// that share no row, the sum of both.
func TestTableBatches(t *testing.T) {
	c := corpus{counts: randomTable(t, 600, 9, 2)}
	for _, single := range []bool{false, true} {
		s := Spec{Task: Recall, Objective: CrossEntropy, Rank: 7, Fused: true, Float32: single}
		m, tolerance := newModel(t, c, s), 1e-13
		if single {
			tolerance = 1e-6
		}
		randomise32(m, 1, 1)
		ids, _, _ := m.Rows()
		all := everyRow(m)
		rng := rand.New(rand.NewPCG(1, 9))
		var halves [2]Batch
		for i := range ids {
			h := &halves[rng.IntN(2)]
			h.Rows, h.Weights = append(h.Rows, ids[i]), append(h.Weights, all.Weights[i])
		}
		want := figures(t, m)
		first, second := runRows(t, m, &halves[0]), runRows(t, m, &halves[1])
		sum := make([]float64, len(first))
		for i := range sum {
			sum[i] = first[i] + second[i]
		}
		wantNear(t, fmt.Sprintf("float32 %v", single), sum, want, absMost(want), tolerance)
		if !sameBits(want, figures(t, m)) {
			t.Errorf("float32 %v: all rows give other bits after batches", single)
		}
	}
}
