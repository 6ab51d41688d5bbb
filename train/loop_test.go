package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"qk/graph"
)

// watch collects the events of a run.
func watch(l *Loop, see func(Event) error) *[]Event {
	var events []Event
	l.Observers = append(l.Observers, ObserverFunc(func(e Event) error {
		events = append(events, e)
		if see == nil {
			return nil
		}
		return see(e)
	}))
	return &events
}

// TestLoopEvents: there is an event before every step and one at the end, and
// its figures belong to the weights before the step, which a second model of the
// same weights confirms. The rate is the schedule's.
func TestLoopEvents(t *testing.T) {
	const n = 12
	for _, c := range []Config{
		predict(steps(n)),
		predict(steps(n), func(c *Config) { c.OneHot, c.L2, c.Schedule = true, 1e-2, Linear }),
		recall(graph.Squared, steps(n), func(c *Config) { c.Solver, c.LR, c.Schedule = "momentum", 0.01, Constant }),
	} {
		e := count(t, c, "")
		l := loop(t, e)
		second, err := e.Model()
		must(t, err)
		events := watch(l, func(ev Event) error {
			for i, p := range second.Params() {
				copy(p.Data, l.Model.Params()[i].Data)
			}
			loss, err := second.Run()
			must(t, err)
			var squares float64
			for _, p := range second.Params() {
				for _, g := range p.Gradient {
					squares += g * g
				}
			}
			if loss != ev.Loss || l.Loss != ev.Loss || l.Step != ev.Step {
				t.Errorf("step %d: loss %v, of these weights %v", ev.Step, ev.Loss, loss)
			}
			wantNear(t, "norm of the gradient", ev.GradNorm, math.Sqrt(squares), 1e-12*ev.GradNorm)
			wantNear(t, "rate", ev.Rate, l.Config.LR*l.Config.Schedule.Factor(ev.Step, n), 0)
			return nil
		})
		must(t, l.Run(context.Background()))
		if len(*events) != n+1 || l.Step != n || l.Reason != "all 12 steps taken" {
			t.Fatalf("%d events, %d steps: %s", len(*events), l.Step, l.Reason)
		}
		for i, ev := range *events {
			if ev.Step != i || ev.Last != (i == n) {
				t.Errorf("event %d: %+v", i, ev)
			}
		}
		if first, last := (*events)[0].Loss.Total(), (*events)[n].Loss.Total(); last >= first {
			t.Errorf("the objective went from %g to %g", first, last)
		}
		if loss, err := l.Model.Run(); err != nil || loss != l.Loss {
			t.Errorf("loss %v is not that of the weights, %v, %v", l.Loss, loss, err)
		}
	}
}

// TestLoopConverges: a run ends before its last step when a rule says so, and
// the last event says that it is.
func TestLoopConverges(t *testing.T) {
	l := loop(t, count(t, predict(func(c *Config) { c.L2 = 1e-3 }), ""))
	events := watch(l, nil)
	must(t, l.Run(context.Background()))
	last := (*events)[len(*events)-1]
	if l.Step >= 500 || !last.Last || last.Step != l.Step || last.GradNorm > 1e-9 {
		t.Errorf("%d steps, last event %+v", l.Step, last)
	}
	wantText(t, "the reason", l.Reason, "converged: the norm of the gradient is at most 1e-09")
}

// TestObserverStops: an observer's error ends the run before the step, is
// returned as it is, and later observers do not see the event.
func TestObserverStops(t *testing.T) {
	stop := errors.New("enough")
	l := loop(t, count(t, predict(steps(20)), ""))
	events := watch(l, func(e Event) error {
		if e.Step == 5 {
			return stop
		}
		return nil
	})
	later := watch(l, nil)
	if err := l.Run(context.Background()); err != stop {
		t.Errorf("error %v, want %v", err, stop)
	}
	if l.Step != 5 || len(*events) != 6 || len(*later) != 5 {
		t.Errorf("step %d, %d and %d events", l.Step, len(*events), len(*later))
	}
	if loss, err := l.Model.Run(); err != nil || loss != (*events)[5].Loss {
		t.Errorf("the weights are not those before the step: loss %v, %v", loss, err)
	}
}

// TestInterrupted: a run that is asked to stop finishes its step, and goes on to
// the same bits when it is started again.
func TestInterrupted(t *testing.T) {
	whole := loop(t, count(t, predict(steps(20)), ""))
	must(t, whole.Run(context.Background()))

	for at := range 21 {
		l := loop(t, count(t, predict(steps(20)), ""))
		ctx, cancel := context.WithCancel(context.Background())
		watch(l, func(e Event) error {
			if e.Step == at {
				cancel()
			}
			return nil
		})
		err := l.Run(ctx)
		cancel()
		if at == 20 { // it was at its end already
			must(t, err)
			if l.Reason == "" {
				t.Error("no reason")
			}
			continue
		}
		if !errors.Is(err, ErrInterrupted) || l.Step != at+1 || l.Reason != "" {
			t.Fatalf("stopped at %d: step %d, %v, %q", at, l.Step, err, l.Reason)
		}
		must(t, l.Run(context.Background()))
		if l.Loss != whole.Loss || !sameBits(l.Model.Weights.K, whole.Model.Weights.K) || !sameBits(l.Model.Weights.Q, whole.Model.Weights.Q) {
			t.Errorf("stopped at %d: the end differs", at)
		}
	}
	l := loop(t, count(t, predict(), ""))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := l.Run(ctx); !errors.Is(err, ErrInterrupted) || l.Step != 0 {
		t.Errorf("stopped before the start: step %d, %v", l.Step, err)
	}
}

// TestCheckpointIsDue: the state is saved after exactly the steps that are due,
// and an error ends the run.
func TestCheckpointIsDue(t *testing.T) {
	l := loop(t, count(t, predict(steps(10)), ""))
	var saved []int
	l.Due = func(step int) bool { return step%3 == 0 }
	l.Checkpoint = func(l *Loop) error {
		saved = append(saved, l.Step)
		return nil
	}
	must(t, l.Run(context.Background()))
	if !slices.Equal(saved, []int{3, 6, 9}) {
		t.Errorf("saved after %v", saved)
	}
	full := errors.New("disk full")
	l = loop(t, count(t, predict(steps(10)), ""))
	l.Due = func(step int) bool { return step == 4 }
	l.Checkpoint = func(*Loop) error { return full }
	if err := l.Run(context.Background()); !errors.Is(err, full) || l.Step != 4 {
		t.Errorf("step %d, %v", l.Step, err)
	}
}

// TestNewLoopRefuses a solver that does not exist.
func TestNewLoopRefuses(t *testing.T) {
	e := count(t, predict(), "")
	m, err := e.Model()
	must(t, err)
	e.Config.Solver = "newton"
	_, err = NewLoop(e.Config, m)
	wantError(t, err, "--solver newton")
}
