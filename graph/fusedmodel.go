package graph

import (
	"fmt"
	"runtime"
	"slices"

	G "gorgonia.org/gorgonia"

	"qk/graph/kernel"
)

// fusedModel is what a [Model] needs of its one operation, whatever its numbers.
type fusedModel interface {
	G.Op
	use(*Batch)
	prepare(*Batch)
	rows() (ids []int32, masses []uint64, unit float64)
	loss() Loss
	withGradient(bool)
	eachLoss([]float64) bool
}

func (o *fusedOp[F]) use(b *Batch)                       { o.inner.use(b) }
func (o *fusedOp[F]) prepare(b *Batch)                   { o.inner.prepare(b) }
func (o *fusedOp[F]) rows() ([]int32, []uint64, float64) { return o.inner.rows() }
func (o *fusedOp[F]) loss() Loss                         { return o.last }
func (o *fusedOp[F]) withGradient(yes bool)              { o.forward = !yes }

// eachLoss asks for the loss of every position, and tells whether the loss has
// positions.
func (o *fusedOp[F]) eachLoss(each []float64) bool {
	inner, ok := o.inner.(interface{ eachLoss([]float64) })
	if ok {
		inner.eachLoss(each)
	}
	return ok
}

// newFused builds the operation of a fused model, whose gradients are the
// parameters' own.
func newFused(spec Spec, from source, m *Model) fusedModel {
	isa, s := m.ISA, shapeOf(m.Weights)
	if spec.Float32 {
		set := kernel.New[float32](isa)
		var grads [][]float32
		for _, p := range m.params {
			grads = append(grads, p.Gradient32)
		}
		return newFusedOp(newFusedLoss(spec, from, s, set, &m.team), s, spec.L2, set, &m.team, grads...)
	}
	set := kernel.New[float64](isa)
	var grads [][]float64
	for _, p := range m.params {
		grads = append(grads, p.Gradient)
	}
	return newFusedOp(newFusedLoss(spec, from, s, set, &m.team), s, spec.L2, set, &m.team, grads...)
}

// Start lets a fused model share its work among so many goroutines, or as many as
// there are processors if members is 0, until [Model.Stop]. The number changes no
// bit of a result.
func (m *Model) Start(members int) {
	if m.fused == nil {
		return
	}
	if members == 0 {
		members = min(runtime.GOMAXPROCS(0), runtime.NumCPU())
	}
	m.team.start(min(members, maxShards))
}

// Share divides work into parts among the goroutines of [Model.Start]: it calls
// work in as many of them as pay for so many elementary operations, each with its
// number, and returns when all have returned. Without goroutines, work is called
// once.
func (m *Model) Share(parts, operations int, work func(member, members int)) {
	m.team.run(m.team.size(parts, operations), work)
}

// Stop ends the goroutines that [Model.Start] started.
func (m *Model) Stop() { m.team.stop() }

// Rows lists what batches are made of, with the mass of each row, how much of the
// text it stands for, and the weight of a mass of one in the loss over all rows.
// A plain model has no batches.
func (m *Model) Rows() (ids []int32, masses []uint64, unit float64) {
	if m.fused == nil {
		return nil, nil, 0
	}
	return m.fused.rows()
}

// Prepare readies a batch for [Model.RunBatch], once for any number of runs. The
// rows must be among [Model.Rows], ascending. A batch that was prepared before may
// be filled anew and prepared again, which keeps its memory.
func (m *Model) Prepare(b *Batch) error {
	if m.fused == nil {
		return fmt.Errorf("graph: batches need the fused graph")
	}
	if len(b.Rows) != len(b.Weights) {
		return fmt.Errorf("graph: a batch of %d rows and %d weights", len(b.Rows), len(b.Weights))
	}
	ids, _, _ := m.fused.rows()
	for i, id := range b.Rows {
		if _, known := slices.BinarySearch(ids, id); !known || i > 0 && b.Rows[i-1] >= id {
			return fmt.Errorf("graph: row %d of a batch is unknown or out of order", id)
		}
	}
	m.fused.prepare(b)
	return nil
}

// RunBatch computes the loss of a batch, with the penalty, and its gradient, which
// every parameter holds afterwards.
func (m *Model) RunBatch(b *Batch) (Loss, error) {
	if m.fused == nil {
		return Loss{}, fmt.Errorf("graph: batches need the fused graph")
	}
	m.fused.use(b)
	if err := m.machine.RunAll(); err != nil {
		return Loss{}, err
	}
	return m.fused.loss(), nil
}

// Evaluate computes the loss over all rows, like [Model.Run], and leaves the
// gradient undefined: a fused model does not compute it.
func (m *Model) Evaluate() (Loss, error) {
	if m.fused != nil {
		m.fused.withGradient(false)
		defer m.fused.withGradient(true)
	}
	return m.Run()
}

// Losses computes −ln p at every position, in the order of [data.Voters.Positions].
// It is for fused models of predict, and leaves the gradient undefined.
func (m *Model) Losses() ([]float64, error) {
	if m.fused == nil {
		return nil, fmt.Errorf("graph: the losses of positions need the fused graph")
	}
	ids, _, _ := m.fused.rows()
	each := make([]float64, len(ids))
	if !m.fused.eachLoss(each) {
		return nil, fmt.Errorf("graph: only the task predict has positions")
	}
	defer m.fused.eachLoss(nil)
	_, err := m.Evaluate()
	return each, err
}
