package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"qk/data"
	"qk/graph/kernel"
)

// Loss is what a run computes.
type Loss struct {
	Data    float64 // over all rows, nats per position unless the objective says otherwise
	Penalty float64 // λ(‖Q‖² + ‖K‖²)
}

// Total is the function whose gradient the parameters get.
func (l Loss) Total() float64 { return l.Data + l.Penalty }

// task is a loss on top of the scores: what differs between models.
type task interface {
	// rows is the number of rows of the whole data.
	rows() int
	// allocate makes the inputs for batches of B rows.
	allocate(B int)
	// load writes the rows first … first+n−1 of the data into the inputs, and
	// rows that add nothing to the loss after them.
	load(first, n int)
	// query is X [B,V], part of the inputs.
	query() []float64
	// loss adds the sum of the rows' losses to the graph, a scalar node, given
	// the scores [B,V].
	loss(b *builder, B int, scores *G.Node) *G.Node
}

// Model is a graph with its data: a loss and its gradient as a function of the
// weights.
type Model struct {
	// Weights shares its memory with the parameters, unless they are float32: then
	// [Model.Push] and [Model.Pull] copy between the two.
	Weights *Weights
	// ISA tells which kernels compute.
	ISA kernel.ISA

	task    task // nil in a fused model
	fused   fusedModel
	team    team
	norm64  gradNorm[float64]
	norm32  gradNorm[float32]
	params  []*Parameter
	machine *Machine
	batch   int // B
	loaded  int // the first row that is in the inputs, or −1

	data, penalty *G.Node // scalars; penalty is nil without one
	weight        *G.Node // λ in the first batch of a run and 0 in the others
	lambda        float64
}

// source is what a model learns from: of predict the votes, else the counts or, for
// the objective logistic, the masks.
type source struct {
	V      int
	counts *data.Counts
	masks  *data.Masks
	votes  *data.Voters
}

// New builds the graph of a model over counted data, of which predict takes the
// plain shares for votes. The weights are zero: set them with [Weights.Draw]. masks
// are needed for the objective logistic only.
func New(spec Spec, counts *data.Counts, masks *data.Masks) (*Model, error) {
	from := source{V: counts.V(), counts: counts, masks: masks}
	if spec.Task == Predict {
		if counts.Pairs == nil {
			return nil, fmt.Errorf("graph: the task %s needs the counts of pairs: count with data.Count", spec.Task)
		}
		from.votes = data.NewVoters(counts)
	}
	return newModelOn(spec, from)
}

// NewPredict is [New] for the task predict with any votes.
func NewPredict(spec Spec, votes *data.Voters) (*Model, error) {
	if spec.Task != Predict {
		return nil, fmt.Errorf("graph: the task %s does not learn from votes", spec.Task)
	}
	return newModelOn(spec, source{V: votes.V(), votes: votes})
}

func newModelOn(spec Spec, from source) (*Model, error) {
	if err := spec.validate(from.V); err != nil {
		return nil, err
	}
	var t task
	if spec.Task != Predict || !spec.Fused { // else it would lay out the votes for nothing
		var err error
		if t, err = newTask(spec, from); err != nil {
			return nil, err
		}
	}
	w := NewWeights(from.V, spec.Rank, spec.OneHot, spec.Scaled)
	m, err := modelOf(w)
	if err != nil {
		return nil, err
	}
	m.lambda = spec.L2
	m.learn(spec)
	if spec.Fused {
		m.fused = newFused(spec, from, m)
		return m, m.buildFused()
	}
	m.task, m.batch, m.loaded = t, spec.batchRows(t.rows(), w.V), -1
	return m, m.build(m.elementary(w.scores))
}

func modelOf(w *Weights) (*Model, error) {
	isa, err := kernel.Default()
	if err != nil {
		return nil, err
	}
	return &Model{
		Weights: w, ISA: isa,
		norm64: gradNorm[float64]{set: kernel.New[float64](isa)}, norm32: gradNorm[float32]{set: kernel.New[float32](isa)},
	}, nil
}

// learn makes the parameters of the weights.
func (m *Model) learn(spec Spec) {
	w := m.Weights
	add := func(name string, x []float64) {
		if spec.Float32 {
			m.params = append(m.params, newParameter32(name, w.V, w.R))
		} else {
			m.params = append(m.params, newParameter(name, w.V, w.R, x))
		}
	}
	if !spec.OneHot {
		add("Q", w.Q)
	}
	add("K", w.K)
}

// Push copies the weights to the parameters of a model of float32, rounded. In
// any other model they are the same.
func (m *Model) Push() {
	for i, p := range m.params {
		if p.Data32 != nil {
			p.Set(m.matrices()[i])
		}
	}
}

// Pull copies the parameters of a model of float32 to the weights.
func (m *Model) Pull() {
	for i, p := range m.params {
		if p.Data32 != nil {
			p.AppendTo(m.matrices()[i][:0])
		}
	}
}

// matrices returns the weights that are learned.
func (m *Model) matrices() [][]float64 {
	if m.Weights.OneHot {
		return [][]float64{m.Weights.K}
	}
	return [][]float64{m.Weights.Q, m.Weights.K}
}

func newTask(spec Spec, from source) (task, error) {
	switch {
	case spec.Task == Predict:
		return newPredictTask(from.votes, spec.Null), nil
	case spec.Objective == Squared:
		return &squaredTask{counts: from.counts}, nil
	case spec.Objective == Logistic:
		return newLogisticTask(from.counts, from.masks)
	}
	return newEntropyTask(from.counts), nil
}

// Params returns what is learned: Q and K, or K alone in the one-hot form.
func (m *Model) Params() []*Parameter { return m.params }

// ValueGrads returns the parameters as a gorgonia.Solver takes them.
func (m *Model) ValueGrads() []G.ValueGrad {
	vs := make([]G.ValueGrad, len(m.params))
	for i, p := range m.params {
		vs[i] = p
	}
	return vs
}

// Run computes the loss over all rows and its gradient, which every parameter
// holds afterwards. Batches are added up in the order of the data.
func (m *Model) Run() (Loss, error) {
	if m.fused != nil {
		return m.RunBatch(nil)
	}
	var loss Loss
	for first := 0; first < m.task.rows(); first += m.batch {
		if err := m.runBatch(first); err != nil {
			return loss, err
		}
		d, err := number(m.data)
		if err != nil {
			return loss, err
		}
		loss.Data += d
		if first == 0 && m.penalty != nil {
			if loss.Penalty, err = number(m.penalty); err != nil {
				return loss, err
			}
		}
		if err := m.addGradients(first == 0); err != nil {
			return loss, err
		}
	}
	return loss, nil
}

func (m *Model) runBatch(first int) error {
	if m.loaded != first { // a model of one batch keeps its inputs
		m.task.load(first, min(m.batch, m.task.rows()-first))
		m.loaded = first
	}
	if m.weight != nil {
		lambda := m.lambda
		if first > 0 {
			lambda = 0
		}
		if err := G.Let(m.weight, lambda); err != nil {
			return fmt.Errorf("graph: set λ: %w", err)
		}
	}
	return m.machine.RunAll()
}

func (m *Model) addGradients(replace bool) error {
	for _, p := range m.params {
		g, err := dense(p.grad.Value())
		if err != nil {
			return fmt.Errorf("graph: gradient of %s: %w", p.Name, err)
		}
		if len(g) != len(p.Gradient) {
			return fmt.Errorf("graph: gradient of %s has %d numbers, not %d", p.Name, len(g), len(p.Gradient))
		}
		if replace {
			copy(p.Gradient, g)
			continue
		}
		for i, v := range g {
			p.Gradient[i] += v
		}
	}
	return nil
}

// number returns the value of a scalar node.
func number(n *G.Node) (float64, error) {
	x, ok := n.Value().Data().(float64)
	if !ok {
		return 0, fmt.Errorf("graph: %v is not a number but a %T", n, n.Value().Data())
	}
	return x, nil
}
