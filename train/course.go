package train

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qk/data"
	"qk/graph"
)

// Course takes a run from where it stands to its end: the loop, the verdict, and
// the files of both. It is all that `qk train`, its --resume and a sweep do with a
// run, so that they end in the same bytes.
type Course struct {
	Dir        *RunDir
	Experiment *Experiment
	Loop       *Loop
	Now        func() time.Time

	// What follows may be nil.

	// Attached is called when the state is on disk and the log is open.
	Attached func()
	// Reference waits for the reference losses; without it they are just computed.
	// Its context never ends where no step is left to be interrupted.
	Reference func(ctx context.Context, compute func() (data.Ladder, error)) (data.Ladder, error)
	// Watch is called before the first step, and may add observers to the loop. What
	// it returns is called after the last.
	Watch func(data.Ladder) (end func())
	// Look sees every row of the learned scores as the check does.
	Look func(w data.Word, scores []float64)

	started time.Time // of the first step
}

// Ended is a run that came to its end, with its verdict.
type Ended struct {
	Weights  *graph.Weights
	Outcome  *Outcome
	Document *Document
}

// Run follows the course. An error that ends the run is recorded in its folder with
// the state, as far as that can be written: [ErrInterrupted] once ctx has ended, a
// [*DivergedError], or whatever else went wrong.
func (c *Course) Run(ctx context.Context) (*Ended, error) {
	d, l := c.Dir, c.Loop
	if d.Record.Status == Done {
		ctx = context.WithoutCancel(ctx) // there is no step left to interrupt
	}
	if err := d.Attach(l, c.Now); err != nil {
		return nil, fmt.Errorf("run %s: %w", d.Path, err)
	}
	if c.Attached != nil { // after the log, as a display may fail when the log must not
		c.Attached()
	}
	ended, err := c.follow(ctx)
	if err != nil {
		return nil, c.abort(err)
	}
	_, steps := l.Result()
	doc := NewDocument(c.Experiment, ended.Outcome, steps, l.Reason, c.Now().Sub(c.started).Seconds())
	doc.Run = d.Path
	ended.Document = doc
	return ended, d.Finish(l, doc)
}

// follow is the course without the files.
func (c *Course) follow(ctx context.Context) (*Ended, error) {
	e, l := c.Experiment, c.Loop
	reference := c.Reference
	if reference == nil {
		reference = func(context.Context, func() (data.Ladder, error)) (data.Ladder, error) { return e.Ladder() }
	}
	ladder, err := reference(ctx, e.Ladder)
	if err != nil {
		return nil, err
	}
	l.Convergence.Floor = ladder.Floor
	c.started = c.Now()
	if err := c.descend(ctx, ladder); err != nil {
		return nil, err
	}
	w, outcome, err := e.JudgeLoop(ctx, l, c.Look)
	if err != nil {
		return nil, err
	}
	return &Ended{Weights: w, Outcome: outcome}, nil
}

// JudgeLoop holds what a run of the experiment has learned against the counts. look,
// unless nil, sees every row of the scores. It ends with [ErrInterrupted] when ctx does.
func (e *Experiment) JudgeLoop(ctx context.Context, l *Loop, look func(w data.Word, scores []float64)) (*graph.Weights, *Outcome, error) {
	w, _ := l.Result()
	loss := l.Loss
	if e.Config.Batch > 0 || e.Config.Precision == Float32 || l.Tuning != nil {
		var err error
		if loss, err = e.Loss(w); err != nil { // over all positions, to all digits
			return nil, nil, err
		}
	}
	outcome, err := e.Judge(w, scoresOf{ctx, w, look}, loss.Data)
	return w, outcome, err
}

// descend takes the steps.
func (c *Course) descend(ctx context.Context, ladder data.Ladder) error {
	if c.Watch != nil {
		defer c.Watch(ladder)()
	}
	return c.Loop.Run(ctx)
}

// abort records why the run did not come to its end.
func (c *Course) abort(cause error) error {
	var diverged *DivergedError
	ended := errors.Is(cause, ErrInterrupted) || errors.As(cause, &diverged)
	if err := c.Dir.Abort(c.Loop, cause); err != nil && ended {
		return &UnsavedError{Cause: cause, Err: err}
	}
	return cause
}

// UnsavedError says that a run ended before its time, and that its state could not
// be saved then: what was saved before is whole.
type UnsavedError struct {
	Cause error // why the run ended
	Err   error // why the state was not saved
}

func (e *UnsavedError) Error() string {
	return fmt.Sprintf("%s; and the state could not be saved: %s", e.Cause, e.Err)
}

// Unwrap returns both.
func (e *UnsavedError) Unwrap() []error { return []error{e.Cause, e.Err} }

// scoresOf hands out the rows of weights, lets somebody look at them, and stops when
// its context ends: the check of a large vocabulary takes its time.
type scoresOf struct {
	ctx  context.Context
	w    *graph.Weights
	look func(w data.Word, scores []float64)
}

func (s scoresOf) EachRow(f func(w data.Word, scores []float64) error) error {
	return s.w.EachRow(func(w data.Word, scores []float64) error {
		if s.ctx.Err() != nil {
			return ErrInterrupted
		}
		if s.look != nil {
			s.look(w, scores)
		}
		return f(w, scores)
	})
}
