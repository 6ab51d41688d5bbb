package graph

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// builder adds nodes to an expression graph. The first error sticks, and every
// later call returns nil, so that a formula reads as a formula and its error is
// looked at once.
type builder struct {
	g   *G.ExprGraph
	err error
}

func newBuilder() *builder { return &builder{g: G.NewGraph()} }

// matrix adds an input [r,c] whose numbers are x, not copied: what is written to
// x later is what the next run sees. Names must be unique, as Gorgonia merges
// nodes of equal name and shape.
func (b *builder) matrix(name string, r, c int, x []float64) *G.Node {
	if b.err != nil {
		return nil
	}
	if len(x) != r*c {
		b.err = fmt.Errorf("graph: %d numbers for %s [%d,%d]", len(x), name, r, c)
		return nil
	}
	return b.tensor(name, tensor.New(tensor.WithShape(r, c), tensor.WithBacking(x)))
}

// tensor adds an input whose value is a matrix.
func (b *builder) tensor(name string, t *tensor.Dense) *G.Node {
	if b.err != nil {
		return nil
	}
	if len(b.g.ByName(name)) > 0 {
		b.err = fmt.Errorf("graph: two inputs are named %s", name)
		return nil
	}
	return G.NewMatrix(b.g, t.Dtype(), G.WithShape(t.Shape()...), G.WithName(name), G.WithValue(t))
}

// filled adds an input [r,c] of equal numbers.
func (b *builder) filled(name string, r, c int, x float64) *G.Node {
	return b.matrix(name, r, c, filled(r*c, x))
}

func (b *builder) scalar(name string, x float64) *G.Node {
	if b.err != nil {
		return nil
	}
	return G.NewScalar(b.g, tensor.Float64, G.WithName(name), G.WithValue(x))
}

// ok takes the result of a Gorgonia call.
func (b *builder) ok(step string) func(*G.Node, error) *G.Node {
	return func(n *G.Node, err error) *G.Node {
		if err != nil {
			b.err = fmt.Errorf("graph: %s: %w", step, err)
			return nil
		}
		return n
	}
}

func (b *builder) unary(step string, f func(*G.Node) (*G.Node, error), x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.ok(step)(f(x))
}

func (b *builder) binary(step string, f func(x, y *G.Node) (*G.Node, error), x, y *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.ok(step)(f(x, y))
}

func (b *builder) mul(x, y *G.Node) *G.Node { return b.binary("product", G.Mul, x, y) }
func (b *builder) add(x, y *G.Node) *G.Node { return b.binary("sum", G.Add, x, y) }
func (b *builder) sub(x, y *G.Node) *G.Node { return b.binary("difference", G.Sub, x, y) }
func (b *builder) times(x, y *G.Node) *G.Node {
	return b.binary("elementwise product", G.HadamardProd, x, y)
}
func (b *builder) exp(x *G.Node) *G.Node    { return b.unary("exp", G.Exp, x) }
func (b *builder) log(x *G.Node) *G.Node    { return b.unary("log", G.Log, x) }
func (b *builder) neg(x *G.Node) *G.Node    { return b.unary("negation", G.Neg, x) }
func (b *builder) square(x *G.Node) *G.Node { return b.unary("square", G.Square, x) }

// total is the sum of all entries, a scalar.
func (b *builder) total(x *G.Node) *G.Node {
	return b.unary("total", func(n *G.Node) (*G.Node, error) { return G.Sum(n) }, x)
}

func (b *builder) transpose(x *G.Node) *G.Node {
	return b.unary("transpose", func(n *G.Node) (*G.Node, error) { return G.Transpose(n, 1, 0) }, x)
}

// apply adds an operation of this package.
func (b *builder) apply(op G.Op, in ...*G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.ok(op.String())(G.ApplyOp(op, in...))
}

// rows holds the vectors of ones by which rows are summed and columns are
// spread, for matrices [B,V].
type rows struct {
	sum    *G.Node // [V,1]: x·sum is the sum of each row, [B,1]
	spread *G.Node // [1,V]: m·spread repeats the column m [B,1], [B,V]
}

func (b *builder) rows(V int) rows {
	return rows{b.filled("ones, column", V, 1, 1), b.filled("ones, row", 1, V, 1)}
}

// logSumExp is ln(e^null + Σ_u e^x[·,u]) for every row: x [B,V] and null [B,1] to
// [B,1]. Entries of −Inf take no part, but at least one in a row must be finite.
func (b *builder) logSumExp(r rows, x, null *G.Node) *G.Node {
	m := b.apply(rowMax{}, x, null)
	sum := b.mul(b.exp(b.sub(x, b.mul(m, r.spread))), r.sum)
	return b.add(m, b.log(b.add(sum, b.exp(b.sub(null, m)))))
}

func filled(n int, x float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = x
	}
	return s
}

var negInf = math.Inf(-1)
