package counting

import (
	"bufio"
	"io"
	"math"
	"math/rand/v2"
	"sort"
)

// textOptions describes a made text.
type textOptions struct {
	Seed      uint64
	Bytes     int // at least; the last sentence is whole
	Words     int // different words that it may hold
	Topics    int
	Formulaic float64 // share of words that follow from the word before
	Topical   float64 // share of words that belong to the sentence's topic
	Phrases   float64 // chance at each word that a run of words is one seen before
}

// madeText is the text that is counted when no other is given, see README.md for
// how its figures compare with those of English.
func madeText(seed uint64) textOptions {
	return textOptions{Seed: seed, Bytes: 100_000_000, Words: 200_000, Topics: 2000, Formulaic: 0.5, Topical: 0.15, Phrases: 0.1}
}

// zipf draws ranks from 0 by the law of Zipf and Mandelbrot, p(r) ∝ 1/(r+1+q)^s.
type zipf struct {
	cumulative []float64
	guide      []int32 // where the search for a quantile begins
}

func newZipf(n int, q, s float64) *zipf {
	z := &zipf{cumulative: make([]float64, n), guide: make([]int32, 1<<16+1)}
	sum := 0.0
	for r := range n {
		sum += math.Pow(float64(r+1)+q, -s)
		z.cumulative[r] = sum
	}
	for r := range n {
		z.cumulative[r] /= sum
	}
	for i := range z.guide {
		z.guide[i] = int32(sort.SearchFloat64s(z.cumulative, float64(i)/float64(len(z.guide)-1)))
	}
	return z
}

// rank returns the rank at a quantile in [0, 1).
func (z *zipf) rank(quantile float64) int {
	at := int(quantile * float64(len(z.guide)-1))
	low, high := int(z.guide[at]), min(int(z.guide[at+1])+1, len(z.cumulative))
	return min(low+sort.SearchFloat64s(z.cumulative[low:high], quantile), len(z.cumulative)-1)
}

// quantile mixes a word or topic and a choice into a fixed number in [0, 1): the
// same kinds of words follow the same word throughout the text, while words keep
// their frequency over the whole of it.
func quantile(kind, of, choice uint64) float64 {
	x := (of+1)*0x9E3779B97F4A7C15 ^ (choice+1)*0xC2B2AE3D27D4EB4F ^ kind*0x165667B19E3779F9
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	x ^= x >> 32
	return float64(x>>11) / (1 << 53)
}

// makeText writes sentences, one a line. The same options give the same bytes.
func makeText(w io.Writer, o textOptions) error {
	out := bufio.NewWriterSize(w, 1<<20)
	random := rand.New(rand.NewPCG(o.Seed, 0x7465787473))
	words := newZipf(o.Words, 2.7, 1.05)
	choices := newZipf(1000, 1, 1.1) // of what follows a word, or belongs to a topic
	spelled := spell(o.Words)
	stock := make([]int32, 0, 1<<20) // the first words of the text; phrases are runs of them
	for n := 0; n < o.Bytes; {
		// 20 words on average; long sentences are rarer than short ones
		length := 4 + int(random.ExpFloat64()*6) + random.IntN(21)
		topic := uint64(random.IntN(o.Topics))
		before := int32(o.Words) // a word of its own, so that sentences begin alike
		var phrase []int32
		for i := range length {
			if len(phrase) == 0 && len(stock) == cap(stock) && random.Float64() < o.Phrases {
				skew := random.Float64()
				at := int(skew * skew * skew * float64(len(stock)-16)) // some are much more usual than others
				phrase = stock[at : at+4+random.IntN(12)]
			}
			r := int32(0)
			if len(phrase) > 0 {
				r, phrase = phrase[0], phrase[1:]
			} else {
				at := random.Float64()
				switch kind := random.Float64(); {
				case kind < o.Formulaic:
					at = quantile(1, uint64(before), uint64(choices.rank(at)))
				case kind < o.Formulaic+o.Topical:
					at = quantile(2, topic, uint64(choices.rank(at)))
				}
				r = int32(words.rank(at))
			}
			if len(stock) < cap(stock) {
				stock = append(stock, r)
			}
			n += writeWord(out, spelled[r], i == 0, i > 0 && i+1 < length && random.IntN(20) == 0)
			before = r
		}
		out.WriteString(".\n")
		n += 2
	}
	return out.Flush()
}

// writeWord writes a word of a sentence and returns its length.
func writeWord(out *bufio.Writer, text string, first, comma bool) int {
	n := len(text)
	if first { // sentences begin with a capital
		out.WriteByte(text[0] - 'a' + 'A')
		out.WriteString(text[1:])
	} else {
		out.WriteByte(' ')
		out.WriteString(text)
		n++
	}
	if comma {
		out.WriteByte(',')
		n++
	}
	return n
}

// spell gives every rank a word of its own, short ones to the frequent ranks:
// consonants and vowels in turn, counted up.
func spell(n int) []string {
	const consonants, vowels = "tnsrhldc", "eaoi"
	var all []string
	layer := []string{""}
	for letters := 1; len(all) < n; letters++ {
		set := vowels
		if letters%2 == 0 {
			set = consonants
		}
		var next []string
		for _, end := range layer {
			for i := range len(set) {
				next = append(next, set[i:i+1]+end)
			}
		}
		layer = next
		all = append(all, layer...)
	}
	return all[:n]
}
