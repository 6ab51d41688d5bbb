package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"qk/cmd/qk/internal/screen"
	"qk/train"
	"qk/train/sweep"
)

// sweepWatch shows how far a sweep has come, in one line on standard error.
type sweepWatch struct {
	a     *app
	quiet bool

	mutex   sync.Mutex // for all that follows
	screen  *screen.Screen
	tallies *screen.Tallies
	stages  *screen.Amounts
	started time.Time
	tally   screen.Tally
	running map[string]*position
	work    float64 // runs' worth of work that this process has done

	quit   chan struct{}
	drawer sync.WaitGroup
}

// position is where a run is.
type position struct {
	step         atomic.Int64
	first, steps int
}

// watchSweep starts the display.
func (a *app) watchSweep(s *sweep.Sweep, quiet bool) (*sweepWatch, error) {
	results, err := s.Results()
	if err != nil {
		return nil, err
	}
	w := &sweepWatch{
		a: a, quiet: quiet, screen: a.screenOn(a.stderr), started: a.now(),
		running: map[string]*position{}, quit: make(chan struct{}),
	}
	w.tallies, w.stages = w.screen.Tallies(a.now), w.screen.Amounts(a.now)
	w.tally = screen.Tally{Total: len(results), Left: -1}
	for _, r := range results {
		switch {
		case r.Record != nil && r.Record.Status == train.Done:
			w.tally.Done++
		case r.Record != nil && r.Record.Status == train.Diverged:
			w.tally.Failed++
		}
	}
	if !quiet && w.tally.Done+w.tally.Failed < w.tally.Total {
		w.drawer.Add(1)
		go w.draw()
	}
	return w, nil
}

// draw keeps the line up to date.
func (w *sweepWatch) draw() {
	defer w.drawer.Done()
	tick := time.NewTicker(drawEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.mutex.Lock()
			if len(w.running) > 0 {
				w.tallies.Update(w.now())
			}
			w.mutex.Unlock()
		case <-w.quit:
			return
		}
	}
}

// now is the tally of the moment.
func (w *sweepWatch) now() screen.Tally {
	t := w.tally
	t.Running = len(w.running)
	under, work := 0.0, w.work
	for _, p := range w.running {
		part := 0.0
		if p.steps > p.first {
			part = float64(int(p.step.Load())-p.first) / float64(p.steps-p.first)
		}
		under += part
		work += part
	}
	ended := float64(t.Done + t.Failed)
	t.Share = (ended + under) / float64(t.Total)
	if elapsed := w.a.now().Sub(w.started); work > 0 && elapsed > 0 {
		t.Left = time.Duration(float64(elapsed) / work * (float64(t.Total) - ended - under))
	}
	return t
}

// stage shows what is done before runs can begin.
func (w *sweepWatch) stage(stage train.Stage) {
	if w.quiet {
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if len(w.running) > 0 {
		return
	}
	amount := screen.Amount{Doing: stage.Doing}
	if stage.Done > 0 {
		amount.Done, amount.Total, amount.Unit = stage.Done, max(0, stage.Total), "B"
	}
	w.stages.Update(amount)
}

// begun notes that a run has begun.
func (w *sweepWatch) begun(p sweep.Point, l *train.Loop) {
	at := &position{first: l.Step, steps: l.Config.Steps}
	at.step.Store(int64(l.Step))
	l.Observers = append(l.Observers, train.ObserverFunc(func(e train.Event) error {
		at.step.Store(int64(e.Step))
		return nil
	}))
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.running[p.Name] = at
}

// ended notes that a run has ended, and says at once why one has failed.
func (w *sweepWatch) ended(p sweep.Point, _ *train.Record, err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	delete(w.running, p.Name)
	switch {
	case err == nil:
		w.tally.Done++
		w.work++
	case errors.Is(err, train.ErrInterrupted):
	default:
		w.tally.Failed++
		w.work++
		w.tallies.Clear()
		fmt.Fprintf(w.a.stderr, "qk: run %s: %s\n", p.Name, err)
	}
}

// close ends the display, with a last line if the sweep has come to its end.
func (w *sweepWatch) close(whole bool) {
	close(w.quit)
	w.drawer.Wait()
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.quiet || w.work == 0 || !whole {
		w.tallies.Clear()
		return
	}
	w.tally.Running = 0
	w.tallies.Done(w.tally)
}
