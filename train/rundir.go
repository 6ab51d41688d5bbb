package train

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qk/graph"
	"qk/train/disk"
)

// CheckpointEvery is how long a run goes on without saving its state.
const CheckpointEvery = 5 * time.Second

// maxLogged is about how many steps of a run are logged.
const maxLogged = 1000

// RunDir is a run on disk. Every file is written under another name and renamed
// when it is whole, so that a run killed at any moment can be resumed; the log
// of metrics alone grows in place, and a checkpoint records how much of it
// counts.
type RunDir struct {
	Path   string
	Record *Record

	log    *disk.Log
	last   int   // the step of the last line of the log, −1 before it
	before int64 // the length of the log before that line
}

// CreateRun makes the directory of a new run, which must not exist, and writes
// its record and vocabulary. kept has the texts that can be read only once, in the
// places of their names, and nil for others, or is nil as a whole: to those texts
// the run refers.
func CreateRun(path string, e *Experiment, created time.Time, kept [][]byte) (*RunDir, error) {
	return createRun(path, e, created, func(d *RunDir) error { return d.keepTexts(kept) })
}

// CreateRunOf is [CreateRun] for texts that are kept elsewhere. places has a path for
// each name of a text, absolute or relative to the new directory, and "" for a
// corpus that is built in.
func CreateRunOf(path string, e *Experiment, created time.Time, places []string) (*RunDir, error) {
	return createRun(path, e, created, func(d *RunDir) error {
		if strings.Join(places, "") != "" {
			d.Record.CorpusPath = NameCorpus(places...)
		}
		return nil
	})
}

func createRun(path string, e *Experiment, created time.Time, keep func(*RunDir) error) (*RunDir, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("run directory %s: %w", path, disk.WithoutPath(err))
	}
	switch err := os.Mkdir(path, 0o777); {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("run directory %s exists: choose another with --out, or continue that run with --resume %s", path, path)
	case err != nil:
		return nil, fmt.Errorf("run directory %s: %w", path, disk.WithoutPath(err))
	}
	d := &RunDir{Path: path, Record: newRecord(filepath.Base(path), created, e), last: -1}
	if err := keep(d); err != nil {
		return nil, err
	}
	if err := writeJSONFile(d.file(vocabularyFile), e.Corpus.Vocab.All()); err != nil {
		return nil, err
	}
	if err := d.Record.write(path); err != nil {
		return nil, err
	}
	return d, d.openLog()
}

// OpenRun opens the directory of a run that was made before.
func OpenRun(path string) (*RunDir, error) {
	r, err := ReadRecord(path)
	if err != nil {
		return nil, err
	}
	return &RunDir{Path: path, Record: r, last: -1}, nil
}

// Experiment reads and counts the text of the run once more, or reads its counts.
// It is an error if they are not those of the run.
func (d *RunDir) Experiment() (*Experiment, error) {
	if d.Record.Config.Counts {
		return d.countedExperiment()
	}
	sources, err := d.sources()
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", d.Path, err)
	}
	e, err := NewExperiment(d.Record.Config, sources...)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", d.Path, err)
	}
	if e.Corpus.SHA256 != d.Record.Data.SHA256 {
		return nil, fmt.Errorf("run %s: the text of corpus %s has changed since: its SHA-256 is %.12s…, the run learned from %.12s…: restore the text, or train anew", d.Path, d.Record.Config.Corpus, e.Corpus.SHA256, d.Record.Data.SHA256)
	}
	return e, nil
}

// Weights returns the learned Q and K and the steps that they have behind them:
// those of the finished run, or of its last checkpoint.
func (d *RunDir) Weights(e *Experiment) (*graph.Weights, int, error) {
	c := d.Record.Config
	if sum, ok := d.Record.Files[modelFile]; ok {
		w := graph.NewWeights(e.Counts.V(), c.Rank, c.OneHot, c.Scaled)
		if err := loadModel(d.file(modelFile), sum, w); err != nil {
			return nil, 0, err
		}
		steps := 0
		if d.Record.Result != nil {
			steps = d.Record.Result.Steps
		}
		return w, steps, nil
	}
	l, err := d.Resume(e)
	if err != nil {
		return nil, 0, err
	}
	w, steps := l.Result()
	return w, steps, nil
}

// Resume returns the loop of the run at its last checkpoint. The run goes on
// once [RunDir.Attach] is called.
func (d *RunDir) Resume(e *Experiment) (*Loop, error) {
	c, err := d.checkpoint()
	if err != nil {
		return nil, err
	}
	if c == nil {
		return d.start(e)
	}
	if c.SHA256 != e.Corpus.SHA256 {
		return nil, fmt.Errorf("checkpoint %s belongs to another corpus: it was made from a text of SHA-256 %.12s…, this one has %.12s…", d.file(checkpointFile), c.SHA256, e.Corpus.SHA256)
	}
	if c.Config != e.Config {
		return nil, fmt.Errorf("checkpoint %s belongs to a run of other settings: it was copied from elsewhere, so train anew", d.file(checkpointFile))
	}
	l, err := d.start(e)
	if err != nil {
		return nil, err
	}
	if err := c.restore(l); err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w", d.file(checkpointFile), err)
	}
	return l, nil
}

// start returns the loop of the run before its first step.
func (d *RunDir) start(e *Experiment) (*Loop, error) { return e.Loop() }

// checkpoint reads the last checkpoint, or returns nil for a run that was killed
// before its first: settings, text and seed are all that it starts from.
func (d *RunDir) checkpoint() (*checkpoint, error) {
	c, err := loadCheckpoint(d.file(checkpointFile))
	if errors.Is(err, fs.ErrNotExist) && d.Record.Status == Running {
		return nil, nil
	}
	return &c, err
}

// Finish saves the result of a run that came to its end.
func (d *RunDir) Finish(l *Loop, result *Document) error {
	return d.close(l, Done, nil, result)
}

// Abort saves the state of a run that was interrupted or diverged, and why.
func (d *RunDir) Abort(l *Loop, cause error) error {
	status := Failed
	var diverged *DivergedError
	switch {
	case errors.Is(cause, ErrInterrupted):
		status = Interrupted
	case errors.As(cause, &diverged):
		status = Diverged
	}
	return d.close(l, status, cause, nil)
}

// Forsake records that a run failed in the middle of a step, of which nobody knows how
// much was done: its state stays that of the last checkpoint.
func (d *RunDir) Forsake(cause error) error {
	return errors.Join(d.conclude(nil, Failed, cause, nil), d.log.Close())
}

// close saves how the run stands. The record is written, and the log closed, even
// if the state cannot be saved.
func (d *RunDir) close(l *Loop, status RunStatus, cause error, result *Document) error {
	err := d.Save(l)
	if err == nil || cause != nil {
		err = errors.Join(err, d.conclude(l, status, cause, result))
	}
	return errors.Join(err, d.log.Close())
}

// conclude writes the model, the card and the record, which is the last, so that
// nothing is missing from a run that its record calls done.
func (d *RunDir) conclude(l *Loop, status RunStatus, cause error, result *Document) error {
	if result == nil && d.Record.Result != nil { // it was finished before, and stays so
		status, cause, result = Done, nil, d.Record.Result
	}
	d.Record.Status, d.Record.Result = status, result
	if cause != nil {
		d.Record.Error = cause.Error()
	}
	if result != nil {
		w, _ := l.Result()
		sum, err := saveModel(d.file(modelFile), w)
		if err != nil {
			return err
		}
		d.Record.Files = map[string]string{modelFile: sum}
		if err := writeFile(d.file(cardFile), []byte(card(d.Record))); err != nil {
			return err
		}
	}
	return d.Record.write(d.Path)
}

func (d *RunDir) file(name string) string { return filepath.Join(d.Path, name) }
