package train

import (
	"fmt"

	"qk/graph"
)

// Tuning watches a run by sentences that it does not learn from, and keeps the
// weights that do best on them. It stops the run when none of the last
// Config.Patience looks was better.
type Tuning struct {
	// Best is the least loss so far in nats per position, Step the step at which it
	// was met, and Weights what was learned by then, one matrix for each parameter,
	// nil before the first look. They are part of a checkpoint.
	Best    float64
	Step    int
	Weights [][]float64

	model *graph.Model // of the tuning sentences
	every int          // steps from one look to the next
}

// looksAnEpoch is how often a run in batches looks at the tuning sentences while it
// goes once over the text.
const looksAnEpoch = 4

// Loop prepares a run of the experiment from its first weights.
func (e *Experiment) Loop() (*Loop, error) {
	m, err := e.Model()
	if err != nil {
		return nil, err
	}
	l, err := NewLoop(e.Config, m)
	if err != nil {
		return nil, err
	}
	l.Workers = e.Workers
	if e.Smoothing == nil {
		return l, nil
	}
	spec := e.Config.Spec()
	spec.Fused, spec.L2 = true, 0
	t := &Tuning{every: 1}
	if t.model, err = graph.NewPredict(spec, e.tuning); err != nil {
		return nil, err
	}
	if B := e.Config.Batch; B > 0 {
		t.every = max(1, len(e.Counts.Positions())/(looksAnEpoch*B))
	}
	l.Tuning = t
	return l, nil
}

// look takes in the parameters after a number of steps and returns their loss, or
// nil where there is no look at this step; last asks for one.
func (t *Tuning) look(step int, params []*graph.Parameter, last bool) (*float64, error) {
	if step%t.every != 0 && !last {
		return nil, nil
	}
	now := make([][]float64, len(params))
	for i, p := range params {
		now[i] = p.AppendTo(nil)
		t.model.Params()[i].Set(now[i])
	}
	loss, err := t.model.Evaluate()
	if err != nil {
		return nil, fmt.Errorf("tuning sentences: %w", err)
	}
	if t.Weights == nil || loss.Data < t.Best {
		t.Best, t.Step, t.Weights = loss.Data, step, now
	}
	return &loss.Data, nil
}

// done tells why to stop, or "".
func (t *Tuning) done(step, patience int) string {
	if patience > 0 && step-t.Step >= patience*t.every {
		return fmt.Sprintf("stopped: the loss of the tuning sentences has not fallen for %d steps; the weights after step %d are kept", step-t.Step, t.Step)
	}
	return ""
}

// Result returns what the run has learned, and the steps behind it: with sentences
// held out the weights that did best on those for tuning, else those of the last
// step.
func (l *Loop) Result() (w *graph.Weights, steps int) {
	if l.Tuning == nil || l.Tuning.Weights == nil {
		return l.Model.Weights, l.Step
	}
	from := l.Model.Weights
	w = graph.NewWeights(from.V, from.R, from.OneHot, from.Scaled)
	into := [][]float64{w.Q, w.K}
	kept := l.Tuning.Weights
	for i, x := range kept {
		copy(into[len(into)-len(kept)+i], x)
	}
	return w, l.Tuning.Step
}
