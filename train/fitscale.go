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
	scaleSteps = 20   // golden sections
)

// FitScale finds the scale by a search over the powers of 2 from 2^−12 to 2^12, refined by golden
// section. A scale further from 1 is taken only if it gains 10⁻⁶ nats: that of scores
// which separate the text without error has no end.
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
	take := func(x, loss float64) {
		if loss < best-scaleGain {
			best, log2 = loss, x
		}
	}
	for x := 1.0; x <= scaleRange && err == nil; x++ {
		take(x, at(x))
		take(-x, at(-x))
	}
	if err == nil {
		take(data.GoldenSection(at, log2-1, log2+1, scaleSteps))
	}
	if err != nil {
		return FittedScale{}, fmt.Errorf("fit the scale: %w", err)
	}
	return FittedScale{Scale: math.Exp2(log2), Loss: best}, nil
}
