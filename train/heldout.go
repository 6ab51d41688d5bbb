package train

import (
	"fmt"

	"qk/data"
	"qk/graph"
)

// part smooths the counts of the training sentences and finds the positions of
// the others. Without the null slot the votes have the prior weight that suits all
// votes: attention can then not fall back on P(y|w), and nothing but the prior
// silences an earlier word where all of them tell nothing. (On Shakespeare the
// learned loss would be 5.26 in place of 4.96.)
func (e *Experiment) part() error {
	tuning, err := e.Counts.PlacesOf(e.Corpus.Tuning, data.Tuning)
	if err != nil {
		return err
	}
	heldOut, err := e.Counts.PlacesOf(e.Corpus.HeldOut, data.HeldOut)
	if err != nil {
		return err
	}
	e.Smoothing = data.FitSmoothing(e.Counts)
	if !e.Config.Null {
		e.Smoothing.Kappa.Pair = e.Smoothing.Kappa.Alike
	}
	e.tuning, e.heldOut = e.Smoothing.Unseen(tuning), e.Smoothing.Unseen(heldOut)
	return nil
}

// Voters returns the votes at the positions that the experiment learns from.
func (e *Experiment) Voters() *data.Voters {
	if e.Smoothing != nil {
		return e.Smoothing.LeaveOneOut()
	}
	return data.NewVoters(e.Counts)
}

// HeldOut is how weights do on the sentences that were held out.
type HeldOut struct {
	Sentences, Positions uint64
	// Loss is the mean of −ln p over the positions, in nats.
	Loss float64
	// Ladder holds the reference losses over the same positions, and Scale the scale
	// of the graded mask, which was fitted to the training part.
	Ladder data.Ladder
	Scale  float64
	// Differences compares Loss with the lines of the ladder that are predictions,
	// from the one that knows least on.
	Differences []Compared
	// Tuning is the loss of the sentences that decided when to stop.
	Tuning PartLoss
	Kappa  data.Kappa
}

// Compared is a loss less that of a reference line, with its interval.
type Compared struct {
	Line string // as in the JSON of a [data.Ladder]
	data.Difference
}

// PartLoss is the loss of a part of the text.
type PartLoss struct {
	Sentences uint64  `json:"sentences"`
	Positions uint64  `json:"positions"`
	Loss      float64 `json:"loss"`
}

// Verdict says in a word whether the loss is below or above the line, or whether
// that is noise: the interval holds 0.
func (c Compared) Verdict() string {
	switch {
	case c.Noise():
		return "noise"
	case c.Mean < 0:
		return "below"
	}
	return "above"
}

// HeldOut measures weights on the sentences that were held out, in float64.
func (e *Experiment) HeldOut(w *graph.Weights) (*HeldOut, error) {
	if e.Smoothing == nil {
		return nil, fmt.Errorf("train: no sentences are held out")
	}
	losses, err := e.losses(e.heldOut, w)
	if err != nil {
		return nil, err
	}
	tuned, err := e.losses(e.tuning, w)
	if err != nil {
		return nil, err
	}
	rungs := e.share().heldOut()
	h := &HeldOut{
		Sentences: e.heldOut.Sentences(), Positions: e.heldOut.Total, Loss: e.heldOut.Mean(losses),
		Ladder: rungs.Ladder, Scale: rungs.Scale, Kappa: e.Smoothing.Kappa,
		Tuning: PartLoss{e.tuning.Sentences(), e.tuning.Total, e.tuning.Mean(tuned)},
	}
	for i, d := range e.heldOut.Differences(losses, rungs.Lines, e.Config.Seed) {
		h.Differences = append(h.Differences, Compared{rungs.Lines[i].Name, d})
	}
	return h, nil
}

// losses computes −ln p of weights at every distinct position.
func (e *Experiment) losses(v *data.Voters, w *graph.Weights) ([]float64, error) {
	spec := e.Config.Spec()
	spec.Fused, spec.Float32, spec.L2 = true, false, 0
	m, err := graph.NewPredict(spec, v)
	if err != nil {
		return nil, err
	}
	copy(m.Weights.Q, w.Q)
	copy(m.Weights.K, w.K)
	m.Start(e.Workers)
	defer m.Stop()
	return m.Losses()
}

// Compare returns the comparison with a line.
func (h *HeldOut) Compare(line string) Compared {
	for _, c := range h.Differences {
		if c.Line == line {
			return c
		}
	}
	panic("train: no line " + line) // of the program's own
}

// Judge is [Check] for weights, which are measured on the sentences that were held
// out as well. scores are those of the weights, or pass them on.
func (e *Experiment) Judge(w *graph.Weights, scores Scores, loss float64) (*Outcome, error) {
	var held *HeldOut
	if e.Smoothing != nil {
		var err error
		if held, err = e.HeldOut(w); err != nil {
			return nil, err
		}
	}
	return check(e, scores, loss, held)
}

// Votes lets the earlier words of a context vote as the run has them vote: see
// [data.Counts.Votes] and, where sentences are held out, [data.Smoothing.Votes].
func (e *Experiment) Votes(w data.Word, earlier []data.Word, weight func(u data.Word) float64, null float64) ([]data.Vote, []data.Word) {
	if e.Smoothing != nil {
		return e.Smoothing.Votes(w, earlier, weight, null)
	}
	return e.Counts.Votes(w, earlier, weight, null)
}
