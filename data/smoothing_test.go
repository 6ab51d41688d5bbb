package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// partedText is a random text of words of uneven frequency, in which lines repeat,
// large enough to be parted.
func partedText(seed uint64, sentences int) string {
	rng := rand.New(rand.NewPCG(seed, 9))
	zipf := rand.NewZipf(rng, 1.3, 2, 9)
	var b strings.Builder
	for range sentences {
		words := make([]string, 2+rng.IntN(5))
		for i := range words {
			words[i] = fmt.Sprintf("w%d", zipf.Uint64())
		}
		line := strings.Join(words, " ") + "\n"
		b.WriteString(strings.Repeat(line, 1+rng.IntN(3)/2*rng.IntN(4)))
	}
	return b.String()
}

func countParted(t tb, seed uint64, sentences int) *Counts {
	t.Helper()
	c, err := Count(loadText(t, partedText(seed, sentences), Options{HoldOut: 0.2, MaxVocab: 8}), 3)
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return c
}

// naive counts by going through the sentences, with nothing but maps.
type naive struct {
	c     *Counts
	kappa Kappa
	N     float64
	c0    map[Word]float64
	c1    map[[2]Word]float64 // w, y
	of1   map[Word]float64
	c2    map[[3]Word]float64 // u, w, y
	of2   map[[2]Word]float64
}

// spot is one position of a sentence.
type spot struct {
	w, y    Word
	earlier map[Word]bool
	n       float64 // copies of the sentence
}

func placesOf(sentences []Sentence, context int) []spot {
	var all []spot
	for _, s := range sentences {
		for i := 0; i+1 < len(s.Words); i++ {
			p := spot{w: s.Words[i], y: s.Words[i+1], earlier: map[Word]bool{}, n: float64(s.N)}
			for j := max(0, i-context); j < i; j++ {
				p.earlier[s.Words[j]] = true
			}
			all = append(all, p)
		}
	}
	return all
}

func newNaive(c *Counts, kappa Kappa) *naive {
	m := &naive{c: c, kappa: kappa, c0: map[Word]float64{}, c1: map[[2]Word]float64{}, of1: map[Word]float64{}, c2: map[[3]Word]float64{}, of2: map[[2]Word]float64{}}
	for _, p := range placesOf(c.Corpus.Sentences, c.Context) {
		m.count(p, p.n)
	}
	return m
}

func (m *naive) count(p spot, n float64) {
	m.N += n
	m.c0[p.y] += n
	m.c1[[2]Word{p.w, p.y}] += n
	m.of1[p.w] += n
	for u := range p.earlier {
		m.c2[[3]Word{u, p.w, p.y}] += n
		m.of2[[2]Word{u, p.w}] += n
	}
}

func (m *naive) unigram(y Word) float64 {
	return (m.c0[y] + m.kappa.Uniform/float64(m.c.V())) / (m.N + m.kappa.Uniform)
}

func (m *naive) first(w, y Word) float64 {
	return (m.c1[[2]Word{w, y}] + m.kappa.Next*m.unigram(y)) / (m.of1[w] + m.kappa.Next)
}

func (m *naive) second(u, w, y Word, kappa float64) float64 {
	return (m.c2[[3]Word{u, w, y}] + kappa*m.first(w, y)) / (m.of2[[2]Word{u, w}] + kappa)
}

// divergence adds KL up over the whole vocabulary. The prior is that of all
// counts, as in the masks, whatever is left out of the pair.
func (m *naive) divergence(u, w Word, prior *naive) float64 {
	var sum float64
	for y := range Word(m.c.V()) {
		q := prior.first(w, y)
		p := (m.c2[[3]Word{u, w, y}] + m.kappa.Pair*q) / (m.of2[[2]Word{u, w}] + m.kappa.Pair)
		sum += p * math.Log(p/q)
	}
	return sum
}

// testKappa are prior weights that no fit would give by chance.
var testKappa = Kappa{Uniform: 3.7, Next: 2.3, Pair: 1.9, Alike: 11}

// same tells whether a position is of the given place.
func (p spot) same(x Position) bool {
	if p.w != x.Current || p.y != x.Next || len(p.earlier) != len(x.Earlier) || x.Copies > 0 && uint64(p.n) != x.Copies {
		return false
	}
	for _, u := range x.Earlier {
		if !p.earlier[u] {
			return false
		}
	}
	return true
}

// TestSmoothedVotes holds every smoothed vote, base and divergence against sums over
// the sentences: of training positions without the position's sentence copies, of
// others with all counts.
func TestSmoothedVotes(t *testing.T) {
	for seed := range uint64(6) {
		c := countParted(t, seed, 40)
		s, err := NewSmoothing(c, testKappa)
		if err != nil {
			t.Fatal(err)
		}
		heldOut, err := c.PlacesOf(c.Corpus.HeldOut, HeldOut)
		if err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			v      *Voters
			places []spot
			leave  bool
		}{
			"training": {s.LeaveOneOut(), placesOf(c.Corpus.Sentences, c.Context), true},
			"held out": {s.Unseen(heldOut), placesOf(c.Corpus.HeldOut, c.Context), false},
		} {
			all, seen := newNaive(c, testKappa), 0.0
			unigram, alike := x.v.unigramLosses(), x.v.allVotesLosses()
			r := x.v.Reader()
			for w := range Word(c.V()) {
				row := r.Row(w)
				graded, at := row.graded(), 0
				for i, pos := range row.Positions {
					var p spot
					for _, q := range x.places {
						if q.same(pos) {
							p = q
							seen += q.n
						}
					}
					m := newNaive(c, testKappa)
					if x.leave {
						m.count(p, -p.n)
					}
					where := fmt.Sprintf("seed %d, %s, %+v", seed, name, pos)
					isNear(t, where+": base", row.Base[i], m.first(w, pos.Next), 1e-12)
					isNear(t, where+": unigram", unigram[row.First+i], -math.Log(m.unigram(pos.Next)), 1e-12)
					mean := 0.0
					for _, u := range pos.Earlier {
						isNear(t, where+": vote", row.Votes[at], m.second(u, w, pos.Next, testKappa.Pair), 1e-12)
						isNear(t, where+": divergence", graded[at], m.divergence(u, w, all), 1e-12)
						mean += m.second(u, w, pos.Next, testKappa.Alike) / float64(len(pos.Earlier))
						at++
					}
					if len(pos.Earlier) == 0 {
						mean = m.first(w, pos.Next)
					}
					isNear(t, where+": all votes", alike[row.First+i], -math.Log(mean), 1e-12)
				}
			}
			if uint64(seen) != x.v.Total {
				t.Errorf("seed %d, %s: positions stand for %v places, there are %d", seed, name, seen, x.v.Total)
			}
		}
		for _, row := range s.Masks().Rows {
			for _, cand := range row.Candidates {
				m := newNaive(c, testKappa)
				isNear(t, "mask", cand.Divergence, m.divergence(cand.Word, row.Word, m), 1e-12)
			}
			if row.Best != nil {
				t.Error("a smoothed mask has a best mask")
			}
		}
	}
}

// TestVotesAreDistributions: smoothed votes of a context add up to 1 over the
// vocabulary, whatever the weights, and are the mixture of the naive ones.
func TestVotesAreDistributions(t *testing.T) {
	c := countParted(t, 3, 40)
	s, _ := NewSmoothing(c, testKappa)
	m := newNaive(c, testKappa)
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Custom(func(t *rapid.T) Word { return Word(rapid.IntRange(0, c.V()-1).Draw(t, "word")) })
		w, earlier := word.Draw(t, "w"), rapid.SliceOfNDistinct(word, 0, 4, rapid.ID[Word]).Draw(t, "earlier")
		weights := map[Word]float64{}
		for _, u := range earlier {
			weights[u] = rapid.Float64Range(0, 3).Draw(t, "weight")
		}
		null := rapid.Float64Range(0, 2).Draw(t, "null")
		votes, silent := s.Votes(w, earlier, func(u Word) float64 { return weights[u] }, null)
		var sum, total float64
		for _, v := range votes {
			sum += v.Share
		}
		isNear(t, "the sum of the shares", sum, 1, 1e-12)
		for _, v := range votes {
			want := null * m.first(w, v.Word)
			total = null
			for _, u := range earlier {
				want += weights[u] * m.second(u, w, v.Word, testKappa.Pair)
				total += weights[u]
			}
			if total == 0 {
				want, total = m.first(w, v.Word), 1
			}
			isNear(t, "a share", v.Share, want/total, 1e-12)
		}
		for _, u := range silent {
			if m.of2[[2]Word{u, w}] != 0 {
				t.Errorf("%d was seen before %d and is said to be silent", u, w)
			}
		}
	})
}

// TestNewSmoothingRefuses prior weights that are not above zero.
func TestNewSmoothingRefuses(t *testing.T) {
	c := countParted(t, 1, 40)
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		for i := range 4 {
			k := testKappa
			*[]*float64{&k.Uniform, &k.Next, &k.Pair, &k.Alike}[i] = bad
			if _, err := NewSmoothing(c, k); err == nil {
				t.Errorf("%+v is accepted", k)
			}
		}
	}
}
