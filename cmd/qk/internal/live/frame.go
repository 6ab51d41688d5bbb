package live

import (
	"time"

	"qk/data"
	"qk/train"
)

// frameEvery is the least time from one frame of a run to the next.
const frameEvery = 45 * time.Millisecond

// frame is what is shown of a run as it stands.
type frame struct {
	shape  *shape
	logged int // steps of the log up to this one

	Seq      uint64   `json:"seq"`
	Step     int      `json:"step"`
	Playing  bool     `json:"playing"`
	Speed    float64  `json:"speed"`
	Loss     real     `json:"loss"`
	GradNorm real     `json:"grad_norm"`
	Rate     real     `json:"rate"`
	BaseRate real     `json:"base_rate"`
	Rates    []change `json:"rates"`
	Done     string   `json:"done"`
	Failed   string   `json:"failed"`

	Shape       int            `json:"shape"` // its version
	Scores      floats         `json:"scores"`
	Attention   floats         `json:"attention"`
	LearnedSets [][]data.Word  `json:"learned_sets"`
	Status      []train.Status `json:"status"`
	Q           floats         `json:"q,omitempty"`
	K           floats         `json:"k,omitempty"`

	Focus    *focus    `json:"focus"`
	Sentence *sentence `json:"sentence"`
	Verdict  *verdict  `json:"verdict"`
}

// maxShownRank is the largest rank at which Q and K themselves are shown.
const maxShownRank = 64

// verdict is what the checks say at the end.
type verdict struct {
	Pass   bool              `json:"pass"`
	Loss   real              `json:"loss"`
	Checks []train.CheckItem `json:"checks"`
}

// publish makes a frame and hands it to whoever listens.
func (s *session) publish() {
	s.shown = s.now()
	f, err := s.frame()
	if err != nil {
		s.fail(err)
		f = &frame{shape: s.shape, Failed: err.Error()}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed != "" {
		return
	}
	f.Seq, f.Playing, f.Speed = s.applied, s.wishes.playing && !s.over(), s.wishes.speed
	f.logged = len(s.log)
	s.latest = f
	close(s.changed)
	s.changed = make(chan struct{})
}

// frame tells how the run stands.
func (s *session) frame() (*frame, error) {
	w := s.weights()
	f := &frame{
		shape: s.shape, Shape: s.shape.Version,
		Step: s.event.Step, Loss: real(s.event.Loss.Data),
		GradNorm: real(s.event.GradNorm), Rate: real(s.event.Rate), BaseRate: real(s.loop.Config.LR),
		Rates:       append([]change{}, s.rates[:s.next]...),
		LearnedSets: [][]data.Word{}, Status: []train.Status{},
	}
	if s.event.Last {
		f.Done = s.loop.Reason
	}
	if s.failure != nil {
		f.Failed = s.failure.Error()
	}
	err := s.puller.Rows(s.shape.Rows, func(word data.Word, scores []float64) error {
		row := train.LearnRow(s.e, word, scores)
		for _, u := range s.shape.Columns {
			f.Scores = append(f.Scores, float32(scores[u]))
			f.Attention = append(f.Attention, float32(row.Attention[u]))
		}
		f.LearnedSets = append(f.LearnedSets, append([]data.Word{}, row.Set...))
		f.Status = append(f.Status, standing(s.e, row))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !w.OneHot && w.R <= maxShownRank {
		f.Q, f.K = rowsOf(w.Q, w.R, s.shape.Rows), rowsOf(w.K, w.R, s.shape.Columns)
	}
	if f.Focus, err = s.focused(); err != nil {
		return nil, err
	}
	if f.Sentence, err = s.sentence.told(s); err != nil {
		return nil, err
	}
	if s.outcome != nil {
		f.Verdict = &verdict{Pass: s.outcome.Pass, Loss: real(s.outcome.Loss), Checks: s.outcome.Checks}
	}
	return f, nil
}

// estimated is how a row stands whose counted set is an estimate: where no learned word
// tells nothing, there is no saying that it is wrong.
const estimated train.Status = "estimate"

// standing is how a row stands, as a verdict judges it.
func standing(e *train.Experiment, row train.LearnedRow) train.Status {
	r := train.AgreeRow(e, row)
	switch {
	case !r.Estimate || len(e.Masks.Rows[r.Word].Support()) == 0:
		return r.Status
	case len(e.Uninformative(r)) > 0:
		return train.Spurious
	}
	return estimated
}

// rowsOf returns some rows of a matrix of R columns.
func rowsOf(m []float64, R int, words []data.Word) floats {
	out := make(floats, 0, len(words)*R)
	for _, w := range words {
		for _, x := range m[int(w)*R : int(w+1)*R] {
			out = append(out, float32(x))
		}
	}
	return out
}
