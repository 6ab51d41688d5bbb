package data

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// MaxTruncated is the largest V for which [TruncatedEntropy] decomposes tables of
// logits, which takes some seconds for so many words.
const MaxTruncated = 200

// TruncatedEntropy returns, for each of some ranks, the cross-entropy that a truncated
// singular value decomposition reaches on the table of transitions, in nats per word:
// Σ_w c1(w)/N · H(P(·|w), softmax(X_w)), where X [V,V] is the best approximation of that
// rank to a table of logits in the sense of Eckart and Young. It is what somebody gets who
// factors a table of logarithms, as with word vectors (O. Levy and Y. Goldberg, "Neural word
// embedding as implicit matrix factorization", NIPS 2014), instead of learning Q and K.
//
// The decomposition minimises the squared distance of the logits, Σ (X − L)², in which an
// entry that never occurs counts as much as any other: its logit is −∞, or far below
// the rest however it is smoothed, and a low rank is spent on getting all of these right.
// The softmax asks only that they stay low. That is the gap between this line and what is
// learned.
//
// Everything that is free is chosen in its favour, for each rank by itself: of the logits
// ln((c1(w,y)+α) / (c1(w)+αV)), less their mean in each row, which the softmax does not
// see, with α of 10⁻⁶, 10⁻⁴, 10⁻², 0.1 or 1; with all rows of one weight or of √c1(w); and
// with one scale of X, in which the loss is convex. Words that nothing follows have no row.
// Where singular values are equal, as where words are used alike, the truncation is not
// unique: the i-th weight is made larger by 10⁻⁶ i of it, so that all machines agree on one.
//
// Its error wraps [ErrTooLarge] for V above [MaxTruncated]; a rank below 1 is an error.
func TruncatedEntropy(c *Counts, ranks []int) ([]float64, error) {
	if V := c.V(); V > MaxTruncated {
		return nil, fmt.Errorf("V = %d is above %d: %w", V, MaxTruncated, ErrTooLarge)
	}
	best := make([]float64, len(ranks))
	for i, rank := range ranks {
		if rank < 1 {
			return nil, fmt.Errorf("rank %d is below 1", rank)
		}
		best[i] = math.Inf(1)
	}
	for _, alpha := range []float64{1e-6, 1e-4, 1e-2, 0.1, 1} {
		for _, weighted := range []bool{false, true} {
			losses, err := truncatedLosses(c, ranks, alpha, weighted)
			if err != nil {
				return nil, err
			}
			for i, loss := range losses {
				best[i] = min(best[i], loss)
			}
		}
	}
	return best, nil
}

// truncatedLosses is [TruncatedEntropy] for one table of logits.
func truncatedLosses(c *Counts, ranks []int, alpha float64, weighted bool) ([]float64, error) {
	var words []int // that something follows
	for w, row := range c.Transitions {
		if row.Total > 0 {
			words = append(words, w)
		}
	}
	V := c.V()
	weights := make([]float64, len(words))
	logits := mat.NewDense(len(words), V, nil)
	for i, w := range words {
		weights[i] = 1
		if weighted {
			weights[i] = math.Sqrt(float64(c.Transitions[w].Total))
		}
		weights[i] *= 1 + 1e-6*float64(i)
		row := logits.RawRowView(i)
		centredLogits(c.Transitions[w], alpha, row)
		for y := range row {
			row[y] *= weights[i]
		}
	}
	var svd mat.SVD
	if !svd.Factorize(logits, mat.SVDThin) {
		return nil, fmt.Errorf("the singular value decomposition of the [%d,%d] table of logits did not converge", len(words), V)
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	values := svd.Values(nil)
	losses := make([]float64, len(ranks))
	for i, rank := range ranks {
		x := mat.NewDense(len(words), V, nil)
		for k := range min(rank, len(values)) {
			x.RankOne(x, values[k], u.ColView(k), v.ColView(k))
		}
		for r, weight := range weights {
			row := x.RawRowView(r)
			for y := range row {
				row[y] /= weight
			}
		}
		_, losses[i] = GoldenSection(func(scale float64) float64 { return entropyOf(c, words, x, scale) }, 0, 4, scaleSteps)
		losses[i] = min(losses[i], entropyOf(c, words, x, 1))
	}
	return losses, nil
}

// centredLogits fills a row [V] with ln((c1(w,y)+α)/(c1(w)+αV)), less its mean.
func centredLogits(counted Row, alpha float64, row []float64) {
	total := float64(counted.Total) + alpha*float64(len(row))
	for y := range row {
		row[y] = math.Log(alpha / total)
	}
	for _, cell := range counted.Cells {
		row[cell.Word] = math.Log((float64(cell.N) + alpha) / total)
	}
	var mean float64
	for _, l := range row {
		mean += l / float64(len(row))
	}
	for y := range row {
		row[y] -= mean
	}
}

// entropyOf is the cross-entropy of the transitions against the softmax of a scale times
// logits, of which x has a row for each of some words.
func entropyOf(c *Counts, words []int, x *mat.Dense, scale float64) float64 {
	var loss float64
	for i, w := range words {
		row := x.RawRowView(i)
		top := math.Inf(-1)
		for _, l := range row {
			top = max(top, scale*l)
		}
		var sum float64
		for _, l := range row {
			sum += math.Exp(scale*l - top)
		}
		all := top + math.Log(sum)
		for _, cell := range c.Transitions[w].Cells {
			loss += float64(cell.N) * (all - scale*row[cell.Word])
		}
	}
	return loss / float64(c.Total)
}
