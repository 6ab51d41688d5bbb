package train

import (
	"context"
	"errors"
	"fmt"

	"qk/data"
	"qk/data/text"
	"qk/graph"
)

// MaxWeights is the largest number of entries that Q, and K, may have.
const MaxWeights = 1 << 27

// Experiment is a text with everything that is counted in it: what a run learns
// from and is checked against.
type Experiment struct {
	Config Config // complete
	Corpus *data.Corpus
	Counts *data.Counts
	// Masks is nil where the run learns a table, see [Config.Table], and the counts
	// then hold transitions alone; and after [CountText].
	Masks *data.Masks
	// Smoothing is what the votes are estimated with where sentences are held out,
	// else nil: then they are the counts' own shares.
	Smoothing *data.Smoothing

	// Workers is how many goroutines compute at a time; 0 for one a processor. It
	// changes no bit of a result.
	Workers int

	tuning, heldOut *data.Voters // of the parts that are not learned from
	shared          *shared      // with the experiments of [Experiment.With]; see [Experiment.share]
}

// NewExperiment reads and counts texts, and derives the masks. The configuration
// must be valid; what it leaves unset is completed.
func NewExperiment(c Config, sources ...*text.Source) (*Experiment, error) {
	e, err := CountText(c, nil, sources...)
	if err != nil {
		return nil, err
	}
	e.DeriveMasks()
	return e, nil
}

// DeriveMasks adds the masks that an experiment of [CountText] is without, unless
// it learns a table.
func (e *Experiment) DeriveMasks() {
	switch {
	case e.Config.Table():
	case e.Smoothing != nil:
		e.Masks = e.Smoothing.Masks()
	default:
		e.Masks = data.NewMasks(e.Counts)
	}
}

// Stage is what has to be done before anything can be learned, and how far it has
// come.
type Stage struct {
	Doing string // in a word or three
	// Done and Total are bytes of text while it is read, else 0; Total is below 0
	// where it is not known.
	Done, Total int64
}

// CountText is [NewExperiment] without the masks, which take as much memory as
// the counts: what there is to say of a text from the counts alone. Unless it is
// nil, tell is called now and then with what is being done.
func CountText(c Config, tell func(Stage), sources ...*text.Source) (*Experiment, error) {
	return CountWords(c, nil, tell, sources...)
}

// CountWords is [CountText] with the vocabulary given, unless words is nil: see
// [data.Options.Words].
func CountWords(c Config, words []string, tell func(Stage), sources ...*text.Source) (*Experiment, error) {
	if tell == nil {
		tell = func(Stage) {}
	}
	options := c.Options()
	options.Words = words
	corpus, err := data.LoadAll(context.Background(), sources, options, func(p text.Progress) {
		tell(Stage{"reading", p.Done, p.Total})
	})
	if err != nil {
		return nil, err
	}
	tell(Stage{Doing: "counting"})
	count := data.Count
	if c.Table() {
		count = data.CountTransitions
	}
	counts, err := count(corpus, c.Context)
	if err != nil {
		return nil, err
	}
	if err := c.fit(counts); err != nil {
		return nil, err
	}
	e := &Experiment{Config: c, Corpus: corpus, Counts: counts}
	if c.HoldOut > 0 {
		tell(Stage{Doing: "smoothing"})
		if err := e.part(); err != nil {
			return nil, fmt.Errorf("corpus %s: %w", text.Names(sources), err)
		}
	}
	return e, nil
}

// fit completes a configuration for counts, if a model of them fits into memory.
func (c *Config) fit(counts *data.Counts) error {
	c.Complete(counts.V())
	if c.L2 == UnsetL2 {
		c.L2 = heldOutPenalty(counts.Total)
	}
	if err := c.chooseGraph(counts); err != nil {
		return err
	}
	if c.Rank > MaxWeights/counts.V() {
		if c.OneHot {
			return &FlagError{"one-hot", "true", fmt.Sprintf("with a vocabulary of %d words K [%d,%d] would not fit into memory: use --max-vocab, or leave out --one-hot", counts.V(), counts.V(), counts.V())}
		}
		return &FlagError{"rank", fmt.Sprint(c.Rank), fmt.Sprintf("with a vocabulary of %d words Q and K would not fit into memory: give a rank up to %d, or use --max-vocab", counts.V(), max(1, MaxWeights/counts.V()))}
	}
	return nil
}

// Model builds the graph of the experiment.
func (e *Experiment) Model() (*graph.Model, error) { return e.model(e.Config.Spec()) }

func (e *Experiment) model(spec graph.Spec) (*graph.Model, error) {
	if e.Smoothing != nil {
		return graph.NewPredict(spec, e.Voters())
	}
	return graph.New(spec, e.Counts, e.Masks)
}

// Loss computes the loss of weights over the whole text, or its training part, in
// float64, whatever the run computes with.
func (e *Experiment) Loss(w *graph.Weights) (graph.Loss, error) {
	m, err := e.evaluator()
	if err != nil {
		return graph.Loss{}, err
	}
	copy(m.Weights.Q, w.Q)
	copy(m.Weights.K, w.K)
	m.Start(e.Workers)
	defer m.Stop()
	return m.Evaluate()
}

// evaluator builds the graph that computes losses, in float64.
func (e *Experiment) evaluator() (*graph.Model, error) {
	spec := e.Config.Spec()
	spec.Float32 = false
	return e.model(spec)
}

func (e *Experiment) computeLadder() (data.Ladder, error) {
	if e.Smoothing != nil {
		return e.share().training().Ladder, nil
	}
	if e.Config.Task == graph.Predict {
		return data.PredictLadder(e.Counts, e.Masks, e.Config.Null), nil
	}
	switch e.Config.Objective {
	case graph.CrossEntropy:
		return data.RecallLadder(e.Counts), nil
	case graph.Squared:
		floor, err := data.SquaredFloor(e.Counts, e.Config.Rank)
		if errors.Is(err, data.ErrTooLarge) {
			return data.Ladder{}, nil // not known, which a nil floor says
		}
		if err != nil {
			return data.Ladder{}, err
		}
		l := data.Ladder{Floor: &floor.Low}
		if gap := floor.High - floor.Low; gap > 0 {
			l.FloorGap = &gap
		}
		return l, nil
	}
	var floor float64
	return data.Ladder{Floor: &floor}, nil
}

// Summary describes the counted text.
type Summary struct {
	Vocabulary  int    `json:"vocabulary"`
	Sentences   uint64 `json:"sentences"`
	Tokens      uint64 `json:"tokens"`
	Unknown     uint64 `json:"unknown"`     // tokens that became <unk>
	Positions   uint64 `json:"positions"`   // N, places at which a next word is predicted
	Transitions int    `json:"transitions"` // distinct (w,y)
	Pairs       int    `json:"pairs"`       // distinct (u,w,y); 0 if not known, see [CountDir]
	SHA256      string `json:"sha256"`      // of the bytes of all texts, decompressed; of what is learned from, for [CountDir]
}

// Summary returns the figures of the text.
func (e *Experiment) Summary() Summary { return Summarise(e.Counts) }

// Summarise returns the figures of a counted text.
func Summarise(c *data.Counts) Summary {
	s := Summary{
		Vocabulary: c.V(), Sentences: c.Corpus.Lines(), Tokens: c.Corpus.Tokens,
		Unknown: c.Corpus.Unknown, Positions: c.Total, Pairs: c.PairCells, SHA256: c.Corpus.SHA256,
	}
	for _, row := range c.Transitions {
		s.Transitions += len(row.Cells)
	}
	return s
}
