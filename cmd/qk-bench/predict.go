package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"qk/cmd/qk-bench/internal/wire"
	"qk/data"
	"qk/data/text"
)

// The text of predict: its lines are long enough that most positions have a
// full context.
const (
	lineWords    = 60
	wordsPerWord = 12 // tokens for each word of the vocabulary
)

// newText draws a text in which each of V words occurs. Words sort by their
// number.
func newText(V int, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, textStream))
	z := newZipf(V)
	words := rng.Perm(V)
	for len(words) < V*wordsPerWord {
		words = append(words, z.draw(rng))
	}
	rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	var b strings.Builder
	for i, w := range words {
		fmt.Fprintf(&b, "w%06d", w)
		if (i+1)%lineWords == 0 || i == len(words)-1 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// countText counts a text as every contestant that counts itself has to.
func countText(content string, L int) (*data.Counts, error) {
	corpus, err := data.Load(text.FromText("benchmark", content), data.Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}})
	if err != nil {
		return nil, err
	}
	return data.Count(corpus, L)
}

// predictProblem lays out the loss of the null-slot mixture at B positions a
// batch, mean −ln((base + Σ e^S vote)/(1 + Σ e^S)), and returns the text that the
// counts come from. The arrays earlier, mask and vote are [batches,B,L], where
// mask is 1 for an earlier word and 0 for padding; current, base and position are
// [batches,B]. The positions of a batch stand in the order of [data.Counts.Positions].
func predictProblem(s shape, seed uint64) (*wire.Problem, string, error) {
	p := newProblem(s, seed)
	text := newText(s.V, seed)
	counts, err := countText(text, s.L)
	if err != nil {
		return nil, "", err
	}
	if counts.V() != s.V {
		return nil, "", fmt.Errorf("the text has %d words, not %d", counts.V(), s.V)
	}
	rng := rand.New(rand.NewPCG(seed, batchStream))
	chosen := choosePositions(rng, counts, p.B*p.Batches)
	if len(chosen) < p.B*p.Batches {
		return nil, "", fmt.Errorf("the text has %d positions with an earlier word, %d are needed", len(chosen), p.B*p.Batches)
	}
	for b := range p.Batches {
		slices.Sort(chosen[b*p.B : (b+1)*p.B])
	}
	addPositions(p, counts, chosen)
	return p, text, nil
}

// choosePositions draws n different positions that have an earlier word.
func choosePositions(rng *rand.Rand, c *data.Counts, n int) []int32 {
	var chosen []int32
	for _, i := range rng.Perm(len(c.Positions())) {
		if len(chosen) < n && len(c.Positions()[i].Earlier) > 0 {
			chosen = append(chosen, int32(i))
		}
	}
	return chosen
}

func addPositions(p *wire.Problem, c *data.Counts, chosen []int32) {
	n := len(chosen)
	current := make([]int32, n)
	base := make([]float32, n)
	earlier := make([]int32, n*p.L)
	mask := make([]float32, n*p.L)
	vote := make([]float32, n*p.L)
	for i, at := range chosen {
		pos := c.Positions()[at]
		current[i] = int32(pos.Current)
		base[i] = float32(c.Transitions[pos.Current].P(pos.Next))
		for j, u := range pos.Earlier {
			row, _ := c.Pair(pos.Current, u)
			earlier[i*p.L+j], mask[i*p.L+j], vote[i*p.L+j] = int32(u), 1, float32(row.P(pos.Next))
		}
	}
	p.AddInts("position", chosen, p.Batches, p.B)
	p.AddInts("current", current, p.Batches, p.B)
	p.AddFloats("base", base, p.Batches, p.B)
	p.AddInts("earlier", earlier, p.Batches, p.B, p.L)
	p.AddFloats("mask", mask, p.Batches, p.B, p.L)
	p.AddFloats("vote", vote, p.Batches, p.B, p.L)
}
