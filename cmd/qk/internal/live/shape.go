package live

import (
	"math"
	"slices"

	"qk/data"
	"qk/train"
)

// How many rows and columns are shown at most.
const (
	maxRows    = 32
	maxColumns = 32
)

// shape is which rows and columns of the matrices are shown, and what is counted of
// them, which no step changes.
type shape struct {
	Version     int           `json:"version"`
	Rows        []data.Word   `json:"rows"`    // current words, in ascending order
	Columns     []data.Word   `json:"columns"` // earlier words, or next words of a table
	RowTotal    int           `json:"row_total"`
	ColumnTotal int           `json:"column_total"`
	Counted     floats        `json:"counted"` // [rows,columns], see [train.Experiment.CountedRow]
	Pairs       floats        `json:"pairs"`   // [rows,columns] c2(u,w), or c1(w,y) of a table
	RowCounts   []uint64      `json:"row_counts"`
	CountedSets [][]data.Word `json:"counted_sets"`
	Estimates   []bool        `json:"estimates"` // rows whose counted set is one
}

// newShape chooses the rows and columns that have most to tell, and any row that has to
// be there, or −1. Its version differs from that of any other choice of that row.
func newShape(e *train.Experiment, wanted data.Word) *shape {
	V := e.Counts.V()
	var always []data.Word
	if wanted >= 0 {
		always = append(always, wanted)
	}
	s := &shape{Version: int(wanted) + 1, ColumnTotal: V, RowCounts: []uint64{}, Estimates: []bool{}}
	s.Rows, s.RowTotal = e.TellingRows(maxRows, always...)
	columns := make([]float64, V)
	counted := make([][]float64, len(s.Rows))
	for i, w := range s.Rows {
		counted[i] = e.CountedRow(w)
		weight, _ := e.Telling(w)
		if w == wanted {
			weight = 1
		}
		for u, x := range counted[i] {
			if !math.IsNaN(x) {
				columns[u] += (x + 1e-3) * (1 + min(weight, 1))
			}
		}
		row := countedSet(e, w)
		s.CountedSets = append(s.CountedSets, row.Counted)
		s.Estimates = append(s.Estimates, row.Estimate)
		s.RowCounts = append(s.RowCounts, e.Counts.Transitions[w].Total)
		for _, u := range row.Counted {
			columns[u] += 10
		}
	}
	for _, u := range train.Heaviest(columns, maxColumns) {
		s.Columns = append(s.Columns, data.Word(u))
	}
	for i, w := range s.Rows {
		for _, u := range s.Columns {
			s.Counted = append(s.Counted, float32(counted[i][u]))
			s.Pairs = append(s.Pairs, float32(together(e, w, u)))
		}
	}
	return s
}

// has tells whether a row is shown.
func (s *shape) has(w data.Word) bool { _, ok := slices.BinarySearch(s.Rows, w); return ok }

// countedSet is the counted set of a row, as a verdict has it for a row that was
// learned without a fault.
func countedSet(e *train.Experiment, w data.Word) train.RowAgreement {
	row := train.AgreeRow(e, train.LearnRow(e, w, make([]float64, e.Counts.V())))
	if row.Counted == nil {
		row.Counted = []data.Word{}
	}
	return row
}

// together counts how often u came before w, or in a table y after w.
func together(e *train.Experiment, w, u data.Word) uint64 {
	if e.Config.Table() {
		return e.Counts.Transitions[w].Count(u)
	}
	pair, _ := e.Counts.Pair(w, u)
	return pair.Total
}
