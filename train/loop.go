package train

import (
	"context"
	"fmt"

	"gorgonia.org/gorgonia"

	"qk/graph"
)

// Event is what an observer sees of one step. All figures belong to the weights
// before the step is taken; the last event has no step after it.
type Event struct {
	Step     int // steps taken so far
	Loss     graph.Loss
	Tuning   *float64 // the loss of the tuning sentences, where they were looked at
	GradNorm float64  // Euclidean norm of the gradient of Loss.Total over all parameters
	Rate     float64  // of the step to come
	Last     bool
}

// Observer sees every step of a run. An error ends the run and is returned by
// it; the loop's state is that before the step.
type Observer interface {
	Observe(Event) error
}

// ObserverFunc makes an [Observer] of a function.
type ObserverFunc func(Event) error

// Observe calls f.
func (f ObserverFunc) Observe(e Event) error { return f(e) }

// Loop is a run in progress: a model, a solver and where they stand.
type Loop struct {
	Model       *graph.Model
	Solver      Solver
	Config      Config // complete, see [Config.Complete]
	Convergence Convergence
	// Tuning takes the place of Convergence where sentences are held out, see
	// [Experiment.Loop]; else it is nil.
	Tuning    *Tuning
	Observers []Observer
	// Checkpoint, if set, is called after a step whenever it returns true for
	// due, and must save the state that it is given.
	Checkpoint func(*Loop) error
	// Due tells whether to call Checkpoint after the given number of steps.
	Due func(step int) bool
	// Workers is how many goroutines share the work of a step; 0 for one a
	// processor. It changes no bit of a result.
	Workers int

	Step int // steps taken
	Loss graph.Loss
	// Reason says why the run ended, "" while it has not.
	Reason string

	params  []gorgonia.ValueGrad
	sampler *sampler // nil without batches
	backup  int      // steps from one snapshot to the next
	good    snapshot
}

// NewLoop prepares a run from the first weights of the configuration, which
// must be complete and valid. For Config.Tolerance to stop it, set
// Convergence.Floor to that of [Experiment.Ladder].
func NewLoop(c Config, m *graph.Model) (*Loop, error) {
	s, err := SolverOf(c, m)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, p := range m.Params() {
		total += p.Len()
	}
	m.Weights.Draw(c.Seed, c.Init)
	if c.Start != 0 {
		m.Weights.Start(c.Start)
	}
	m.Push()
	l := &Loop{
		Model: m, Solver: s, Config: c, params: m.ValueGrads(), backup: 1,
		Convergence: Convergence{GradTol: c.GradTol, Patience: c.Patience, Tolerance: c.Tolerance},
	}
	if total > largeModel {
		l.backup = backupEvery
	}
	if c.Batch > 0 {
		l.sampler = newSampler(m, c.Batch, c.Seed)
	}
	return l, nil
}

// ErrInterrupted says that a run was asked to stop. What it has reached is
// whole: the step under way was finished.
var ErrInterrupted = fmt.Errorf("interrupted")

// Run takes steps until the run has converged or taken Config.Steps of them, or
// ctx is cancelled, which is [ErrInterrupted] after the step under way. A number
// that is not finite is a [*DivergedError]. Unless there is an error, the
// weights, Loss and Step belong together at the end. With batches, Loss is that
// of the last batch.
func (l *Loop) Run(ctx context.Context) error {
	l.Begin()
	defer l.End()
	for {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		event, err := l.Look()
		if err != nil {
			return err
		}
		if event.Last {
			return nil
		}
		if err := l.Advance(event.Rate); err != nil {
			return err
		}
	}
}

// Begin readies the loop for [Loop.Look] and [Loop.Advance], which [Loop.Run] calls in
// turn: whoever calls them by hand decides when the next step is taken, and at what
// rate. [Loop.End] has to follow.
func (l *Loop) Begin() {
	l.Model.Start(l.Workers)
	if l.Tuning != nil {
		l.Tuning.model.Start(l.Workers)
	}
}

// End brings what was learned into the weights of the model, and stops its goroutines.
func (l *Loop) End() {
	if l.Tuning != nil {
		l.Tuning.model.Stop()
	}
	l.Model.Pull()
	l.Model.Stop()
}

// Look computes the loss and its gradient where the loop stands, decides whether the
// run ends here, and shows the step to the observers. It is called once a step.
func (l *Loop) Look() (Event, error) {
	loss, err := l.run()
	if err != nil {
		return Event{}, fmt.Errorf("step %d: %w", l.Step, err)
	}
	norm := l.Model.GradNorm()
	if err := l.checkFinite(loss, norm); err != nil {
		return Event{}, err
	}
	l.Loss = loss
	event := Event{Step: l.Step, Loss: loss, GradNorm: norm, Rate: l.Rate()}
	switch {
	case l.Tuning != nil:
		if event.Tuning, err = l.Tuning.look(l.Step, l.Model.Params(), l.Step >= l.Config.Steps); err != nil {
			return Event{}, fmt.Errorf("step %d: %w", l.Step, err)
		}
		l.Reason = l.Tuning.done(l.Step, l.Config.Patience)
	case l.sampler == nil: // the loss of a batch goes up and down
		l.Reason = l.Convergence.Done(l.Step, loss.Total(), event.GradNorm)
		if l.Reason == "" {
			l.Reason = l.Convergence.AtFloor(loss.Data)
		}
	}
	if l.Reason == "" && l.Step >= l.Config.Steps {
		l.Reason = fmt.Sprintf("all %d steps taken", l.Config.Steps)
		if l.Tuning != nil {
			l.Reason += fmt.Sprintf("; the weights after step %d are kept, by the loss of the tuning sentences", l.Tuning.Step)
		}
	}
	event.Last = l.Reason != ""
	for _, o := range l.Observers {
		if err := o.Observe(event); err != nil {
			return Event{}, err
		}
	}
	return event, nil
}

// Rate is the learning rate of the step to come, as the schedule has it.
func (l *Loop) Rate() float64 {
	return l.Config.LR * l.Config.Schedule.Factor(l.Step, l.Config.Steps)
}

// run computes the loss of a step and its gradient.
func (l *Loop) run() (graph.Loss, error) {
	if l.sampler == nil {
		return l.Model.Run()
	}
	b := l.sampler.draw(l.Step)
	if err := l.Model.Prepare(b); err != nil {
		return graph.Loss{}, err
	}
	return l.Model.RunBatch(b)
}

// Advance takes one step at the given rate, by the gradient that [Loop.Look] left, and
// saves the state if that is due.
func (l *Loop) Advance(rate float64) error {
	if !l.good.valid || l.Step%l.backup == 0 {
		l.remember()
	}
	l.Solver.SetRate(rate)
	if err := l.Solver.Step(l.params); err != nil {
		return fmt.Errorf("step %d: %w", l.Step, err)
	}
	l.Step++
	if !l.Solver.Finite() {
		for _, p := range l.Model.Params() {
			if x, bad := notFinite(p.AppendTo(nil)); bad {
				return l.diverged(p.Name, x)
			}
		}
	}
	if l.Checkpoint != nil && l.Due != nil && l.Due(l.Step) {
		return l.Checkpoint(l)
	}
	return nil
}
