package graph_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestUpstreamOverwritesIntermediates guards the reuse of memory in a run: an
// op may write its result over an operand that nothing needs afterwards, and
// the operand's node then shows that result. The logits S = Q·Kᵀ read after a
// run would be S plus whatever was added to them. Until this fails, read only
// inputs and outputs of the tape machine, or ask for a copy with G.Read.
func TestUpstreamOverwritesIntermediates(t *testing.T) {
	b := newUpstream(t)
	q, k := b.matrix("Q", 2, 1, 1, 2), b.matrix("Kt", 1, 2, 3, 4)
	s := b.node(G.Mul(q, k))
	var read G.Value
	G.Read(s, &read)
	b.node(G.Add(s, b.matrix("bias", 2, 2, 10, 20, 30, 40)))
	b.run()
	b.want("S after the run", s.Value(), 13, 24, 36, 48)
	b.want("S read during the run", read, 3, 4, 6, 8)
	b.want("Q", q.Value(), 1, 2)
}

// TestUpstreamResetDropsBuffers guards TapeMachine.Reset, which forgets every
// intermediate buffer, while RunAll without Reset runs nothing: each training
// step allocates S, its softmax and their gradients again. Until this fails,
// train on a machine of our own with buffers that stay.
func TestUpstreamResetDropsBuffers(t *testing.T) {
	b := newUpstream(t)
	q := b.matrix("Q", 2, 1, 1, 2)
	s := b.node(G.Mul(q, b.matrix("Kt", 1, 2, 3, 4)))
	vm := b.run()
	first := s.Value() // still referenced below, so its memory cannot be handed out again
	if err := G.Let(q, upstreamDense(2, 1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	b.want("S after RunAll without Reset", s.Value(), 3, 4, 6, 8)
	vm.Reset()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	b.want("S after Reset and RunAll", s.Value(), 0, 0, 0, 0)
	if second := s.Value(); second == first || second.Uintptr() == first.Uintptr() {
		t.Error("S has the same buffer after Reset, want a new one")
	}
	b.want("the first buffer", first, 3, 4, 6, 8)
}

// An upstreamFaultyOp panics.
type upstreamFaultyOp struct{ G.Op }

func (upstreamFaultyOp) Do(...G.Value) (G.Value, error) { panic("faulty op") }

// TestUpstreamPanicEndsProcess guards where ops run: in a goroutine that RunAll
// starts and that recovers nothing. A panic in an op, such as an index out of
// range, ends the process whatever the caller defers, so a training run dies
// without saving its state. Until this fails, run ops in the caller's goroutine
// on a machine of our own.
func TestUpstreamPanicEndsProcess(t *testing.T) {
	output, err, child := upstreamChild(t)
	if child {
		defer func() { t.Logf("recovered: %v", recover()) }()
		other := newUpstream(t) // in the same graph the two squares would have one hash and be one node
		square := other.node(G.Square(other.matrix("x", 1, 2, 1, 2))).Op()
		b := newUpstream(t)
		b.node(G.ApplyOp(upstreamFaultyOp{square}, b.matrix("x", 1, 2, 1, 2)))
		b.run()
		return
	}
	if err == nil || strings.Contains(output, "recovered:") {
		t.Errorf("the process survived a panic in an op, want a crash; it printed:\n%s", output)
	}
	for _, want := range []string{"panic: faulty op", "(*tapeMachine).runall"} {
		if !strings.Contains(output, want) {
			t.Errorf("the crash does not mention %q:\n%s", want, output)
		}
	}
}

// TestUpstreamLispMachineByIndices guards the one fault of LispMachine that is
// sure: it cannot differentiate ByIndices, because the op passes two operands
// to a backward op that wants three. Looking rows of Q and K up by word fails,
// while the tape machine gives the gradient. Until this fails, do not use
// LispMachine; it has no advantage for a graph that never changes anyway.
func TestUpstreamLispMachineByIndices(t *testing.T) {
	b := newUpstream(t)
	x := b.matrix("x", 2, 2, 1, 2, 3, 4)
	b.node(G.Sum(b.node(G.ByIndices(x, b.indices(0, 1), 0))))
	vm := G.NewLispMachine(b.g)
	defer func() { _ = vm.Close() }()
	if err := vm.RunAll(); err == nil || !strings.Contains(err.Error(), "ByIndices") {
		t.Errorf("LispMachine differentiated ByIndices with error %v, want one about the op", err)
	}
}
