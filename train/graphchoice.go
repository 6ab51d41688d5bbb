package train

import (
	"fmt"

	"qk/data"
	"qk/graph"
)

// Graph says how the loss is computed. The result is the same within rounding.
type Graph string

// The graphs.
const (
	Auto  Graph = "auto"  // Fused, unless the text is tiny
	Plain Graph = "plain" // elementary operations, as the formulas read
	Fused Graph = "fused" // one operation with its gradient, much faster
)

// Graphs lists every choice of graph, the default first.
func Graphs() []Graph { return []Graph{Auto, Plain, Fused} }

// Precision is the type of the numbers that a run computes with. Losses are added
// up in float64 either way, and the figures of the verdict are computed in float64
// from the learned matrices.
type Precision string

// The precisions.
const (
	AutoPrecision Precision = "auto"    // Float32 where a step takes long, else Float64
	Float64       Precision = "float64" // some 16 digits
	Float32       Precision = "float32" // some 7 digits, twice as fast; in the fused graph only
)

// Precisions lists every choice of precision, the default first.
func Precisions() []Precision { return []Precision{AutoPrecision, Float64, Float32} }

// plainCells is the size of the scores, rows times words, up to which Auto takes
// the plain graph: a step takes a fraction of a millisecond either way, and what
// runs is what the formulas say.
const plainCells = 1 << 9

// longStep is the work of a step, in multiply-adds of one product, from which on
// AutoPrecision takes float32. A step of that size takes about 1 ms in float64 on
// one core with AVX-512; below, a run is over in a second anyway.
const longStep = 1 << 24

// chooseGraph settles Auto and AutoPrecision for a text. Its error is a
// [*FlagError].
func (c *Config) chooseGraph(counts *data.Counts) error {
	rows := counts.V()
	if c.Task == graph.Predict {
		rows = len(counts.Positions())
	}
	if c.Batch > rows {
		return &FlagError{"batch", fmt.Sprint(c.Batch), fmt.Sprintf("there are only %d rows to draw from: give a smaller number, or leave it out for all rows", rows)}
	}
	if c.Graph == Auto {
		c.Graph = Plain
		if rows*counts.V() > plainCells || c.Batch > 0 || c.Precision == Float32 {
			c.Graph = Fused
		}
	}
	if c.Precision == AutoPrecision {
		c.Precision = Float64
		work := counts.V() * c.Rank
		if c.Task == graph.Recall && c.Objective == graph.CrossEntropy {
			if c.Batch > 0 {
				rows = min(rows, c.Batch)
			}
			work *= rows
		}
		if c.HoldOut > 0 { // a product for every pair; without, the choice is what it always was
			work = c.Rank * pairsOf(counts)
		}
		if c.Graph == Fused && work >= longStep {
			c.Precision = Float32
		}
	}
	return nil
}

// pairsOf returns the number of pairs of an earlier and a current word.
func pairsOf(counts *data.Counts) int {
	n := 0
	for _, pairs := range counts.Pairs {
		n += len(pairs)
	}
	return n
}

// upgrade fills in what the settings of an older program did not have.
func (c *Config) upgrade() {
	if c.Precision == "" {
		c.Precision = Float64
	}
}
