package data

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// MaxSVD is the largest V for which the exact singular values are computed.
const MaxSVD = 2000

// ErrTooLarge says that a table is too large for the exact method.
var ErrTooLarge = errors.New("too large for an exact singular value decomposition")

// EckartYoung returns the least ‖S − T‖²_F that a matrix S of the given rank can
// have: the sum of the squares of T's singular values after the first rank
// ones. It is the floor of the objective squared. t is [V,V], row-major.
// [ErrTooLarge] is returned (wrapped) for V above [MaxSVD]; a negative rank is an
// error.
//
// Source: C. Eckart and G. Young, "The approximation of one matrix by another
// of lower rank", Psychometrika 1, 1936.
func EckartYoung(t []float64, V, rank int) (float64, error) {
	if V > MaxSVD {
		return 0, tooLarge(V)
	}
	if rank < 0 {
		return 0, fmt.Errorf("rank %d is negative", rank)
	}
	if rank >= V {
		return 0, nil
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(V, V, t), mat.SVDNone) {
		return 0, fmt.Errorf("the singular value decomposition of the [%d,%d] table did not converge", V, V)
	}
	var tail float64
	values := svd.Values(nil)
	for i := len(values) - 1; i >= rank; i-- { // the smallest first, for accuracy
		tail += values[i] * values[i]
	}
	return tail, nil
}

// SquaredFloor returns [EckartYoung] for the table of transitions P(y|w): exactly
// for V up to [MaxSVD], and beyond, where the table is not laid out, as an interval
// that holds it for certain, the same on any number of cores. [ErrTooLarge] is
// returned (wrapped) where a basis of more than rank columns would take too much
// memory or time; a negative rank is an error.
func SquaredFloor(c *Counts, rank int) (FloorBounds, error) {
	V := c.V()
	if rank < 0 {
		return FloorBounds{}, fmt.Errorf("rank %d is negative", rank)
	}
	if rank >= V {
		return FloorBounds{}, nil
	}
	if V <= MaxSVD {
		floor, err := EckartYoung(TransitionTable(c), V, rank)
		return FloorBounds{floor, floor}, err
	}
	t := newSparseTable(c)
	most := min(maxBasis/V, int(math.Sqrt(float64(maxBasisWork/V))))
	if most <= rank && rank < len(t.rows) {
		return FloorBounds{}, fmt.Errorf("V = %d at rank %d: %w", V, rank, ErrTooLarge)
	}
	return t.floorBounds(rank, min(2*rank+extraColumns, most), powerIterations)
}

func tooLarge(V int) error { return fmt.Errorf("V = %d is above %d: %w", V, MaxSVD, ErrTooLarge) }

// TransitionTable returns P(y|w) as a dense [V,V] table, row-major, rows w. The
// row of a word that nothing follows is zero.
func TransitionTable(c *Counts) []float64 {
	V := c.V()
	t := make([]float64, V*V)
	for w, row := range c.Transitions {
		for _, cell := range row.Cells {
			t[w*V+int(cell.Word)] = float64(cell.N) / float64(row.Total)
		}
	}
	return t
}
