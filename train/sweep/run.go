package sweep

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"

	"qk/train"
	"qk/train/disk"
)

// Options say how a sweep is run. None of them changes a bit of a result.
type Options struct {
	// Jobs is how many processors the sweep takes, each for a run of its own; 0 for
	// all.
	Jobs int
	Now  func() time.Time // nil for the time of day
	// Tell, unless it is nil, is called with what is being done before runs can begin.
	Tell func(train.Stage)
	// Counted, unless it is nil, is called when a text was counted whose runs are next.
	Counted func(*train.Experiment)
	// Begun and Ended, unless nil, are called when a run begins, when its loop may be
	// given observers, and when it has ended. err says why it did not come to its end.
	// Calls are one at a time.
	Begun func(p Point, l *train.Loop)
	Ended func(p Point, r *train.Record, err error)
}

// BusyError says that another process is at work on a sweep.
type BusyError struct{ Path string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("sweep %s: another process trains it: wait for its end, or stop it; `qk runs %s` shows how far it has come", e.Path, e.Path)
}

// StoppedError says that a sweep was given up because of one run: every other would
// fail in the same way.
type StoppedError struct {
	Point string
	Err   error
}

func (e *StoppedError) Error() string { return fmt.Sprintf("run %s: %s", e.Point, e.Err) }

// Unwrap returns what is wrong.
func (e *StoppedError) Unwrap() error { return e.Err }

// Run takes every run of the sweep to its end: those that have not begun, and those
// that were interrupted, killed, or failed, from their last checkpoints. Runs that are
// done, or have diverged and would again, are left alone. A run that fails does not
// end the sweep: see [Sweep.Results] for how the runs stand.
//
// The error is [train.ErrInterrupted] when ctx has ended and all states are saved, a
// [*StoppedError] when the disk is full, a [*BusyError], or says what is wrong with a
// text. What has come to its end by then stays.
func (s *Sweep) Run(ctx context.Context, o Options) error {
	results, err := s.Results()
	if err != nil {
		return err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tell == nil {
		o.Tell = func(train.Stage) {}
	}
	left := s.groups(func(i int) bool { return unfinished(results[i]) })
	if len(left) == 0 {
		return nil
	}
	unlock, err := disk.Lock(s.file(lockFile))
	if errors.Is(err, disk.ErrLocked) {
		return &BusyError{s.Path}
	}
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }() // the system does, if this fails
	if _, err := disk.RemoveStale(s.Path); err != nil {
		return err
	}
	if results, err = s.Results(); err != nil {
		return err
	}
	left = s.groups(func(i int) bool { return unfinished(results[i]) }) // once more, now that nobody else is at work
	if s.texts == nil {
		s.texts = &texts{counted: map[train.Counting]*train.Experiment{}}
	}
	return newRunner(ctx, s, o, left).run(results)
}

// unfinished tells whether there is something to do for a point.
func unfinished(r Result) bool {
	return r.Record == nil || r.Record.Status != train.Done && r.Record.Status != train.Diverged
}

// runner runs the points of a sweep.
type runner struct {
	*Sweep
	o     Options
	outer context.Context // of the caller
	ctx   context.Context
	stop  context.CancelCauseFunc
	left  []*group
	cores *cores
	wg    sync.WaitGroup
	mutex sync.Mutex // for the calls of o
}

func newRunner(ctx context.Context, s *Sweep, o Options, left []*group) *runner {
	r := &runner{Sweep: s, o: o, outer: ctx, left: left}
	r.ctx, r.stop = context.WithCancelCause(ctx)
	jobs := o.Jobs
	if jobs == 0 {
		jobs = min(runtime.GOMAXPROCS(0), runtime.NumCPU())
	}
	r.cores = newCores(jobs)
	return r
}

func (r *runner) run(results []Result) error {
	defer r.stop(nil)
	err := r.groupsOf(results)
	if err != nil {
		r.stop(err)
	}
	r.wg.Wait()
	switch cause := context.Cause(r.ctx); {
	case cause == nil:
		return nil
	case r.outer.Err() != nil:
		return train.ErrInterrupted
	default:
		return cause
	}
}

// groupsOf starts the runs, group by group, so that one text is in memory at a time,
// or two for a moment.
func (r *runner) groupsOf(results []Result) error {
	runs := 0
	for _, g := range r.left {
		runs += len(g.points)
	}
	for _, g := range r.left {
		e, err := r.prepare(g, results)
		if err != nil {
			return err
		}
		for _, i := range g.points {
			with, err := e.With(r.points[i].Config)
			if err != nil {
				return &PointError{r.points[i].Name, err}
			}
			with.Workers = r.cores.share(with, runs)
			if !r.cores.take(r.ctx, with.Workers) {
				return nil // it was stopped
			}
			r.wg.Add(1)
			go func() {
				defer r.wg.Done()
				defer r.cores.give(with.Workers)
				r.train(with, results[i])
			}()
		}
	}
	return nil
}

// prepare counts the text of a group and derives the masks.
func (r *runner) prepare(g *group, results []Result) (*train.Experiment, error) {
	type counted struct {
		e   *train.Experiment
		err error
	}
	done := make(chan counted, 1)
	go func() {
		e, err := r.count(g, r.o.Tell)
		if err == nil && e.Masks == nil {
			r.o.Tell(train.Stage{Doing: "deriving masks"})
			e.DeriveMasks()
		}
		done <- counted{e, err}
	}()
	select {
	case c := <-done:
		delete(r.texts.counted, g.key)
		if c.err != nil {
			return nil, c.err
		}
		if r.o.Counted != nil {
			r.o.Counted(c.e)
		}
		return c.e, r.sameText(c.e, results)
	case <-r.ctx.Done(): // what is counted is left behind, as the program is about to end
		return nil, context.Cause(r.ctx)
	}
}

// sameText refuses a text that is not the one that earlier runs learned from.
func (r *runner) sameText(e *train.Experiment, results []Result) error {
	for _, x := range results {
		c := e.Config
		if x.Record == nil || x.Config.Corpus != c.Corpus || x.Config.Counts != c.Counts || x.Record.Data.SHA256 == e.Corpus.SHA256 {
			continue
		}
		return fmt.Errorf("sweep %s: the text of corpus %s has changed since run %s learned from it: its SHA-256 was %.12s… and is %.12s…: restore the text, or make a new sweep", r.Path, c.Corpus, x.Name, x.Record.Data.SHA256, e.Corpus.SHA256)
	}
	return nil
}

// train takes one run to its end, whatever that may be.
func (r *runner) train(e *train.Experiment, was Result) {
	record, err := r.trainPoint(e, was)
	if everywhere(err) {
		r.stop(&StoppedError{was.Name, err})
	}
	if r.o.Ended != nil {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.o.Ended(was.Point, record, err)
	}
}

// everywhere tells of an error whether any other run would meet it too.
func everywhere(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS)
}
