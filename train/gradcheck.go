package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/diff/fd"

	"qk/data"
	"qk/graph"
)

// GradTolerance is the largest error at which a gradient by automatic
// differentiation counts as equal to central finite differences, relative to
// the largest entry of the gradient; their own error is about that.
const GradTolerance = 1e-6

// CountedTolerance is the largest error at which the first gradient of the gates
// counts as equal to the counted figure.
const CountedTolerance = 1e-12

// MaxProbes is how many entries of each gradient are compared at most.
const MaxProbes = 200

// GradResult compares one gradient with an independent figure for it.
type GradResult struct {
	Model   string  `json:"model"`   // task, objective and form
	Against string  `json:"against"` // what the gradient is held against
	Entries int     `json:"entries"` // compared
	Error   float64 `json:"error"`   // the largest, relative to the largest entry of the gradient
	Bound   float64 `json:"bound"`
	Pass    bool    `json:"pass"`
}

// GradCheck holds automatic differentiation against finite differences in every
// task, objective and form at random weights, and against the counts where they
// give the gradient in closed form: see [graph.CountedGateGradient].
func GradCheck(ctx context.Context, e *Experiment) ([]GradResult, error) {
	if V := e.Counts.V(); V > MaxWeights/V {
		return nil, fmt.Errorf("gates and one-hot forms of [%d,%d] would not fit into memory: use --max-vocab", V, V)
	}
	if e.Masks == nil {
		counts := e.Counts
		if counts.Pairs == nil { // of a table: the other models need them
			var err error
			if counts, err = data.Count(e.Corpus, e.Config.Context); err != nil {
				return nil, err
			}
		}
		e = &Experiment{Config: e.Config, Corpus: e.Corpus, Counts: counts, Masks: data.NewMasks(counts)}
	}
	gates, err := checkGates(e.Counts)
	if err != nil {
		return nil, err
	}
	results := []GradResult{gates}
	for _, c := range gradConfigs(e) {
		if ctx.Err() != nil {
			return results, ErrInterrupted
		}
		r, err := checkDifferences(e, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", modelName(c), err)
		}
		results = append(results, r)
	}
	return results, nil
}

// gradConfigs lists one configuration for each model that can be built.
func gradConfigs(e *Experiment) []Config {
	logistic := false
	for _, row := range e.Masks.Rows {
		logistic = logistic || len(row.Candidates) > 0
	}
	var configs []Config
	for _, task := range graph.Tasks() {
		for _, objective := range graph.Objectives(task) {
			for _, oneHot := range []bool{false, true} {
				for _, null := range []bool{true, false} {
					if objective == graph.Logistic && !logistic || task == graph.Recall && !null {
						continue
					}
					c := e.Config
					c.Task, c.Objective, c.OneHot, c.Null = task, objective, oneHot, null
					c.Rank, c.L2, c.Graph = Unset, 1e-3, Plain
					c.Complete(e.Counts.V())
					configs = append(configs, c)
					c.Graph = Fused
					configs = append(configs, c)
				}
			}
		}
	}
	return configs
}

// checkDifferences compares at weights drawn from the seed, with S of order 1.
func checkDifferences(e *Experiment, c Config) (GradResult, error) {
	m, err := graph.New(c.Spec(), e.Counts, e.Masks)
	if err != nil {
		return GradResult{}, err
	}
	rng := rand.New(rand.NewPCG(c.Seed, 0x67726164)) // the stream of gradient checks
	for _, p := range m.Params() {
		for i := range p.Data {
			p.Data[i] = rng.NormFloat64()
		}
	}
	if _, err := m.Run(); err != nil {
		return GradResult{}, err
	}
	r := GradResult{Model: modelName(c), Against: "finite differences", Bound: GradTolerance}
	var scale, worst float64
	gradients := make([][]float64, len(m.Params())) // the runs below overwrite them
	for j, p := range m.Params() {
		gradients[j] = append([]float64(nil), p.Gradient...)
		for _, g := range p.Gradient {
			scale = max(scale, math.Abs(g))
		}
	}
	for j, p := range m.Params() {
		for _, i := range probes(rng, len(p.Data)) {
			estimate, err := derivative(m, p, i)
			if err != nil {
				return r, err
			}
			worst = max(worst, math.Abs(gradients[j][i]-estimate))
			r.Entries++
		}
	}
	r.Error = relative(worst, scale)
	r.Pass = r.Error <= r.Bound
	return r, nil
}

// derivative estimates ∂loss/∂x of one entry by central differences.
func derivative(m *graph.Model, p *graph.Parameter, i int) (float64, error) {
	at := p.Data[i]
	defer func() { p.Data[i] = at }()
	var failed error
	d := fd.Derivative(func(x float64) float64 {
		p.Data[i] = x
		loss, err := m.Run()
		if err != nil {
			failed = err
		}
		return loss.Total()
	}, at, &fd.Settings{Formula: fd.Central, Step: 1e-5})
	return d, failed
}

// probes chooses which of n entries are compared: all, or [MaxProbes] of them.
func probes(rng *rand.Rand, n int) []int {
	order := rng.Perm(n)
	return order[:min(n, MaxProbes)]
}

// checkGates compares the first gradient of the gates with the counts.
func checkGates(c *data.Counts) (GradResult, error) {
	r := GradResult{Model: "gates at zero", Against: "counted −P(u,w)·χ²", Bound: CountedTolerance}
	m, err := graph.NewGates(c)
	if err != nil {
		return r, err
	}
	if _, err := m.Run(); err != nil {
		return r, err
	}
	counted := graph.CountedGateGradient(c)
	var scale, worst float64
	for i, g := range m.Params()[0].Gradient {
		scale = max(scale, math.Abs(counted[i]))
		worst = max(worst, math.Abs(g-counted[i]))
		r.Entries++
	}
	r.Error = relative(worst, scale)
	r.Pass = r.Error <= r.Bound
	return r, nil
}

// relative is worst/scale, or worst where everything is zero.
func relative(worst, scale float64) float64 {
	if scale == 0 {
		return worst
	}
	return worst / scale
}

func modelName(c Config) string {
	form := "Q·K"
	if c.OneHot {
		form = "one-hot"
	}
	if c.Task == graph.Predict {
		slot := "null"
		if !c.Null {
			slot = "no null"
		}
		if c.Graph == Fused {
			slot += ", fused"
		}
		return fmt.Sprintf("predict, %s, %s", form, slot)
	}
	if c.Graph == Fused {
		form += ", fused"
	}
	return fmt.Sprintf("recall, %s, %s", c.Objective, form)
}
