package data

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// uniformPlaces is so many sentences of one position each, with the given copies.
func uniformPlaces(sentences int, copies func(i int) uint64) *Places {
	p := &Places{}
	for i := range sentences {
		p.sentences = append(p.sentences, Sentence{Words: []Word{0, 1}, N: copies(i)})
		p.ids = append(p.ids, int32(i))
		p.positions = append(p.positions, Position{N: copies(i)})
		p.Total += copies(i)
	}
	return p
}

func once(int) uint64 { return 1 }

// TestDifferencesOfMeans: for sentences of one position, the interval is that of a
// mean, ±1.96 standard errors of the paired differences, but for the chance of a
// thousand resamples (its ends are 4 % off one time in three).
func TestDifferencesOfMeans(t *testing.T) {
	const n = 2000
	p := uniformPlaces(n, once)
	rng := rand.New(rand.NewPCG(1, 1))
	loss, line := make([]float64, n), make([]float64, n)
	var sum, squares float64
	for i := range loss {
		hard := 10 * rng.NormFloat64() // in both, and paired away
		loss[i], line[i] = hard+rng.NormFloat64(), hard+0.3
		d := loss[i] - line[i]
		sum += d
		squares += d * d
	}
	mean := sum / n
	margin := 1.96 * math.Sqrt((squares/n-mean*mean)/n)
	d := p.Differences(loss, []Line{{"line", line}}, 1)[0]
	isNear(t, "mean", d.Mean, mean, 1e-12)
	isNear(t, "low", d.Low, mean-margin, 0.15*margin)
	isNear(t, "high", d.High, mean+margin, 0.15*margin)
}

// TestCopiesAreDrawnTogether: a line that the text holds a hundred times is one draw
// of weight 100, so that an interval is as wide as if it were a single long
// sentence.
func TestCopiesAreDrawnTogether(t *testing.T) {
	const n = 400
	loss, line := make([]float64, n), make([]float64, n)
	loss[0] = 1 // the repeated one alone is worse
	d := uniformPlaces(n, func(i int) uint64 {
		if i == 0 {
			return 100
		}
		return 1
	}).Differences(loss, []Line{{"line", line}}, 1)[0]
	isNear(t, "mean", d.Mean, 100.0/499, 1e-12)
	// the sentence is drawn k ~ Poisson(1) times: 0 in 37 % of the resamples, and more
	// than 3 times in 2 %
	isNear(t, "low", d.Low, 0, 0)
	isNear(t, "high", d.High, 300.0/699, 0.05)
	if !d.Noise() {
		t.Error("what hangs on one sentence is no noise")
	}
}

// TestDifferencesCoverage: of 200 samples from sentences without any difference,
// the interval leaves out 0 about one time in twenty: within four standard
// deviations.
func TestDifferencesCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	out := 0
	const n, samples = 300, 200
	p := uniformPlaces(n, once)
	for s := range uint64(samples) {
		loss, line := make([]float64, n), make([]float64, n)
		for i := range loss {
			loss[i], line[i] = rng.ExpFloat64(), rng.ExpFloat64()
		}
		if !p.Differences(loss, []Line{{"line", line}}, s)[0].Noise() {
			out++
		}
	}
	if limit := 10 + 4*math.Sqrt(10*0.95); float64(out) > limit || out == 0 {
		t.Errorf("%d of %d intervals leave out 0, want about 10", out, samples)
	}
}

// TestDifferencesAreReproducible: equal to the bit for a seed on any number of
// cores, and others for another.
func TestDifferencesAreReproducible(t *testing.T) {
	c := countParted(t, 2, 80)
	p, err := c.PlacesOf(c.Corpus.HeldOut, HeldOut)
	if err != nil {
		t.Fatal(err)
	}
	v := FitSmoothing(c).Unseen(p)
	lines := v.Rungs(true, 1).Lines
	first := p.Differences(lines[1].Losses, lines, 3)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again := p.Differences(lines[1].Losses, lines, 3)
	other := p.Differences(lines[1].Losses, lines, 4)
	for i := range first {
		if first[i] != again[i] {
			t.Errorf("%s: %+v, then %+v", lines[i].Name, first[i], again[i])
		}
	}
	if first[0] == other[0] {
		t.Error("another seed draws the same")
	}
	if d := first[1]; d.Mean != 0 || d.Low != 0 || d.High != 0 || !d.Noise() {
		t.Errorf("a line less itself is %+v", d)
	}
}

// TestBySentence holds the sums against going through the sentences.
func TestBySentence(t *testing.T) {
	c := countParted(t, 4, 80)
	p, err := c.PlacesOf(c.Corpus.HeldOut, HeldOut)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, p.Len())
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	sums := p.bySentence(x)
	for s, sentence := range c.Corpus.HeldOut {
		want := 0.0
		for _, q := range placesOf([]Sentence{sentence}, c.Context) {
			for i, pos := range p.positions {
				if q.same(pos) {
					want += q.n * x[i]
				}
			}
		}
		isNear(t, "a sentence", sums[s], want, 1e-12)
	}
}
