package graph

import (
	"math"

	"qk/data"
	"qk/graph/kernel"
)

// newFusedLoss returns the fused form of a spec's loss.
func newFusedLoss[F kernel.Float](spec Spec, from source, s shape, set *kernel.Set[F], t *team) fusedLoss[F] {
	switch {
	case spec.Task == Predict:
		return newFusedPredict(from.votes, s, spec.Null, set, t)
	case spec.Objective == Squared:
		return newFusedSquared(from.counts, s, set, t)
	case spec.Objective == Logistic:
		return newFusedLogistic(from.masks, s, set, t)
	}
	return newFusedEntropy(from.counts, s, set, t)
}

// cells is a sparse table that recall reproduces, with what the fused losses of
// its cells share: a weight for every row of the batch, and the gradient from a
// derivative for every cell.
type cells[F kernel.Float] struct {
	pairMath[F]
	team   *team
	ids    []int32   // [V] 0, 1, 2, …
	weight []float64 // [V] a_w: 0 for rows that are not in the batch

	scores, ds, by []F // [pairs] S; scale · derivative, and by columns
	q, k, dq, dk   []F
}

// newCells lists the cells of a table: those of row w are what list appends to u.
func newCells[F kernel.Float](s shape, set *kernel.Set[F], t *team, list func(w int, u []int32) []int32) cells[F] {
	c := cells[F]{pairMath: pairMath[F]{s, set, &pairTable{}}, team: t}
	c.reset()
	for w := range s.V {
		c.row(int32(w))
		c.u = list(w, c.u)
		c.endRow()
		c.ids = append(c.ids, int32(w))
	}
	c.index(s.V)
	n := c.len()
	c.weight = make([]float64, s.V)
	c.scores, c.ds, c.by = make([]F, n), make([]F, n), make([]F, n)
	return c
}

func (c *cells[F]) prepare(*Batch) {}

// useRows sets the weights of the rows; every row of the whole table weighs unit.
func (c *cells[F]) useRows(b *Batch, unit float64) {
	for w := range c.weight {
		c.weight[w] = unit
	}
	if b == nil {
		return
	}
	clear(c.weight)
	for i, w := range b.Rows {
		c.weight[w] = b.Weights[i]
	}
}

// wipe has nothing to do: every row and every column of the gradient that has a
// cell is written by each run, whatever the batch.
func (c *cells[F]) wipe([]F, []F) {}

// gradients is the work of one member: its rows of dQ, or in the second round its
// columns of dK, from ds.
func (c *cells[F]) keys(member, members int) {
	first, last := share(c.columnStart, member, members)
	c.keyGradients(first, last, c.ds, c.by, c.q, c.dk)
}

// fusedLogistic is the loss of logisticTask. Only the observed cells have a part
// in it, so a step costs O(cells × R).
type fusedLogistic[F kernel.Float] struct {
	cells[F]
	informs []bool    // [cells] M[w,u]
	losses  []float64 // [V]
	masses  []uint64  // [V] observed cells
	work    func(member, members int)
}

func newFusedLogistic[F kernel.Float](m *data.Masks, s shape, set *kernel.Set[F], t *team) *fusedLogistic[F] {
	o := &fusedLogistic[F]{losses: make([]float64, s.V), masses: make([]uint64, s.V)}
	o.cells = newCells(s, set, t, func(w int, u []int32) []int32 {
		for _, c := range m.Rows[w].Candidates {
			u = append(u, int32(c.Word))
			o.informs = append(o.informs, c.Informs)
		}
		o.masses[w] = uint64(len(m.Rows[w].Candidates))
		return u
	})
	o.work = o.descend
	o.use(nil)
	return o
}

func (o *fusedLogistic[F]) rows() ([]int32, []uint64, float64) {
	return o.ids, o.masses, 1 / float64(o.len())
}

// use sets the weights of the cells: the loss of a row is the mean over its own.
func (o *fusedLogistic[F]) use(b *Batch) {
	o.useRows(b, 1/float64(o.len()))
	if b != nil {
		for w, n := range o.masses {
			o.weight[w] /= float64(max(1, n))
		}
	}
}

func (o *fusedLogistic[F]) run(q, k, dq, dk []F) float64 {
	o.q, o.k, o.dq, o.dk = q, k, dq, dk
	o.team.run(o.team.size(maxShards, o.len()*o.R), o.work)
	o.q, o.k, o.dq, o.dk = nil, nil, nil, nil
	var loss float64
	for _, l := range o.losses {
		loss += l
	}
	return loss
}

func (o *fusedLogistic[F]) descend(member, members int) {
	first, last := share(o.start, member, members)
	for w := first; w < last; w++ {
		o.losses[w] = o.rowLoss(w)
		if o.dq != nil {
			o.queryGradient(w, o.ds, o.k, o.dq)
		}
	}
	if o.dk != nil {
		o.team.wait()
		o.keys(member, members)
	}
}

// rowLoss is the sum over the cells of a row of a(ln(1+e^s) − t·s), with
// derivative a(σ(s) − t). ln(1+e^s) is max(s,0) + ln(1+e^−|s|), so nothing
// overflows.
func (o *fusedLogistic[F]) rowLoss(w int) float64 {
	a, loss := o.weight[w], 0.0
	first, last := o.start[w], o.start[w+1]
	if a == 0 {
		clear(o.ds[first:last])
		return 0
	}
	o.pairMath.scores(w, o.q, o.k, o.cells.scores)
	for p := first; p < last; p++ {
		s, t := float64(o.cells.scores[p]), 0.0
		if o.informs[p] {
			t = 1
		}
		e := math.Exp(-math.Abs(s))
		loss += max(s, 0) - t*s + math.Log1p(e)
		sigma := 1 / (1 + e)
		if s < 0 {
			sigma = e / (1 + e)
		}
		o.ds[p] = F(o.scale * a * (sigma - t))
	}
	return a * loss
}
