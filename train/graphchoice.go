package train

import (
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

// plainCells is the size of the scores, rows times words, up to which Auto takes
// the plain graph: a step takes a fraction of a millisecond either way, and what
// runs is what the formulas say.
const plainCells = 1 << 9

// chooseGraph settles Auto for a text.
func (c *Config) chooseGraph(counts *data.Counts) {
	if c.Graph != Auto {
		return
	}
	rows := counts.V()
	if c.Task == graph.Predict {
		rows = len(counts.Positions())
	}
	c.Graph = Plain
	if rows*counts.V() > plainCells {
		c.Graph = Fused
	}
}
