package data

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Difference says by how much one loss is above another, in nats per position,
// over sentences that are a sample of many more.
type Difference struct {
	// Mean is that of the sentences at hand, below zero where the first loss is
	// lower.
	Mean float64
	// Low and High bound the middle 95 % of the means of resampled sentences.
	Low, High float64
}

// Noise tells whether the difference may as well be none: the interval contains 0.
func (d Difference) Noise() bool { return d.Low <= 0 && d.High >= 0 }

const (
	// Resamples is how often sentences are drawn for an interval.
	Resamples = 1000
	// Confidence is the share of the resamples that an interval holds.
	Confidence = 0.95
)

// Differences compares a loss with others, each given at every distinct position,
// by a paired bootstrap over sentences: as many sentences as there are distinct ones are
// drawn with replacement, [Resamples] times, and each time the mean differences
// over their positions are taken, of all the losses with the same sentences. A sentence
// that the text holds several times is drawn as one, with all its lines, as they
// are held out together.
//
// A sentence is drawn as a whole, because its words hang together; pairing takes
// away what makes a sentence hard for all losses alike. The interval is that of
// the percentiles. Source: B. Efron and R. J. Tibshirani, "An Introduction to the
// Bootstrap", 1993, chapters 8 and 13.
func (p *Places) Differences(loss []float64, lines []Line, seed uint64) []Difference {
	K := len(lines)
	sums := p.sums(loss, lines)
	S := len(sums) / (K + 1)
	means := make([]float64, Resamples*K)
	eachWord(Resamples, func() func(Word) {
		total := make([]float64, K+1)
		return func(b Word) {
			rng := rand.New(rand.NewPCG(seed, 0x626f6f74<<32|uint64(b))) // a stream for each resample
			clear(total)
			for range S {
				s := rng.IntN(S) * (K + 1)
				for k := range total {
					total[k] += sums[s+k]
				}
			}
			for k := range K {
				means[k*Resamples+int(b)] = total[k] / total[K]
			}
		}
	})
	all := make([]float64, K+1)
	for s := range S {
		for k := range all {
			all[k] += sums[s*(K+1)+k]
		}
	}
	out := make([]Difference, K)
	for k := range out {
		of := means[k*Resamples : (k+1)*Resamples]
		slices.Sort(of)
		out[k] = Difference{all[k] / all[K], percentile(of, (1-Confidence)/2), percentile(of, (1+Confidence)/2)}
	}
	return out
}

// sums returns the sums of the differences of every sentence that has a position,
// and the number of its positions: [S,K+1].
func (p *Places) sums(loss []float64, lines []Line) []float64 {
	place := make([]float64, len(loss))
	for i := range place {
		place[i] = 1
	}
	lengths := p.bySentence(place)
	var columns [][]float64
	for _, line := range lines {
		for i := range place {
			place[i] = loss[i] - line.Losses[i]
		}
		columns = append(columns, p.bySentence(place))
	}
	var sums []float64
	for s, n := range lengths {
		if n > 0 {
			for _, column := range columns {
				sums = append(sums, column[s])
			}
			sums = append(sums, n)
		}
	}
	return sums
}

// percentile returns the number below which a share of sorted numbers lies,
// between two of them in proportion.
func percentile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
