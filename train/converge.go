package train

import "fmt"

// Convergence decides when a run has nothing left to gain.
//
// The rule "gradient" holds when the norm of the gradient is at most GradTol.
// The rule "plateau" holds when the objective, loss and penalty together, has
// not fallen by more than [PlateauTol] of itself for Patience steps. Either is
// switched off by a zero.
//
// The rule "floor" holds when the loss is within Tolerance of Floor, below which
// it cannot fall. It is off where either is not set.
type Convergence struct {
	GradTol  float64
	Patience int

	Floor     *float64 // see [data.Ladder]
	Tolerance float64

	// Best is the objective that the plateau is measured from and BestStep the
	// step at which it was met. They are part of a checkpoint.
	Best     float64
	BestStep int
}

// PlateauTol is the smallest relative fall of the objective that counts as
// progress.
const PlateauTol = 1e-7

// Done takes in the figures of one step, the first of which has number 0, and
// tells which rule says stop, or "".
func (c *Convergence) Done(step int, objective, gradNorm float64) string {
	if step == 0 || objective < c.Best-PlateauTol*max(c.Best, PlateauTol) {
		c.Best, c.BestStep = objective, step
	}
	if c.GradTol > 0 && gradNorm <= c.GradTol {
		return fmt.Sprintf("converged: the norm of the gradient is at most %g", c.GradTol)
	}
	if c.Patience > 0 && step-c.BestStep >= c.Patience {
		return fmt.Sprintf("converged: the objective has not fallen by %g of itself for %d steps", PlateauTol, c.Patience)
	}
	return ""
}

// AtFloor tells whether the loss, without the penalty, is so close to its floor
// that the rule says stop, or "".
func (c *Convergence) AtFloor(loss float64) string {
	if c.Tolerance > 0 && c.Floor != nil && loss-*c.Floor <= c.Tolerance {
		return fmt.Sprintf("converged: the loss is within %g of the floor", c.Tolerance)
	}
	return ""
}
