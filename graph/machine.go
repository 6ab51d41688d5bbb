package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Machine runs an expression graph: a gorgonia.VM that walks the nodes in
// topological order in the goroutine of the caller.
//
// Gorgonia's TapeMachine runs operations in a goroutine of its own, so that a
// panic inside one, a shape that its author did not think of, ends the whole
// program; here it becomes an error that names the node. The TapeMachine also
// writes results over operands that it believes to be dead, so that the values
// of inner nodes are not to be trusted after a run; here no operation writes
// over another's result. It makes every result anew; here a result is written
// over that of the run before, where the operation can. A value may also share
// memory with another node's or with a constant of Gorgonia's own, so callers
// copy what they keep and change.
type Machine struct {
	inputs []slot
	steps  []step
	values []G.Value
}

type slot struct {
	node *G.Node
	at   int // index in values
}

type step struct {
	slot
	op   G.Op
	from []int // where the operands are in values
	in   []G.Value
	into G.UsePreallocDoer // the operation, if it can write over its last result
}

var _ G.VM = (*Machine)(nil)

// NewMachine prepares to run a graph, which must not change afterwards. It
// returns an error if the graph has a cycle.
func NewMachine(g *G.ExprGraph) (*Machine, error) {
	sorted, err := G.Sort(g) // results before operands
	if err != nil {
		return nil, fmt.Errorf("graph: sort: %w", err)
	}
	m := &Machine{values: make([]G.Value, len(sorted))}
	index := make(map[int64]int, len(sorted))
	for i := len(sorted) - 1; i >= 0; i-- {
		n, at := sorted[i], len(index)
		index[n.ID()] = at
		operands := g.From(n.ID())
		if n.Op() == nil || operands.Len() == 0 {
			m.inputs = append(m.inputs, slot{n, at})
			continue
		}
		s := step{slot: slot{n, at}, op: n.Op()}
		for operands.Next() {
			s.from = append(s.from, index[operands.Node().ID()])
		}
		s.in = make([]G.Value, len(s.from))
		m.steps = append(m.steps, s)
	}
	return m, nil
}

// RunAll computes every node from the values that the inputs have now. An error
// or a panic of an operation is returned as an [*OpError].
func (m *Machine) RunAll() (err error) {
	var current *G.Node
	defer func() {
		if r := recover(); r != nil {
			err = &OpError{Node: fmt.Sprint(current), Err: fmt.Errorf("panic: %v", r)}
		}
	}()
	for _, in := range m.inputs {
		current = in.node
		v := in.node.Value()
		if v == nil {
			return &OpError{Node: in.node.Name(), Err: errNoValue}
		}
		m.values[in.at] = v
	}
	for i := range m.steps {
		s := &m.steps[i]
		current = s.node
		for j, from := range s.from {
			s.in[j] = m.values[from]
		}
		v, err := s.do(m.values[s.at])
		if err == nil && v != m.values[s.at] { // an operation may keep its result's memory
			err = G.UnsafeLet(s.node, v)
		}
		if err != nil {
			return &OpError{Node: fmt.Sprint(s.node), Err: err}
		}
		m.values[s.at] = v
	}
	return nil
}

// do computes the operation of a step from its operands; last is its result in the
// run before, nil at first.
func (s *step) do(last G.Value) (G.Value, error) {
	if s.into != nil {
		return s.into.UsePreallocDo(last, s.in...)
	}
	v, err := s.op.Do(s.in...)
	if err == nil && last == nil && reusable(s.op, v, s.in) {
		s.into = s.op.(G.UsePreallocDoer)
	}
	return v, err
}

// reusable tells whether an operation can write over its result in the next run:
// it is one of Gorgonia's that do so correctly, and the result is a tensor with
// memory of its own.
func reusable(op G.Op, v G.Value, in []G.Value) bool {
	switch fmt.Sprintf("%T", op) { // they are not exported
	case "gorgonia.elemBinOp", "gorgonia.elemUnaryOp", "gorgonia.linAlgBinOp":
	default:
		return false
	}
	_, can := op.(G.UsePreallocDoer)
	t, ok := v.(*tensor.Dense)
	if !can || !ok || t.RequiresIterator() || t.IsScalar() {
		return false
	}
	for _, x := range in {
		if x.Uintptr() == t.Uintptr() {
			return false
		}
	}
	return true
}

// Reset does nothing: a run starts from the inputs alone.
func (m *Machine) Reset() {}

// Close does nothing: no goroutine and no resource outlives a run.
func (m *Machine) Close() error { return nil }

var errNoValue = fmt.Errorf("input without a value")

// OpError says at which node of a graph a run failed.
type OpError struct {
	Node string
	Err  error
}

func (e *OpError) Error() string { return fmt.Sprintf("graph: node %s: %v", e.Node, e.Err) }

// Unwrap returns the operation's own error.
func (e *OpError) Unwrap() error { return e.Err }
