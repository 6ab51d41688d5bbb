package graph

import (
	"errors"
	"fmt"
	"math"
)

// Task says what Q and K learn from.
type Task string

// The tasks.
const (
	Predict Task = "predict" // from which word came next; masks are never seen
	Recall  Task = "recall"  // from a counted table, which is to be reproduced
)

// Tasks lists every task, the default first.
func Tasks() []Task { return []Task{Predict, Recall} }

// Objective says how the distance between scores and counts is measured.
type Objective string

// The objectives. Predict has cross-entropy only.
const (
	CrossEntropy Objective = "cross-entropy" // of P(y|w) against softmax(S_w)
	Squared      Objective = "squared"       // ‖S − P‖²_F, no softmax
	Logistic     Objective = "logistic"      // of the binary counted mask against sigmoid(S)
)

// Objectives lists the objectives of a task, the default first.
func Objectives(t Task) []Objective {
	if t == Predict {
		return []Objective{CrossEntropy}
	}
	return []Objective{CrossEntropy, Squared, Logistic}
}

// Spec describes a model.
type Spec struct {
	Task      Task
	Objective Objective
	// Null gives predict a slot for "attend to nothing", which votes P(y|w).
	Null bool
	// OneHot fixes Q to the identity and learns K [V,V] alone.
	OneHot bool
	// Rank is R, the number of columns of Q and K. It is V with OneHot.
	Rank int
	// Scaled divides the scores by √R.
	Scaled bool
	// L2 is λ in the penalty λ(‖Q‖² + ‖K‖²), which is λ‖S‖² with OneHot.
	L2 float64
	// Fused computes the loss and its gradient in one operation, in place of a
	// graph of elementary operations: see fused.go and fusedrecall.go for what it
	// costs.
	Fused bool
	// Float32 computes with float32 in place of float64, in the fused form only:
	// twice as fast, to some seven digits.
	Float32 bool
	// BatchRows is B, how many rows go through the graph at once; 0 chooses a
	// size that keeps the matrices in cache. It changes only the last bits of a
	// result: every step sees all rows.
	BatchRows int
}

// validate says what a caller should have checked before.
func (s Spec) validate(V int) error {
	known := false
	for _, o := range Objectives(s.Task) {
		known = known || o == s.Objective
	}
	switch {
	case s.Task != Predict && s.Task != Recall:
		return fmt.Errorf("graph: unknown task %q", s.Task)
	case !known:
		return fmt.Errorf("graph: the task %s has no objective %q", s.Task, s.Objective)
	case s.OneHot && s.Rank != V:
		return fmt.Errorf("graph: rank %d: the one-hot form has rank V = %d", s.Rank, V)
	case s.Rank < 1:
		return fmt.Errorf("graph: rank %d is below 1", s.Rank)
	case !(s.L2 >= 0) || math.IsInf(s.L2, 1): // NaN too
		return fmt.Errorf("graph: L2 penalty %g: want a finite number, 0 or above", s.L2)
	case s.Float32 && !s.Fused:
		return errors.New("graph: float32 needs the fused graph")
	case s.BatchRows < 0:
		return fmt.Errorf("graph: negative number of rows in a batch, %d", s.BatchRows)
	}
	return nil
}

// batchCells is how many numbers a [B,V] matrix holds when the batch size is
// chosen: 2 MiB of float64, so that the matrices of a step pass through the
// caches.
const batchCells = 1 << 18

// batchRows returns B for a model of so many rows.
func (s Spec) batchRows(rows, V int) int {
	b := s.BatchRows
	if b == 0 {
		b = max(1, batchCells/V)
	}
	return max(1, min(b, rows))
}
