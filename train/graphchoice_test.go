package train

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"qk/data"
	"qk/data/text"
	"qk/graph"
)

// vocabularyOf makes up counts of V words of which nothing is known but the number.
func vocabularyOf(V int) *data.Counts {
	words := make([]string, V)
	for i := range words {
		words[i] = fmt.Sprintf("w%06d", i)
	}
	return &data.Counts{Corpus: &data.Corpus{Vocab: data.NewVocabulary(words)}, Transitions: make([]data.Row, V)}
}

// TestChooseGraph checks both choices on either side of their bounds: 2⁹ cells for
// the graph, 2²⁴ multiply-adds for the precision.
func TestChooseGraph(t *testing.T) {
	entropy, squared := recall(graph.CrossEntropy), recall(graph.Squared)
	for _, test := range []struct {
		base      Config
		V, rank   int
		batch     int
		graph     Graph
		precision Precision
		wantGraph Graph
		want      Precision
	}{
		{entropy, 22, 8, 0, Auto, AutoPrecision, Plain, Float64}, // 484 cells
		{entropy, 23, 8, 0, Auto, AutoPrecision, Fused, Float64}, // 529
		{entropy, 22, 8, 3, Auto, AutoPrecision, Fused, Float64},
		{entropy, 22, 8, 22, Auto, AutoPrecision, Fused, Float64},
		{entropy, 22, 8, 0, Auto, Float32, Fused, Float32},
		{entropy, 22, 8, 0, Fused, AutoPrecision, Fused, Float64},
		{entropy, 22, 8, 0, Plain, AutoPrecision, Plain, Float64},
		{entropy, 22, 8, 0, Plain, Float64, Plain, Float64},
		{entropy, 1024, 16, 0, Auto, AutoPrecision, Fused, Float32}, // 2²⁴
		{entropy, 1024, 15, 0, Auto, AutoPrecision, Fused, Float64},
		{entropy, 1023, 16, 0, Auto, AutoPrecision, Fused, Float64},
		{entropy, 1024, 16, 0, Plain, AutoPrecision, Plain, Float64},
		{entropy, 1024, 16, 0, Auto, Float64, Fused, Float64},
		{entropy, 1024, 16, 512, Auto, AutoPrecision, Fused, Float64}, // half the rows
		{entropy, 1024, 32, 512, Auto, AutoPrecision, Fused, Float32},
		{entropy, 1024, 16, 1024, Auto, AutoPrecision, Fused, Float32},
		{squared, 1024, 16, 0, Auto, AutoPrecision, Fused, Float64}, // no V² in it
		{squared, 1024, 1 << 14, 0, Auto, AutoPrecision, Fused, Float32},
		{squared, 1024, 1<<14 - 1, 0, Auto, AutoPrecision, Fused, Float64},
		{predict(), 1024, 1 << 14, 0, Fused, AutoPrecision, Fused, Float32},
		{predict(), 1024, 1<<14 - 1, 0, Fused, AutoPrecision, Fused, Float64},
		{predict(), 1024, 1 << 14, 0, Fused, Float64, Fused, Float64},
	} {
		c := test.base
		c.Rank, c.Batch, c.Graph, c.Precision = test.rank, test.batch, test.graph, test.precision
		what := fmt.Sprintf("%s %s, V %d, rank %d, batch %d, %s, %s", c.Task, c.Objective, test.V, c.Rank, c.Batch, c.Graph, c.Precision)
		must(t, c.chooseGraph(vocabularyOf(test.V)))
		if c.Graph != test.wantGraph || c.Precision != test.want {
			t.Errorf("%s: %s and %s, want %s and %s", what, c.Graph, c.Precision, test.wantGraph, test.want)
		}
		again := c
		must(t, again.chooseGraph(vocabularyOf(test.V)))
		if again != c {
			t.Errorf("%s: chosen again, %s and %s", what, again.Graph, again.Precision)
		}
	}
}

// TestBatchRefused checks the errors that name the flag: a batch of more rows than
// there are, words for recall and positions for predict, or of the plain graph, or
// below zero; and float32 with the plain graph.
func TestBatchRefused(t *testing.T) {
	content := "a b c\nb a c\n" // 3 words; 4 positions of words with what comes before
	for _, test := range []struct {
		config Config
		flag   string // "" where all is well
	}{
		{recall(graph.CrossEntropy, func(c *Config) { c.Batch = 3 }), ""},
		{recall(graph.CrossEntropy, func(c *Config) { c.Batch = 4 }), "batch"},
		{predict(func(c *Config) { c.Batch = 4 }), ""},
		{predict(func(c *Config) { c.Batch = 5 }), "batch"},
		{predict(func(c *Config) { c.Batch = -1 }), "batch"},
		{predict(func(c *Config) { c.Batch, c.Graph = 2, Plain }), "batch"},
		{predict(func(c *Config) { c.Batch, c.Graph = 2, Fused }), ""},
		{predict(func(c *Config) { c.Precision, c.Graph = Float32, Plain }), "precision"},
		{predict(func(c *Config) { c.Precision = "float16" }), "precision"},
	} {
		err := test.config.Validate()
		if err == nil {
			_, err = NewExperiment(test.config, text.FromText("text", content))
		}
		var flag *FlagError
		switch {
		case test.flag == "":
			must(t, err)
		case !errors.As(err, &flag) || flag.Flag != test.flag || !strings.HasPrefix(err.Error(), "--"+test.flag):
			t.Errorf("batch %d, %s, %s: error %v, want one of --%s", test.config.Batch, test.config.Graph, test.config.Precision, err, test.flag)
		}
	}
}
