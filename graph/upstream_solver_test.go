package graph_test

import (
	"reflect"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestUpstreamStepZeroesGradients guards the side effect of Solver.Step: it
// leaves the gradients zero. Bound gradients add up from run to run, so the
// zeroing is what keeps steps independent, and a figure that needs a gradient
// (its norm, a check against counts) must be taken before the step. Until this
// fails, a solver of our own must zero bound gradients too.
func TestUpstreamStepZeroesGradients(t *testing.T) {
	for name, solver := range map[string]G.Solver{
		"vanilla":  G.NewVanillaSolver(),
		"momentum": G.NewMomentum(),
		"rmsprop":  G.NewRMSPropSolver(),
		"adagrad":  G.NewAdaGradSolver(),
		"adam":     G.NewAdamSolver(),
	} {
		t.Run(name, func(t *testing.T) {
			b := newUpstream(t)
			x := b.matrix("x", 1, 2, 1, 2)
			b.grad(b.node(G.Sum(b.node(G.Square(x)))), x)
			gradient := func() G.Value {
				g, err := x.Grad()
				if err != nil {
					t.Fatal(err)
				}
				return g
			}
			vm := b.run(G.BindDualValues(x))
			b.want("gradient", gradient(), 2, 4)
			vm.Reset()
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			b.want("gradient after a second run without a step", gradient(), 4, 8)
			b.step(solver, x)
			b.want("gradient after the step", gradient(), 0, 0)
		})
	}
}

// TestUpstreamAdamHidesState guards the fields of AdamSolver: none is exported,
// neither the moments nor the count of steps, and there is no method but Step.
// A run that was interrupted cannot be resumed to the same result. When this
// fails, see whether the state can be saved and restored through what is new,
// and if so whether our own Adam is still needed.
func TestUpstreamAdamHidesState(t *testing.T) {
	adam := reflect.TypeFor[*G.AdamSolver]()
	for i := range adam.Elem().NumField() {
		if field := adam.Elem().Field(i); field.IsExported() {
			t.Errorf("AdamSolver exports %s", field.Name)
		}
	}
	for _, name := range []string{"cache", "iter"} {
		if _, found := adam.Elem().FieldByName(name); !found {
			t.Errorf("AdamSolver has no field %s", name)
		}
	}
	if adam.NumMethod() != 1 || adam.Method(0).Name != "Step" {
		t.Errorf("AdamSolver has %d methods, want Step alone", adam.NumMethod())
	}
}

// TestUpstreamSharedGradient guards gradients that are one node. The gradients
// of both terms of a sum are the same node, so a solver that zeroes, clips or
// scales the first spoils the second: below, y does not move. Q and K behind
// one addition would train one of the two. Bound gradients are copies and do
// not suffer. Until this fails, a solver must only read gradients that are not
// bound.
func TestUpstreamSharedGradient(t *testing.T) {
	b := newUpstream(t)
	x, y := b.matrix("x", 1, 2, 5, 6), b.matrix("y", 1, 2, 7, 8)
	gradients := b.grad(b.node(G.Sum(b.node(G.Add(x, y)))), x, y)
	if gradients[0] != gradients[1] {
		t.Error("the gradients of x and y are two nodes, want one")
	}
	b.run()
	b.step(G.NewVanillaSolver(G.WithLearnRate(1)), x, y)
	b.want("x after the step", x.Value(), 4, 5)
	b.want("y after the step", y.Value(), 7, 8)
}

// TestUpstreamGradientAliasesOne guards what Sum's gradient of a (1,1) matrix
// is: the memory of the constant 1 that all graphs of the process share as the
// gradient of their cost. A machine that binds the results of Op.Do, followed
// by a solver that zeroes gradients, sets that constant to 0, and from then on
// every gradient in the process is 0. Until this fails, a solver of our own
// must never write to a gradient, or the machine must copy it.
func TestUpstreamGradientAliasesOne(t *testing.T) {
	output, err, child := upstreamChild(t)
	if child {
		b := newUpstream(t)
		x := b.matrix("x", 1, 1, 5)
		b.grad(b.node(G.Sum(x)), x)
		b.walk()
		b.step(G.NewVanillaSolver(), x)

		b = newUpstream(t)
		gradients := b.grad(b.node(G.Sum(b.matrix("y", 1, 2, 5, 6))), b.g.Inputs()[0])
		b.walk()
		t.Logf("gradient of y: %v", upstreamNumbers(gradients[0].Value()))
		return
	}
	if err != nil || !strings.Contains(output, "gradient of y: [0 0]") {
		t.Errorf("the second graph's gradient is not zero (%v):\n%s", err, output)
	}
}

// walk runs the graph by calling Op.Do node by node.
func (b upstream) walk() {
	b.Helper()
	sorted, err := G.Sort(b.g)
	if err != nil {
		b.Fatal(err)
	}
	for i := len(sorted) - 1; i >= 0; i-- { // operands come last
		n := sorted[i]
		var operands []G.Value
		for it := b.g.From(n.ID()); it.Next(); {
			operands = append(operands, it.Node().(*G.Node).Value())
		}
		if len(operands) == 0 {
			continue // an input or a constant
		}
		value, err := n.Op().Do(operands...)
		if err == nil {
			err = G.UnsafeLet(n, value)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
