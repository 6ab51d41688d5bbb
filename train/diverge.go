package train

import (
	"fmt"
	"math"

	"qk/graph"
)

// DivergedError says that a number stopped being finite. The loop has gone back
// to its last good state.
type DivergedError struct {
	Step   int    // the steps that had been taken when it showed
	Tensor string // what is not finite: "loss", "Q", "gradient of K", …
	Value  float64
	Good   int // the steps of the state gone back to
	Advice string
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("diverged at step %d: %s is %v; the state after step %d is kept: %s", e.Step, e.Tensor, e.Value, e.Good, e.Advice)
}

// snapshot is a state whose loss and gradient were finite: the last one, or of a
// large model the last that was copied.
type snapshot struct {
	step    int
	loss    graph.Loss
	weights [][]float64
	solver  SolverState
	valid   bool
}

// A model of more numbers than largeModel is copied only every backupEvery steps,
// as a step takes little longer than the copy.
const (
	largeModel  = 1 << 16
	backupEvery = 32
)

func (l *Loop) remember() {
	params := l.Model.Params()
	if l.good.weights == nil {
		l.good.weights = make([][]float64, len(params))
	}
	for i, p := range params {
		l.good.weights[i] = p.AppendTo(l.good.weights[i][:0])
	}
	l.Solver.Save(&l.good.solver)
	l.good.step, l.good.loss, l.good.valid = l.Step, l.Loss, true
}

// checkFinite looks for the first number that is not finite, from the cause to
// the effect: the loss, then the gradients. norm is that of the gradient, which
// is finite only if every number of it is.
func (l *Loop) checkFinite(loss graph.Loss, norm float64) error {
	if x := loss.Total(); math.IsNaN(x) || math.IsInf(x, 0) {
		return l.diverged("loss", x)
	}
	if !math.IsNaN(norm) && !math.IsInf(norm, 0) {
		return nil
	}
	for _, p := range l.Model.Params() {
		if x, bad := notFinite(p.AppendGradientTo(nil)); bad {
			return l.diverged("gradient of "+p.Name, x)
		}
	}
	return l.diverged("norm of the gradient", norm) // of finite numbers, and it is logged
}

// diverged goes back to the last good state and says what happened.
func (l *Loop) diverged(tensor string, x float64) error {
	err := &DivergedError{Step: l.Step, Tensor: tensor, Value: x, Good: l.good.step}
	err.Advice = fmt.Sprintf("try a smaller rate, such as --lr %.2g", min(l.Config.LR/10, defaultRate(l.Config.Solver)))
	if l.Config.Task == graph.Recall && l.Config.Objective == graph.Squared && l.Config.Solver != "adam" {
		err.Advice += ", or --solver adam"
	}
	if l.Step == 0 {
		err.Advice = fmt.Sprintf("the first weights are too large: try a smaller --init than %g", l.Config.Init)
	}
	if !l.good.valid { // no step was taken since the run began or was resumed
		err.Good = l.Step
		return err
	}
	for i, p := range l.Model.Params() {
		p.Set(l.good.weights[i])
	}
	l.Model.Pull()
	l.Step, l.Loss = l.good.step, l.good.loss
	if restoreErr := l.Solver.Restore(l.good.solver); restoreErr != nil {
		return fmt.Errorf("%w; and going back failed: %w", err, restoreErr)
	}
	return err
}

func notFinite(xs []float64) (float64, bool) {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return x, true
		}
	}
	return 0, false
}
