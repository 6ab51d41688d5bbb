package main

import (
	"errors"
	"fmt"
	"path/filepath"

	G "gorgonia.org/gorgonia"

	"qk/cmd/qk-bench/internal/wire"
	"qk/data"
	"qk/graph"
	"qk/train"
)

// ours is the contestant qk. This file is all that knows how qk's model and solver
// are called.
//
// The graph computes in float64 and over all rows so far: recall in batches is
// made of one model a batch, and predict in batches is refused. What changes with
// a float32 graph that takes batches is newGradient alone.
func ours(p *wire.Problem, folder string) wire.Contestant {
	return wire.Contestant{
		Name: "qk", Version: "float64", Variants: []string{"fused"},
		Start: func(string) (wire.Trainer, error) {
			gradient, err := newGradient(p, folder)
			if err != nil {
				return nil, err
			}
			c := train.DefaultConfig(graph.Task(p.Task))
			c.LR, c.Beta1, c.Beta2 = p.Adam.Rate, p.Adam.Beta1, p.Adam.Beta2 // ε is 1e-8
			solver, err := train.NewSolver(c, []int{p.V * p.R, p.V * p.R})
			if err != nil {
				return nil, err
			}
			return &ourTrainer{p: p, gradient: gradient, solver: solver}, nil
		},
	}
}

// gradient computes the loss of a batch and its gradient. after is called when
// the solver has stepped.
type gradient interface {
	batch(b int) (loss float64, params []G.ValueGrad, err error)
	after(b int)
	close()
}

type ourTrainer struct {
	p        *wire.Problem
	gradient gradient
	solver   train.Solver
	steps    int
}

// Step implements [wire.Trainer].
func (t *ourTrainer) Step() (float64, error) {
	b := t.steps % t.p.Batches
	t.steps++
	loss, params, err := t.gradient.batch(b)
	if err != nil {
		return 0, err
	}
	if err := t.solver.Step(params); err != nil {
		return 0, err
	}
	t.gradient.after(b)
	return loss, nil
}

// Close implements [wire.Trainer].
func (t *ourTrainer) Close() { t.gradient.close() }

// newGradient builds the model of a problem with the problem's weights.
func newGradient(p *wire.Problem, folder string) (gradient, error) {
	if p.Task == "predict" {
		return nil, fmt.Errorf("%w (text %s)", errNoPositions, filepath.Base(folder))
	}
	spec := graph.Spec{Task: graph.Recall, Objective: graph.CrossEntropy, Rank: p.R, Fused: true}
	models := &modelPerBatch{}
	for b := range p.Batches {
		m, err := graph.New(spec, batchCounts(p, b), nil)
		if err != nil {
			return nil, err
		}
		models.list = append(models.list, m)
	}
	w := models.list[0].Weights
	for i, x := range p.Floats("Q") {
		w.Q[i] = float64(x)
	}
	for i, x := range p.Floats("K") {
		w.K[i] = float64(x)
	}
	return models, nil
}

var errNoPositions = errors.New("qk does not take batches of positions yet")

// modelPerBatch has a model for every batch. The weights live in the first one.
type modelPerBatch struct{ list []*graph.Model }

func (m *modelPerBatch) batch(b int) (float64, []G.ValueGrad, error) {
	if b > 0 {
		copy(m.list[b].Weights.Q, m.list[0].Weights.Q)
		copy(m.list[b].Weights.K, m.list[0].Weights.K)
	}
	loss, err := m.list[b].Run()
	return loss.Total(), m.list[b].ValueGrads(), err
}

func (m *modelPerBatch) after(b int) {
	if b > 0 {
		copy(m.list[0].Weights.Q, m.list[b].Weights.Q)
		copy(m.list[0].Weights.K, m.list[b].Weights.K)
	}
}

func (m *modelPerBatch) close() {}

// batchCounts returns counts of which the rows of a batch have the batch's
// weights as their shares of the total, to 20 bits, and all others are empty.
func batchCounts(p *wire.Problem, b int) *data.Counts {
	start, word, count := p.Ints("c1_start"), p.Ints("c1_word"), p.Ints("c1_count")
	names := make([]string, p.V)
	for i := range names {
		names[i] = fmt.Sprintf("w%06d", i)
	}
	c := &data.Counts{
		Corpus: &data.Corpus{Vocab: data.NewVocabulary(names)}, Context: 1,
		Transitions: make([]data.Row, p.V), Pairs: make([][]data.Pair, p.V),
	}
	for i, w := range p.Ints("rows")[b*p.B : (b+1)*p.B] {
		row := &c.Transitions[w]
		var total float64
		for j := start[w]; j < start[w+1]; j++ {
			total += float64(count[j])
		}
		times := uint64(float64(p.Floats("weight")[b*p.B+i])*(1<<45)/total + 0.5)
		for j := start[w]; j < start[w+1]; j++ {
			n := times * uint64(count[j])
			row.Cells = append(row.Cells, data.Cell{Word: data.Word(word[j]), N: n})
			row.Total += n
		}
		c.Total += row.Total
	}
	return c
}
