package live

import (
	"qk/data"
	"qk/graph"
	"qk/train"
)

// probe is the loss of a run as a function of the scores themselves: the model in its
// one-hot form, in which K is Sᵀ, so that automatic differentiation gives ∂loss/∂S.
type probe struct {
	model *graph.Model
	zero  []float64 // the gradient at S = 0, [V,V], row u column w; nil until it is asked for
	step  int       // of the gradient that the model holds; −1 for none
}

// maxProbe is the largest vocabulary for which a run has a probe.
const maxProbe = 256

// probeCells is how many numbers a matrix of the probe of a run has.
func probeCells(e *train.Experiment) int64 {
	V := int64(e.Counts.V())
	if V > maxProbe {
		return 0
	}
	return V * V
}

// probeAt is the probe of the session, made when it is first needed; nil where there
// is none.
func (s *session) probeAt() (*probe, error) {
	if s.probe != nil || probeCells(s.e) == 0 {
		return s.probe, nil
	}
	c := s.e.Config
	c.OneHot, c.Scaled, c.L2, c.Rank, c.Precision = true, false, 0, s.e.Counts.V(), train.Float64
	e, err := s.e.With(c)
	if err != nil {
		return nil, err
	}
	m, err := e.Model()
	if err != nil {
		return nil, err
	}
	s.probe = &probe{model: m, step: -1}
	return s.probe, nil
}

// at returns the gradient at the scores of a session, [V,V], row u column w.
func (p *probe) at(s *session) ([]float64, error) {
	if p.step == s.loop.Step {
		return p.model.Params()[0].Gradient, nil
	}
	V := s.e.Counts.V()
	words := make([]data.Word, V)
	for w := range words {
		words[w] = data.Word(w)
	}
	err := s.puller.Rows(words, func(w data.Word, scores []float64) error {
		for u, x := range scores {
			p.model.Weights.K[u*V+int(w)] = x
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.step = s.loop.Step
	return p.run()
}

// atZero returns the gradient at S = 0.
func (p *probe) atZero() ([]float64, error) {
	if p.zero == nil {
		clear(p.model.Weights.K)
		p.step = -1
		g, err := p.run()
		if err != nil {
			return nil, err
		}
		p.zero = append([]float64(nil), g...)
	}
	return p.zero, nil
}

func (p *probe) run() ([]float64, error) {
	p.model.Push()
	p.model.Start(1)
	defer p.model.Stop()
	if _, err := p.model.Run(); err != nil {
		return nil, err
	}
	return p.model.Params()[0].Gradient, nil
}
