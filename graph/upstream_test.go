// The upstream tests pin behaviour of Gorgonia that would make an attention
// graph, softmax(Q·Kᵀ), silently wrong, slow or impossible to resume, and that
// this program therefore works round. They assert what the pinned versions
// really do, not what they ought to do. A failure after an upgrade is good
// news: the doc comment of the test says which workaround may go.
package graph_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	_ "go4.org/unsafe/assume-no-moving-gc" // gorgonia.org/tensor needs this version on a current Go
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestUpstreamVersions guards the two versions that every other upstream test
// was written against. They are the newest that resolve (a query for @latest is
// an upgrade is a deliberate act: change the versions here, run
// the upstream tests, and remove the workaround of each one that then fails.
func TestUpstreamVersions(t *testing.T) {
	versions := upstreamVersions(t)
	for module, want := range map[string]string{
		"gorgonia.org/gorgonia": "v0.9.18",
		"gorgonia.org/tensor":   "v0.9.24",
	} {
		if got := versions[module]; got != want {
			t.Errorf("go.mod has %s %s, want %s", module, got, want)
		}
	}
}

// TestUpstreamNoMovingGC guards the version of assume-no-moving-gc.
// gorgonia.org/tensor v0.9.24 asks for a version of 2022 that knows Go releases
// by name and panics in its init function on any later one, before main runs.
// The version below asks the runtime instead. Only the blank import above keeps
// it in go.mod: nothing else in the program uses it. When tensor itself asks
// for this version or a later one, remove the import and this test.
func TestUpstreamNoMovingGC(t *testing.T) {
	const module, want = "go4.org/unsafe/assume-no-moving-gc", "v0.0.0-20231121144256-b99613f794b6"
	if got := upstreamVersions(t)[module]; got != want {
		t.Errorf("go.mod has %s %s, want %s", module, got, want)
	}
}

// upstreamVersions returns the version of every module that go.mod requires. A test
// binary carries no module versions of its own, so the file is what there is.
func upstreamVersions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	versions := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		if strings.Contains(line, "=>") {
			t.Fatalf("go.mod replaces a module, so its versions say little: %s", line)
		}
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) == 2 {
			versions[fields[0]] = fields[1]
		}
	}
	return versions
}

// An upstream builds one graph and fails its test on any error.
type upstream struct {
	*testing.T
	g *G.ExprGraph
}

func newUpstream(t *testing.T) upstream { return upstream{t, G.NewGraph()} }

// node is wrapped round every call that makes a node.
func (b upstream) node(n *G.Node, err error) *G.Node {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// matrix adds an input of the given shape.
func (b upstream) matrix(name string, rows, cols int, data ...float64) *G.Node {
	return G.NewMatrix(b.g, G.Float64, G.WithName(name), G.WithShape(rows, cols), G.WithValue(upstreamDense(rows, cols, data...)))
}

// indices adds an input vector of whole numbers.
func (b upstream) indices(data ...int) *G.Node {
	value := tensor.New(tensor.WithShape(len(data)), tensor.WithBacking(slices.Clone(data)))
	return G.NewVector(b.g, G.Int, G.WithName("indices"), G.WithShape(len(data)), G.WithValue(value))
}

// grad returns the gradients of cost.
func (b upstream) grad(cost *G.Node, inputs ...*G.Node) G.Nodes {
	b.Helper()
	gradients, err := G.Grad(cost, inputs...)
	if err != nil {
		b.Fatal(err)
	}
	return gradients
}

// run runs the graph once on a tape machine, which it returns.
func (b upstream) run(options ...G.VMOpt) G.VM {
	b.Helper()
	vm := G.NewTapeMachine(b.g, options...)
	b.Cleanup(func() { _ = vm.Close() })
	if err := vm.RunAll(); err != nil {
		b.Fatal(err)
	}
	return vm
}

// step takes one step of solver.
func (b upstream) step(solver G.Solver, inputs ...*G.Node) {
	b.Helper()
	if err := solver.Step(G.NodesToValueGrads(inputs)); err != nil {
		b.Fatal(err)
	}
}

// want fails the test unless got holds exactly these numbers, NaN equalling NaN.
func (b upstream) want(what string, got G.Value, want ...float64) {
	b.Helper()
	if !upstreamEqual(got, want) {
		b.Errorf("%s is %v, want %v", what, got, want)
	}
}

// upstreamDense returns a matrix.
func upstreamDense(rows, cols int, data ...float64) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
}

// upstreamNumbers returns a copy of the numbers in a value.
func upstreamNumbers(v G.Value) []float64 {
	switch data := v.Data().(type) {
	case float64:
		return []float64{data}
	case []float64:
		return slices.Clone(data)
	}
	return nil
}

// upstreamEqual reports whether a value holds exactly these numbers.
func upstreamEqual(v G.Value, want []float64) bool {
	got := upstreamNumbers(v)
	if len(got) != len(want) {
		return false
	}
	for i, x := range got {
		if x != want[i] && !(math.IsNaN(x) && math.IsNaN(want[i])) {
			return false
		}
	}
	return true
}

// upstreamNear reports whether a value holds these numbers within rounding.
func upstreamNear(v G.Value, want []float64) bool {
	got := upstreamNumbers(v)
	if len(got) != len(want) {
		return false
	}
	for i, x := range got {
		if !(math.Abs(x-want[i]) <= 1e-12) {
			return false
		}
	}
	return true
}

// upstreamChildVariable is set in a process that upstreamChild started.
const upstreamChildVariable = "QK_UPSTREAM_CHILD"

// upstreamChild runs the calling test in a process of its own and returns what that
// process printed and how it ended, for behaviour that kills or spoils a whole
// process. In the child it returns child = true at once.
func upstreamChild(t *testing.T) (output string, err error, child bool) {
	t.Helper()
	if os.Getenv(upstreamChildVariable) != "" {
		return "", nil, true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), upstreamChildVariable+"=1", "GOTRACEBACK=all")
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err, false
}
