package train

import (
	"fmt"
	"math"

	"qk/data"
	"qk/graph"
)

// FittedScale is the loss that scores have once they are multiplied with the one
// number that suits them best. The scale of another model's scores may mean nothing;
// neither the order of a row's scores nor its set hangs on it, but the loss does.
type FittedScale struct {
	Scale float64 `json:"scale"`
	Loss  float64 `json:"loss"` // the data loss alone, over what is learned from
}

// The search for the scale.
const (
	scaleRange = 12   // 2^−12 … 2^12
	scaleGain  = 1e-6 // what a scale further from 1 has to gain, in nats
	scaleSteps = 12   // golden sections, down to 0.2 % of the scale
)

// FitScale goes downhill from a scale of 1 in powers of 2, to 2^±12 at most, and refines
// what it finds by golden section. Every step has to gain 10⁻⁶ nats: the best scale of
// scores that separate the text without error has no end.
func (e *Experiment) FitScale(w *graph.Weights) (FittedScale, error) {
	m, err := e.evaluator()
	if err != nil {
		return FittedScale{}, err
	}
	m.Start(0)
	defer m.Stop()
	copy(m.Weights.Q, w.Q)
	copy(m.Weights.K, w.K)
	to, from := m.Weights.Q, w.Q
	if w.OneHot {
		to, from = m.Weights.K, w.K
	}
	at := func(log2 float64) float64 {
		for i, x := range from {
			to[i] = math.Exp2(log2) * x
		}
		l, failed := m.Evaluate()
		if failed != nil && err == nil {
			err = failed
		}
		return l.Data
	}
	best, log2 := at(0), 0.0
	take := func(x, loss float64) bool {
		if !(loss < best-scaleGain) {
			return false
		}
		best, log2 = loss, x
		return true
	}
	for _, step := range []float64{1, -1} {
		for err == nil && math.Abs(log2+step) <= scaleRange && take(log2+step, at(log2+step)) {
		}
		if log2 != 0 {
			break
		}
	}
	take(data.GoldenSection(at, log2-1, log2+1, scaleSteps))
	if err != nil {
		return FittedScale{}, fmt.Errorf("fit the scale: %w", err)
	}
	return FittedScale{Scale: math.Exp2(log2), Loss: best}, nil
}
