package graph_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestUpstreamEqualNamesMerge guards how a graph recognises a node that it has
// seen: by name, never by data. The second of two constants or inputs with one
// name is dropped, and its data with it. Two tables of counts under one name
// would become one. Until this fails, give every node a name of its own.
func TestUpstreamEqualNamesMerge(t *testing.T) {
	constant := func(rows, cols int, data ...float64) *G.Node {
		return G.NewConstant(upstreamDense(rows, cols, data...), G.WithName("c"))
	}
	t.Run("constants", func(t *testing.T) {
		b := newUpstream(t)
		x := b.matrix("x", 1, 2, 0, 0)
		first := b.node(G.Add(x, constant(1, 2, 1, 2)))
		second := b.node(G.Add(x, constant(1, 2, 3, 4)))
		b.run()
		b.want("x + the first constant", first.Value(), 1, 2)
		b.want("x + the second constant", second.Value(), 1, 2)
	})
	t.Run("constants of two shapes", func(t *testing.T) {
		b := newUpstream(t)
		b.node(G.Add(b.matrix("x", 1, 2, 0, 0), constant(1, 2, 1, 2)))
		b.node(G.Add(b.matrix("y", 1, 3, 0, 0, 0), constant(1, 3, 3, 4, 5)))
		vm := G.NewTapeMachine(b.g)
		defer func() { _ = vm.Close() }()
		if vm.RunAll() == nil {
			t.Error("the sum with the second constant ran, want a mismatch of shapes")
		}
	})
	t.Run("inputs", func(t *testing.T) {
		b := newUpstream(t)
		first := b.matrix("x", 1, 2, 1, 2)
		second := b.matrix("x", 1, 2, 3, 4)
		if first != second {
			t.Error("two inputs named x are two nodes, want one")
		}
		b.want("the second input named x", second.Value(), 1, 2)
	})
}

// TestUpstreamInitialisersSeedFromClock guards the random initialisers, which
// seed a generator from the clock at each call and accept no seed: two runs of
// one configuration start from different Q and K, and no run can be repeated.
// Until this fails, draw the numbers ourselves and pass them with WithValue.
func TestUpstreamInitialisersSeedFromClock(t *testing.T) {
	for name, initialiser := range map[string]struct {
		constructor any
		parameters  int // what remains when mean, deviation, bounds or gain are given
		draw        G.InitWFn
	}{
		"Gaussian": {G.Gaussian, 2, G.Gaussian(0, 1)},
		"Uniform":  {G.Uniform, 2, G.Uniform(-1, 1)},
		"GlorotN":  {G.GlorotN, 1, G.GlorotN(1)},
		"GlorotU":  {G.GlorotU, 1, G.GlorotU(1)},
		"HeN":      {G.HeN, 1, G.HeN(1)},
		"HeU":      {G.HeU, 1, G.HeU(1)},
	} {
		if got := reflect.TypeOf(initialiser.constructor).NumIn(); got != initialiser.parameters {
			t.Errorf("%s has %d parameters, want %d and none for a seed", name, got, initialiser.parameters)
		}
		first := initialiser.draw(tensor.Float64, 8, 8).([]float64)
		time.Sleep(time.Millisecond) // a coarse clock must tick in between
		if slices.Equal(first, initialiser.draw(tensor.Float64, 8, 8).([]float64)) {
			t.Errorf("%s drew the same 64 numbers twice, want fresh ones", name)
		}
	}
}

// TestUpstreamByIndicesGradient guards the gradient of ByIndices on axis 1. The
// strides of the selection and of the matrix are mixed up: the gradient is
// right only if every index is below the number of indices and there are no
// more indices than columns, and otherwise goes to other columns, whether or
// not an index is repeated. Picking columns of K or of S for the words of a
// context would train other words. Until this fails, select along axis 0 (which
// is right) or multiply by a one-hot matrix.
func TestUpstreamByIndicesGradient(t *testing.T) {
	const size = 3
	for _, c := range []struct {
		axis    int
		indices []int
		right   bool
	}{
		{0, []int{2, 2}, true},
		{0, []int{0, 2}, true},
		{0, []int{2, 0, 1, 1}, true},
		{1, []int{2, 1, 0}, true},
		{1, []int{1, 1, 1}, true},
		{1, []int{0, 1}, true},
		{1, []int{2, 2}, false},
		{1, []int{0, 2}, false},
		{1, []int{2}, false},
		{1, []int{2, 0, 1, 1}, false},
	} {
		t.Run(fmt.Sprint(c.axis, c.indices), func(t *testing.T) {
			b := newUpstream(t)
			x := b.matrix("x", size, size, 1, 2, 3, 4, 5, 6, 7, 8, 9)
			selected := b.node(G.ByIndices(x, b.indices(c.indices...), c.axis))
			shape := selected.Shape()
			weights := make([]float64, shape.TotalSize()) // powers of two: every sum of them is another number
			want := make([]float64, size*size)
			for i := range weights {
				weights[i] = float64(int(1) << i)
				row, column := i/shape[1], i%shape[1]
				if c.axis == 0 {
					row = c.indices[row]
				} else {
					column = c.indices[column]
				}
				want[row*size+column] += weights[i]
			}
			w := b.matrix("w", shape[0], shape[1], weights...)
			gradients := b.grad(b.node(G.Sum(b.node(G.HadamardProd(selected, w)))), x)
			b.run()
			if got := gradients[0].Value(); upstreamEqual(got, want) != c.right {
				t.Errorf("gradient is %v, right would be %v, want right = %t", got, want, c.right)
			}
		})
	}
}

// TestUpstreamSliceOfOneElement guards slices that hold one element: the node
// promises a vector of shape (1), the op returns a scalar, and whatever comes
// next fails at run time, by a panic that a tape machine does not survive. The
// first logit of a column, or any of a vocabulary of one word, cannot be used.
// Until this fails, multiply by a one-hot matrix instead of slicing.
func TestUpstreamSliceOfOneElement(t *testing.T) {
	b := newUpstream(t)
	column := b.matrix("column", 3, 1, 7, 8, 9)
	row := b.node(G.Slice(column, G.S(0)))
	element := b.node(G.Slice(row, G.S(0)))
	total := b.node(G.Sum(row))
	value, err := row.Op().Do(column.Value())
	if err != nil {
		t.Fatal(err)
	}
	if row.Shape().Eq(value.Shape()) {
		t.Errorf("the slice has shape %v and its value has too, want a scalar value", row.Shape())
	}
	for _, next := range []*G.Node{element, total} {
		if recovered := upstreamPanic(func() { _, err = next.Op().Do(value) }); recovered == nil {
			t.Errorf("%v of the slice ended with error %v, want a panic", next.Op(), err)
		}
	}
}

// upstreamPanic returns what f panicked with, or nil.
func upstreamPanic(f func()) (recovered any) {
	defer func() { recovered = recover() }()
	f()
	return nil
}
