package main

import (
	"fmt"
	"os"
	"path/filepath"

	"qk/cmd/qk-bench/internal/wire"
	"qk/data"
	"qk/graph"
	"qk/graph/kernel"
	"qk/train"

	G "gorgonia.org/gorgonia"
)

// ours is the contestant qk: the fused graph and the solver that qk train takes,
// in float32. Its variants are the numbers of goroutines.
func ours(p *wire.Problem, folder string) wire.Contestant {
	isa, err := kernel.Default()
	if err != nil {
		isa = "no kernels: " + kernel.ISA(err.Error())
	}
	return wire.Contestant{
		Name: "qk", Version: "float32, " + string(isa), Variants: []string{"all cores", "one core"},
		Start: func(variant string) (wire.Trainer, error) { return newOurs(p, folder, variant) },
	}
}

// ourTrainer takes the steps of a training run.
type ourTrainer struct {
	model   *graph.Model
	params  []G.ValueGrad
	solver  train.Solver
	batches []graph.Batch // none if every step sees all rows
	steps   int
}

func newOurs(p *wire.Problem, folder, variant string) (*ourTrainer, error) {
	counts, err := ourCounts(p, folder)
	if err != nil {
		return nil, err
	}
	spec := graph.Spec{Task: graph.Task(p.Task), Objective: graph.CrossEntropy, Null: true, Rank: p.R, Fused: true, Float32: true}
	m, err := graph.New(spec, counts, nil)
	if err != nil {
		return nil, err
	}
	t := &ourTrainer{model: m, params: m.ValueGrads()}
	for i, name := range []string{"Q", "K"} {
		copy(m.Params()[i].Data32, p.Floats(name))
	}
	if !p.Full {
		if t.batches, err = ourBatches(p, m); err != nil {
			return nil, err
		}
	}
	c := train.DefaultConfig(spec.Task)
	c.Precision = train.Float32
	c.LR, c.Beta1, c.Beta2 = p.Adam.Rate, p.Adam.Beta1, p.Adam.Beta2 // ε is 1e-8
	if t.solver, err = train.SolverOf(c, m); err != nil {
		return nil, err
	}
	if variant == "all cores" {
		m.Start(0)
	}
	return t, nil
}

// ourBatches prepares the batches of a problem, which the peers get ready too.
func ourBatches(p *wire.Problem, m *graph.Model) ([]graph.Batch, error) {
	rows := "rows"
	if p.Task == "predict" {
		rows = "position"
	}
	batches := make([]graph.Batch, p.Batches)
	for b := range batches {
		batches[b].Rows = p.Ints(rows)[b*p.B : (b+1)*p.B]
		for i := range p.B {
			weight := 1 / float64(p.B)
			if p.Task == "recall" {
				weight = float64(p.Floats("weight")[b*p.B+i])
			}
			batches[b].Weights = append(batches[b].Weights, weight)
		}
		if err := m.Prepare(&batches[b]); err != nil {
			return nil, err
		}
	}
	return batches, nil
}

// Step implements [wire.Trainer].
func (t *ourTrainer) Step() (float64, error) {
	var batch *graph.Batch
	if len(t.batches) > 0 {
		batch = &t.batches[t.steps%len(t.batches)]
	}
	t.steps++
	loss, err := t.model.RunBatch(batch)
	if err != nil {
		return 0, err
	}
	return loss.Data, t.solver.Step(t.params)
}

// Close implements [wire.Trainer].
func (t *ourTrainer) Close() { t.model.Stop() }

// ourCounts returns the counts of a problem: its table, or those of its text.
func ourCounts(p *wire.Problem, folder string) (*data.Counts, error) {
	if p.Task == "predict" {
		text, err := os.ReadFile(filepath.Join(folder, p.Text))
		if err != nil {
			return nil, err
		}
		return countText(string(text), p.L)
	}
	start, word, count := p.Ints("c1_start"), p.Ints("c1_word"), p.Ints("c1_count")
	names := make([]string, p.V)
	for i := range names {
		names[i] = fmt.Sprintf("w%06d", i)
	}
	c := &data.Counts{
		Corpus: &data.Corpus{Vocab: data.NewVocabulary(names)}, Context: 1,
		Transitions: make([]data.Row, p.V), Pairs: make([][]data.Pair, p.V),
	}
	for w := range c.Transitions {
		row := &c.Transitions[w]
		for j := start[w]; j < start[w+1]; j++ {
			row.Cells = append(row.Cells, data.Cell{Word: data.Word(word[j]), N: uint64(count[j])})
			row.Total += uint64(count[j])
		}
		c.Total += row.Total
	}
	return c, nil
}
