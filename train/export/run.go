package export

import (
	"encoding/json"
	"errors"
	"fmt"

	"qk/graph"
	"qk/train"
)

// Run is what is exported: a run that was read back.
type Run struct {
	Path   string // of the folder
	Record *train.Record
	// Experiment is nil for the tables that need neither text nor weights, see
	// [Table.NeedsText].
	Experiment *train.Experiment
	Weights    *graph.Weights
	Steps      int // behind the weights
}

// ErrNothingLearned says that a run has no weights but its first ones.
var ErrNothingLearned = errors.New("it has not learned anything yet, so there is nothing to export")

// Load reads a run back: its record, its text, counted anew, and its weights, which
// are those of the last checkpoint if it is not finished. The error of a run that
// never saved a step wraps [ErrNothingLearned].
func Load(dir string) (*Run, error) {
	d, err := train.OpenRun(dir)
	if err != nil {
		return nil, err
	}
	e, err := d.Experiment()
	if err != nil {
		return nil, err
	}
	w, steps, err := d.Weights(e)
	if err != nil {
		return nil, err
	}
	if steps == 0 && d.Record.Result == nil {
		return nil, fmt.Errorf("run %s: %w: go on with `qk train --resume %s`", dir, ErrNothingLearned, dir)
	}
	return &Run{Path: dir, Record: d.Record, Experiment: e, Weights: w, Steps: steps}, nil
}

// LoadRecord reads the record of a run alone.
func LoadRecord(dir string) (*Run, error) {
	r, err := train.ReadRecord(dir)
	if err != nil {
		return nil, err
	}
	return &Run{Path: dir, Record: r}, nil
}

// words returns the vocabulary, by the numbers of the rows.
func (r *Run) words() []string { return r.Experiment.Corpus.Vocab.All() }

// settings returns the settings of the run as compact JSON, with what else is needed
// to know the numbers by.
func (r *Run) settings() (string, error) {
	all := struct {
		Name   string        `json:"name"`
		Steps  int           `json:"steps"`
		Config train.Config  `json:"config"`
		Data   train.Summary `json:"data"`
	}{r.Record.Name, r.Steps, r.Experiment.Config, r.Experiment.Summary()}
	text, err := json.Marshal(all)
	return string(text), err
}
