package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"qk/data"
	"qk/graph"
	"qk/train"
)

// session is a run that a page plays, pauses and steps. Its goroutine, see
// [session.run], owns everything but what the mutex guards.
type session struct {
	id      string
	text    *counted
	own     []byte // the text, if it is not built in
	e       *train.Experiment
	notes   []string // for the page: what was changed of its wishes
	ladder  data.Ladder
	created time.Time
	now     func() time.Time
	slots   chan struct{} // how many sessions may compute at once
	memory  int64
	ended   chan struct{} // closed when the goroutine has ended

	// Of the goroutine.
	loop     *train.Loop
	event    train.Event
	rates    []change // those made, and those to come
	next     int      // the first of rates that is to come
	puller   *graph.Puller
	probe    *probe
	shape    *shape
	outcome  *train.Outcome
	failure  error
	spent    time.Duration // on steps
	applied  uint64        // the last wish that was met
	due      time.Time     // when the next step is to be taken
	shown    time.Time     // when the last frame was made
	sentence *sentence
	focus    cell

	mutex   sync.Mutex
	wishes  wishes
	latest  *frame
	log     []train.Event // about a thousand at most
	changed chan struct{} // closed when there is a new frame
	touched time.Time     // by the user
	heard   time.Time     // of the page
	streams int           // pages that listen
	closed  string
	wake    chan struct{} // holds one
}

// cell is a place of the matrix; −1 for none.
type cell struct{ row, column data.Word }

// wishes are what a page wants of a session.
type wishes struct {
	seq     uint64
	playing bool
	steps   int     // to be taken at once
	speed   float64 // steps a second; 0 for as many as can be
	rate    float64 // a new learning rate; 0 for none
	focus   *cell
	text    *string // a new sentence
	row     *data.Word
	jobs    []func()
}

// newSession readies a run on a counted text.
func newSession(id string, c train.Config, text *counted, own []byte, now func() time.Time) (*session, error) {
	c.MaxVocab = text.e.Config.MaxVocab // which may have been lowered
	e, err := text.e.With(c)
	if err != nil {
		return nil, err
	}
	e.Workers = 1
	s := &session{
		id: id, text: text, own: own, e: e, notes: append([]string(nil), text.notes...), created: now(), now: now,
		ended: make(chan struct{}), changed: make(chan struct{}), wake: make(chan struct{}, 1),
		touched: now(), heard: now(), focus: cell{-1, -1},
		wishes: wishes{speed: 30},
	}
	s.notes = append(s.notes, e.Config.Warnings(e.Counts.V())...)
	return s, nil
}

// footprint is about how many bytes the session takes beside its text: the matrices with
// their gradients, the state of the solver and a copy to go back to; the probe; and to
// predict, the votes as the graph has them.
func (s *session) footprint() int64 {
	V, R := int64(s.e.Counts.V()), int64(s.e.Config.Rank)
	n := 2*V*R*8*8 + 3*probeCells(s.e)*8
	if s.e.Config.Task == graph.Predict {
		n += 24*votes(s.e.Counts) + 40*int64(len(s.e.Counts.Positions()))
	}
	return n
}

// prepare lays the graph and looks at the first weights.
func (s *session) prepare() (err error) {
	if s.ladder, err = s.e.Ladder(); err != nil {
		return err
	}
	if s.loop, err = s.e.Loop(); err != nil {
		return err
	}
	s.loop.Workers = 1
	s.loop.Convergence.Floor = s.ladder.Floor
	s.loop.Observers = append(s.loop.Observers, train.ObserverFunc(s.observe))
	s.shape = newShape(s.e, -1)
	if s.puller, err = s.loop.Model.Weights.NewPuller(maxRows); err != nil {
		return err
	}
	s.sentence = s.read(suggestion(s.e))
	return nil
}

// observe keeps a step for the log.
func (s *session) observe(e train.Event) error {
	if train.IsLogged(s.loop.Config, e) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.log = append(s.log, e)
	}
	return nil
}

// run is the goroutine of the session: it meets the wishes of the page, takes steps
// and makes frames, until the session is closed. To begin with it takes so many steps.
func (s *session) run(ctx context.Context, until int) {
	defer close(s.ended)
	defer func() {
		if r := recover(); r != nil { // a fault of ours must not end the others' sessions
			s.close(fmt.Sprintf("the session broke: %v", r))
		}
	}()
	s.loop.Begin()
	defer s.loop.End()
	s.mutex.Lock()
	s.wishes.steps += until
	s.mutex.Unlock()
	s.slot(ctx, s.look)
	s.publish()
	for ctx.Err() == nil {
		w, ok := s.take()
		if !ok {
			return
		}
		if s.meet(w) {
			s.publish()
		}
		if s.over() || !w.playing && w.steps == 0 {
			s.rest(ctx, -1)
			continue
		}
		if wait := s.due.Sub(s.now()); w.steps == 0 && wait > 0 {
			s.rest(ctx, wait)
			continue
		}
		taken := 0
		s.slot(ctx, func() { taken = s.burst(w) })
		s.mutex.Lock()
		if w.steps > 0 { // else they were not those that are to be taken at once
			s.wishes.steps = max(0, s.wishes.steps-taken)
		}
		arrived := w.steps > 0 && s.wishes.steps == 0
		if s.over() {
			s.wishes.steps, s.wishes.playing = 0, false
		}
		s.mutex.Unlock()
		if arrived || s.over() || s.now().Sub(s.shown) >= frameEvery {
			s.publish()
		}
	}
}

// over tells whether there is no step left.
func (s *session) over() bool { return s.event.Last || s.failure != nil }

// slot computes something when it is this session's turn.
func (s *session) slot(ctx context.Context, compute func()) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
		compute()
	case <-ctx.Done():
	}
}

// rest waits for a wish, for so long, or without end if that is below 0.
func (s *session) rest(ctx context.Context, wait time.Duration) {
	var timeout <-chan time.Time
	if wait >= 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		timeout = t.C
	}
	select {
	case <-s.wake:
	case <-timeout:
	case <-ctx.Done():
	}
}

// burstTime is how long a session computes before it lets others.
const burstTime = 8 * time.Millisecond

// burst takes as many steps as are wished and there is time for.
func (s *session) burst(w wishes) (taken int) {
	start := s.now()
	defer func() { s.spent += s.now().Sub(start) }()
	for {
		s.advance()
		taken++
		now := s.now()
		s.due = s.after(w.speed, now)
		switch {
		case s.over(), now.Sub(start) >= burstTime, len(s.wake) > 0:
			return taken
		case w.steps > 0 && taken >= w.steps:
			return taken
		case w.steps == 0 && s.due.After(now):
			return taken
		}
	}
}

// after is when the next step is due. A session that lags does not make up for more
// than a moment.
func (s *session) after(speed float64, now time.Time) time.Time {
	if speed <= 0 {
		return now
	}
	due := s.due.Add(time.Duration(float64(time.Second) / speed))
	if oldest := now.Add(-100 * time.Millisecond); due.Before(oldest) {
		return oldest
	}
	return due
}

// advance takes a step.
func (s *session) advance() {
	if err := s.loop.Advance(s.loop.Rate()); err != nil {
		s.fail(err)
		return
	}
	s.look()
}

// look computes the loss where the run stands and, at its end, the verdict. Changes of
// the rate that are due here are made before.
func (s *session) look() {
	for s.next < len(s.rates) && s.rates[s.next].step() <= s.loop.Step {
		s.loop.Config.LR = s.rates[s.next].rate()
		s.next++
	}
	event, err := s.loop.Look()
	if err != nil {
		s.fail(err)
		return
	}
	s.event = event
	if event.Last {
		if _, s.outcome, err = s.e.JudgeLoop(context.Background(), s.loop, nil); err != nil {
			s.fail(err)
		}
	}
}

// fail ends the run before its time. Numbers that are not finite leave it where they
// last were.
func (s *session) fail(err error) {
	s.failure = err
	var diverged *train.DivergedError
	if errors.As(err, &diverged) {
		s.event.Step, s.event.Loss = s.loop.Step, s.loop.Loss
	}
}

// meet does what the page wished, and tells whether there is anything new to show.
func (s *session) meet(w wishes) bool {
	news := w.seq != s.applied
	s.applied = w.seq
	if w.rate > 0 {
		s.setRate(w.rate)
	}
	if w.focus != nil {
		s.setFocus(*w.focus)
	}
	if w.text != nil {
		s.sentence = s.read(*w.text)
	}
	if w.row != nil && !s.shape.has(*w.row) {
		s.shape = newShape(s.e, *w.row)
	}
	for _, job := range w.jobs {
		job()
	}
	return news
}

// setRate changes the learning rate from this step on. What was to come of a recorded
// run is given up.
func (s *session) setRate(rate float64) {
	s.rates = s.rates[:s.next]
	if s.next > 0 && s.rates[s.next-1].step() == s.loop.Step {
		s.rates = s.rates[:s.next-1]
	}
	s.rates = append(s.rates, change{float64(s.loop.Step), rate})
	s.next = len(s.rates)
	s.loop.Config.LR = rate
	s.event.Rate = s.loop.Rate()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if last := len(s.log) - 1; last >= 0 && s.log[last].Step == s.loop.Step {
		s.log = slices.Clone(s.log) // pages may be reading it
		s.log[last].Rate = s.event.Rate
	}
}

// weights are what was learned so far.
func (s *session) weights() *graph.Weights {
	s.loop.Model.Pull()
	return s.loop.Model.Weights
}
