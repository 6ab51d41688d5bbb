package data

import "math"

// FitSmoothing smooths counts with the prior weights under which the counted text
// is most likely when every observation is told by the others (leave-one-out):
// with the one observation taken out of all counts that it is part of,
//
//   - κ₀ maximises Σ_y c(y) ln P̃(y),
//   - κ₁ then maximises Σ_{w,y} c1(w,y) ln P̃(y|w),
//   - κ₂, with the scale, maximises Σ ln p over positions, p being that of the
//     graded mask, see [GradedMask],
//   - Alike does the same with p of [AllVotes].
//
// MacKay and Peto maximise the evidence, which asks the same of a prior by way of
// the chain rule; leave-one-out needs no digamma functions (H. Ney, U. Essen and
// R. Kneser, "On structuring probabilistic dependences in stochastic language
// modelling", Computer Speech and Language 8(1), 1994). For κ₂ the likelihood of
// the pairs by themselves, Σ c2(u,w,y) ln P̃(y|u,w), would be the wrong measure:
// most earlier words tell nothing, so it asks for a prior that silences all of
// them alike, κ₂ ≈ 1,500 on a million characters of Shakespeare, where masks that tell
// them apart want 2.
//
// Each is the best of a grid of powers of two, refined by golden sections. The
// last two look at no more than some [fitPositions] distinct positions, evenly
// spread over the sorted ones, with the counts of the whole text.
func FitSmoothing(c *Counts) *Smoothing {
	s := newSmoothing(c, Kappa{1, 1, 1, 1})
	s.Kappa.Uniform = fitKappa(leastKappa, mostKappa, s.unigramTerms().loss)
	s.Kappa.Next = fitKappa(leastKappa, mostKappa, s.nextTerms().loss)
	v := s.LeaveOneOut()
	v.Places = v.thin(fitPositions)
	s.Kappa.Alike = fitKappa(leastPair, mostPair, func(kappa float64) float64 {
		s.Kappa.Alike = kappa
		return v.Mean(v.allVotesLosses())
	})
	s.Kappa.Pair = fitKappa(leastPair, mostPair, func(kappa float64) float64 {
		s.Kappa.Pair = kappa
		_, loss := v.bestScale(v.grade(), 10)
		return loss
	})
	return s
}

// The prior weights that are looked for, as powers of two. A level at an end
// either needs no prior or tells nothing that the coarser one does not.
const (
	leastKappa, mostKappa = -10, 30
	leastPair, mostPair   = -4, 16 // of the costly ones
)

// fitPositions is about how many distinct positions the prior weights of pairs are
// fitted to. They are two numbers, which more would hardly move.
const fitPositions = 1 << 15

// fitKappa returns the κ of least loss.
func fitKappa(from, to float64, loss func(kappa float64) float64) float64 {
	f := func(log2 float64) float64 { return loss(math.Exp2(log2)) }
	best, at := math.Inf(1), from
	for x := from; x <= to; x += 4 {
		if l := f(x); l < best {
			best, at = l, x
		}
	}
	x, _ := goldenSection(f, max(from, at-4), min(to, at+4), 12)
	return math.Exp2(x)
}

// thin keeps every n-th distinct position, so that at most so many are left.
func (p *Places) thin(most int) *Places {
	n := (len(p.positions) + most - 1) / most
	if n <= 1 {
		return p
	}
	thin := &Places{start: make([]int, len(p.start))}
	for w := range len(p.start) - 1 {
		for i := (p.start[w] + n - 1) / n * n; i < p.start[w+1]; i += n {
			thin.positions = append(thin.positions, p.positions[i])
			thin.Total += p.positions[i].N
		}
		thin.start[w+1] = len(thin.positions)
	}
	return thin
}

// terms is the leave-one-out likelihood of one level as a function of κ,
//
//	Σ_cells n ln(n − 1 + κq) − Σ_rows n ln(n − 1 + κ)
//
// laid out so that it is quick to compute. A cell that was seen once adds ln κ and
// ln q, of which the second does not depend on κ and is left out.
type terms struct {
	once   float64            // cells seen once
	cells  []repeated         // the others
	totals map[uint64]float64 // by the total of a row: observations in such rows
}

// repeated is a cell of several observations, and its prior.
type repeated struct{ n, q float64 }

// add adds a row with the prior of each of its words.
func (t *terms) add(row Row, q func(Word) float64) {
	for _, cell := range row.Cells {
		if cell.N == 1 {
			t.once++
		} else {
			t.cells = append(t.cells, repeated{float64(cell.N), q(cell.Word)})
		}
	}
	t.totals[row.Total] += float64(row.Total)
}

func (s *Smoothing) unigramTerms() *terms {
	t := &terms{totals: map[uint64]float64{}}
	row := Row{Total: s.counts.Total}
	for y, n := range s.next {
		if n > 0 {
			row.Cells = append(row.Cells, Cell{Word(y), n})
		}
	}
	t.add(row, func(Word) float64 { return 1 / float64(len(s.next)) })
	return t
}

func (s *Smoothing) nextTerms() *terms {
	t := &terms{totals: map[uint64]float64{}}
	for _, row := range s.counts.Transitions {
		if row.Total > 0 {
			t.add(row, func(y Word) float64 { return s.unigram(y, 1) })
		}
	}
	return t
}

// sumBlock is how many numbers are added up at a time, whatever the number of
// processors.
const sumBlock = 1 << 13

// sumBlocks adds up f(0) … f(n−1), which are computed by several goroutines.
func sumBlocks(n int, f func(i int) float64) float64 {
	blocks := make([]float64, (n+sumBlock-1)/sumBlock)
	eachWord(len(blocks), func() func(Word) {
		return func(b Word) {
			var sum float64
			for i := int(b) * sumBlock; i < min(n, (int(b)+1)*sumBlock); i++ {
				sum += f(i)
			}
			blocks[b] = sum
		}
	})
	var sum float64
	for _, b := range blocks {
		sum += b
	}
	return sum
}

// loss is the negative logarithm of the likelihood, but for a constant.
func (t *terms) loss(kappa float64) float64 {
	loss := -t.once*math.Log(kappa) - sumBlocks(len(t.cells), func(i int) float64 {
		return t.cells[i].n * math.Log(t.cells[i].n-1+kappa*t.cells[i].q)
	})
	for _, total := range sortedKeys(t.totals) {
		loss += t.totals[total] * math.Log(float64(total-1)+kappa)
	}
	return loss
}
