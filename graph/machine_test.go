package graph

import (
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// faultyOp returns what do returns, or panics with it.
type faultyOp struct {
	positivePart
	do func(G.Value) (G.Value, error)
}

func (o faultyOp) Do(in ...G.Value) (G.Value, error) { return o.do(in[0]) }
func (faultyOp) String() string                      { return "faulty op" }
func (o faultyOp) Hashcode() uint32                  { return hashOf(o) }

// faulty builds x → x² → faulty → sum, where x is [1,3] and 1 2 3.
func faulty(t *testing.T, do func(G.Value) (G.Value, error)) (*Machine, *G.Node) {
	t.Helper()
	b := newBuilder()
	x := b.square(b.matrix("x", 1, 3, []float64{1, 2, 3}))
	total := b.total(b.apply(faultyOp{do: do}, x))
	if b.err != nil {
		t.Fatal(b.err)
	}
	m, err := NewMachine(b.g)
	if err != nil {
		t.Fatal(err)
	}
	return m, total
}

// wantOpError fails the test unless the error is of the node of that name and
// says all of this.
func wantOpError(t *testing.T, err error, node string, says ...string) *OpError {
	t.Helper()
	var op *OpError
	if !errors.As(err, &op) {
		t.Fatalf("error is %v (%T), want an *OpError", err, err)
	}
	if !strings.Contains(op.Node, node) {
		t.Errorf("the node is %q, want %q in it", op.Node, node)
	}
	for _, s := range append(says, op.Node) {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("the error is %q, want %q in it", err, s)
		}
	}
	return op
}

// TestMachineFaults checks that a run that fails says at which node and why, and
// that the next one works: 1² + 2² + 3² = 14.
func TestMachineFaults(t *testing.T) {
	faults := map[string]struct {
		do   func()
		says string
	}{
		"a panic":               {func() { panic("out of luck") }, "panic: out of luck"},
		"a panic with an error": {func() { panic(io.ErrUnexpectedEOF) }, "panic: unexpected EOF"},
		"an index out of range": {func() { _ = make([]int, 1)[len(t.Name())] }, "index out of range"},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			broken := true
			m, total := faulty(t, func(v G.Value) (G.Value, error) {
				if broken {
					f.do()
				}
				return v, nil
			})
			for range 2 {
				wantOpError(t, m.RunAll(), "faulty op", f.says)
			}
			broken = false
			wantTotal(t, m, total, 14)
		})
	}
	t.Run("an error", func(t *testing.T) {
		broken := true
		m, total := faulty(t, func(v G.Value) (G.Value, error) {
			if broken {
				return nil, io.ErrNoProgress
			}
			return v, nil
		})
		op := wantOpError(t, m.RunAll(), "faulty op", io.ErrNoProgress.Error())
		if !errors.Is(op, io.ErrNoProgress) {
			t.Errorf("%v does not unwrap to the op's own error", op)
		}
		broken = false
		wantTotal(t, m, total, 14)
	})
}

func wantTotal(t *testing.T, m *Machine, total *G.Node, want float64) {
	t.Helper()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	got, err := number(total)
	if err != nil || got != want {
		t.Errorf("the total is %v, %v, want %v", got, err, want)
	}
}

// TestMachineInputWithoutValue runs a graph too early, and again with a value.
func TestMachineInputWithoutValue(t *testing.T) {
	b := newBuilder()
	x := G.NewMatrix(b.g, tensor.Float64, G.WithShape(1, 2), G.WithName("left out"))
	total := b.total(b.square(x))
	m, err := NewMachine(b.g)
	if err != nil || b.err != nil {
		t.Fatal(err, b.err)
	}
	wantOpError(t, m.RunAll(), "left out", "without a value")
	if err := G.Let(x, tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{3, 4}))); err != nil {
		t.Fatal(err)
	}
	wantTotal(t, m, total, 25)
}

// TestMachineSeesInputs checks that a run takes the numbers that the inputs have
// at the time: written in place, and put in their place.
func TestMachineSeesInputs(t *testing.T) {
	b, numbers := newBuilder(), []float64{1, 2}
	x, factor := b.matrix("x", 1, 2, numbers), b.scalar("factor", 1)
	total := b.times(factor, b.total(b.times(x, x))) // one operand twice
	m, err := NewMachine(b.g)
	if err != nil || b.err != nil {
		t.Fatal(err, b.err)
	}
	wantTotal(t, m, total, 5)
	numbers[1] = 3
	wantTotal(t, m, total, 10)
	if err := G.Let(factor, -2.0); err != nil {
		t.Fatal(err)
	}
	wantTotal(t, m, total, -20)
	m.Reset()
	wantTotal(t, m, total, -20)
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// TestMachineKeepsInnerValues checks that no operation writes over another's
// result, which a tape machine does.
func TestMachineKeepsInnerValues(t *testing.T) {
	b := newBuilder()
	x := b.matrix("x", 1, 2, []float64{1, 2})
	inner := []*G.Node{x}
	for range 3 {
		inner = append(inner, b.exp(b.neg(inner[len(inner)-1])))
	}
	total := b.total(inner[3])
	m, err := NewMachine(b.g)
	if err != nil || b.err != nil {
		t.Fatal(err, b.err)
	}
	want := []float64{1, 2}
	for range 2 {
		wantTotal(t, m, total, math.Exp(-math.Exp(-math.Exp(-1)))+math.Exp(-math.Exp(-math.Exp(-2))))
	}
	for i, n := range inner {
		got, err := dense(n.Value())
		if err != nil {
			t.Fatal(err)
		}
		wantNear(t, "inner value", got, want, 1, 1e-16*float64(i))
		want = []float64{math.Exp(-want[0]), math.Exp(-want[1])}
	}
}

// TestMachineLeavesNoGoroutine runs matrices that are multiplied on several
// cores, and a run that panics.
func TestMachineLeavesNoGoroutine(t *testing.T) {
	before := goleak.IgnoreCurrent()
	m := newModel(t, zipfCorpus(t, 300, 60), Spec{Rank: 70, Null: true, L2: 0.1})
	randomise(m, 1, 0.1)
	for range 3 {
		run(t, m)
	}
	broken, _ := faulty(t, func(G.Value) (G.Value, error) { panic("out of luck") })
	if broken.RunAll() == nil {
		t.Error("a run with a panic has no error")
	}
	goleak.VerifyNone(t, before)
	runtime.KeepAlive(m)
}
