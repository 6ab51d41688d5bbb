package data

import "math"

// FitSmoothing smooths counts with the prior weights under which the counted text
// is most likely when every observation is told by the others (leave-one-out):
// κ₀ maximises Σ_y c(y) ln P̃(y), then κ₁ Σ c1(w,y) ln P̃(y|w), then κ₂
// Σ c2(u,w,y) ln P̃(y|u,w), each with the one observation taken out of all counts
// that it is part of. Each is the best of a grid over 2^−10 … 2^30, refined by
// golden sections.
//
// MacKay and Peto maximise the evidence; leave-one-out is the same trade for
// predicting one more word, and needs no digamma functions: H. Ney, U. Essen and
// R. Kneser, "On structuring probabilistic dependences in stochastic language
// modelling", Computer Speech and Language 8(1), 1994.
func FitSmoothing(c *Counts) *Smoothing {
	s := newSmoothing(c, Kappa{1, 1, 1})
	s.Kappa.Uniform = fitKappa(s.unigramTerms())
	s.Kappa.Next = fitKappa(s.nextTerms())
	s.Kappa.Pair = fitKappa(s.pairTerms())
	return s
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

func (s *Smoothing) pairTerms() *terms {
	t := &terms{totals: map[uint64]float64{}}
	q := make([]float64, len(s.next))
	for w, pairs := range s.counts.Pairs {
		row := s.counts.Transitions[w]
		for _, cell := range row.Cells {
			q[cell.Word] = dirichlet(cell.N, row.Total, 1, s.Kappa.Next, s.unigram(cell.Word, 1))
		}
		for _, p := range pairs {
			t.add(p.Next, func(y Word) float64 { return q[y] })
		}
	}
	return t
}

// termBlock is how many cells are added up at a time, whatever the number of
// processors.
const termBlock = 1 << 14

// loss is the negative logarithm of the likelihood, but for a constant.
func (t *terms) loss(kappa float64) float64 {
	blocks := make([]float64, (len(t.cells)+termBlock-1)/termBlock)
	eachWord(len(blocks), func() func(Word) {
		return func(b Word) {
			for _, c := range t.cells[int(b)*termBlock : min(len(t.cells), (int(b)+1)*termBlock)] {
				blocks[b] -= c.n * math.Log(c.n-1+kappa*c.q)
			}
		}
	})
	loss := -t.once * math.Log(kappa)
	for _, b := range blocks {
		loss += b
	}
	for _, total := range sortedKeys(t.totals) {
		loss += t.totals[total] * math.Log(float64(total-1)+kappa)
	}
	return loss
}

// The prior weights that are looked for, as powers of two. A level at an end
// either needs no prior or tells nothing that the coarser one does not.
const (
	leastKappa = -10
	mostKappa  = 30
)

func fitKappa(t *terms) float64 {
	best, at := math.Inf(1), 0.0
	loss := func(log2 float64) float64 { return t.loss(math.Exp2(log2)) }
	for x := float64(leastKappa); x <= mostKappa; x += 2 {
		if l := loss(x); l < best {
			best, at = l, x
		}
	}
	x, _ := goldenSection(loss, max(leastKappa, at-2), min(mostKappa, at+2), 20)
	return math.Exp2(x)
}
