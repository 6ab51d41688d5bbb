package graph

import "qk/graph/kernel"

// penalty adds the penalty λ‖X‖² of a matrix and its derivative 2λX to a loss.
type penalty[F kernel.Float] struct {
	set  *kernel.Set[F]
	team *team
	work func(member, members int)

	lambda float64
	x, dx  []F
	sums   []float64 // [pieces]
	row    [1]int32
	twice  [1]F // 2λ
}

// pieceSize is how many numbers of a matrix are added up at a time; the sums of
// the pieces are added up in their order.
const pieceSize = 1 << 13

func newPenalty[F kernel.Float](set *kernel.Set[F], t *team) penalty[F] {
	return penalty[F]{set: set, team: t}
}

// add returns ‖x‖² and, unless dx is nil, adds 2λx to dx.
func (p *penalty[F]) add(lambda float64, x, dx []F) float64 {
	if p.work == nil {
		p.work = p.share
	}
	pieces := (len(x) + pieceSize - 1) / pieceSize
	p.lambda, p.x, p.dx, p.sums = lambda, x, dx, grow(p.sums, pieces)
	p.twice[0] = F(2 * lambda)
	p.team.run(p.team.size(pieces, len(x)), p.work)
	p.x, p.dx = nil, nil
	var norm float64
	for _, s := range p.sums {
		norm += s
	}
	return norm
}

func (p *penalty[F]) share(member, members int) {
	first, last := part(len(p.sums), member, members)
	for i := first; i < last; i++ {
		from, to := i*pieceSize, min((i+1)*pieceSize, len(p.x))
		p.sums[i] = p.set.SumSquares(p.x[from:to])
		if p.dx != nil {
			p.set.Mix(p.row[:], p.twice[:], p.x[from:to], p.dx[from:to], true)
		}
	}
}
