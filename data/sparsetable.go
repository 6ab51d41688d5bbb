package data

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// sparseTable is a table of which only the entries that are not zero are kept,
// by rows and by columns. It stands for T = P(y|w) in all that hangs on TᵀT
// alone, as singular values do: rows without entries are left out, and n words
// that have the same single next word, so the same row, are one row times √n.
// Their share in TᵀT is the same.
type sparseTable struct {
	rows, columns [][]sparseEntry
	norm          float64 // ‖T‖²_F
}

// sparseEntry is an entry of a row, at a column, or the other way round.
type sparseEntry struct {
	at int
	x  float64
}

func newSparseTable(c *Counts) *sparseTable {
	t := &sparseTable{columns: make([][]sparseEntry, c.V())}
	alone := make([]float64, c.V()) // how many words have this one next word
	for _, row := range c.Transitions {
		if len(row.Cells) == 1 {
			alone[row.Cells[0].Word]++
		} else if len(row.Cells) > 1 {
			entries := make([]sparseEntry, len(row.Cells))
			for i, cell := range row.Cells {
				entries[i] = sparseEntry{int(cell.Word), float64(cell.N) / float64(row.Total)}
			}
			t.rows = append(t.rows, entries)
		}
	}
	for y, n := range alone {
		if n > 0 {
			t.rows = append(t.rows, []sparseEntry{{y, math.Sqrt(n)}})
		}
	}
	for i, row := range t.rows {
		for _, e := range row {
			t.columns[e.at] = append(t.columns[e.at], sparseEntry{i, e.x})
			t.norm += e.x * e.x
		}
	}
	return t
}

// product returns the product of a sparse matrix, given by its rows, and a dense
// one. Each row of it is one sum in one order, on any number of cores.
func product(rows [][]sparseEntry, x blas64.General) blas64.General {
	result := newDense(len(rows), x.Cols)
	eachWord(len(rows), func() func(Word) {
		return func(i Word) {
			to := denseRow(result, int(i))
			for _, e := range rows[i] {
				for j, v := range denseRow(x, e.at) {
					to[j] += e.x * v
				}
			}
		}
	})
	return result
}

func newDense(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

func denseRow(m blas64.General, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }

// orthonormalise replaces the columns of m, no more than it has rows, by
// orthonormal ones that span at least the same space, by Householder's
// reflections.
func orthonormalise(m blas64.General) {
	tau, size := make([]float64, m.Cols), make([]float64, 1)
	lapack64.Geqrf(m, tau, size, -1)
	work := make([]float64, int(size[0]))
	lapack64.Geqrf(m, tau, work, len(work))
	lapack64.Orgqr(m, tau, size, -1)
	work = make([]float64, int(size[0]))
	lapack64.Orgqr(m, tau, work, len(work))
}

// findRange returns an orthonormal basis [rows,width] of nearly the space of the
// first left singular vectors: a random start, then power iterations with both
// sides made orthonormal in between.
//
// Source: N. Halko, P. G. Martinsson, J. A. Tropp, "Finding structure with
// randomness", SIAM Review 53, 2011, algorithm 4.4.
func (t *sparseTable) findRange(width, iterations int) blas64.General {
	random := rand.New(rand.NewPCG(1, 1))
	start := newDense(len(t.columns), width)
	for i := range start.Data {
		start.Data[i] = random.NormFloat64()
	}
	q := product(t.rows, start)
	orthonormalise(q)
	for range iterations {
		other := product(t.columns, q)
		orthonormalise(other)
		q = product(t.rows, other)
		orthonormalise(q)
	}
	return q
}
