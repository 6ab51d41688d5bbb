package graph

import (
	"math"

	"qk/graph/kernel"
)

// gradNorm computes the norm of a gradient in pieces, whose sums are added up in
// their order, so that the number of members of the team changes no bit.
type gradNorm[F kernel.Float] struct {
	set    *kernel.Set[F]
	x      []F
	sums   []float64
	divide func(member, members int)
}

// of returns the Euclidean norm of x.
func (n *gradNorm[F]) of(t *team, x []F) float64 {
	if n.divide == nil {
		n.divide = n.share
	}
	n.x, n.sums = x, grow(n.sums, (len(x)+pieceSize-1)/pieceSize)
	t.run(t.size(len(n.sums), len(x)), n.divide)
	n.x = nil
	var sum float64
	for _, s := range n.sums {
		sum += s
	}
	return kernel.NormOf(sum, x)
}

func (n *gradNorm[F]) share(member, members int) {
	first, last := part(len(n.sums), member, members)
	for i := first; i < last; i++ {
		n.sums[i] = n.set.SumSquares(n.x[i*pieceSize : min((i+1)*pieceSize, len(n.x))])
	}
}

// GradNorm returns the Euclidean norm of the gradient of the last run over all
// parameters. It is infinite or not a number if a number of the gradient is, or
// if the norm is more than any float64.
func (m *Model) GradNorm() float64 {
	var norm float64
	for _, p := range m.params {
		var n float64
		if p.Gradient32 != nil {
			n = m.norm32.of(&m.team, p.Gradient32)
		} else {
			n = m.norm64.of(&m.team, p.Gradient)
		}
		norm = math.Hypot(norm, n)
	}
	return norm
}
