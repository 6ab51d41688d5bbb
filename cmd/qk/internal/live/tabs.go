package live

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
	"time"

	"qk/train"
)

// tabs are the sessions of a server.
type tabs struct {
	limits Limits
	texts  *texts
	budget *budget
	slots  chan struct{} // see session
	making chan struct{} // how many texts are counted, or files written, at once
	now    func() time.Time

	ctx     context.Context // ends with the server
	cancel  context.CancelFunc
	running sync.WaitGroup

	mutex    sync.Mutex
	sessions map[string]*session
	asked    int // sessions that are being made
}

func newTabs(limits Limits, now func() time.Time) *tabs {
	b := &budget{left: limits.Memory}
	ctx, cancel := context.WithCancel(context.Background())
	t := &tabs{
		limits: limits, budget: b, now: now, ctx: ctx, cancel: cancel,
		texts:    &texts{words: limits.Words, budget: b, entries: map[textKey]*counted{}},
		slots:    make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		making:   make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		sessions: map[string]*session{},
	}
	t.running.Add(1)
	go t.sweep()
	return t
}

// close ends all sessions and waits for them.
func (t *tabs) close() {
	t.cancel()
	t.running.Wait()
}

// find returns the session of that name, or nil.
func (t *tabs) find(id string) *session {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.sessions[id]
}

// open starts a session. The one that it takes the place of goes on if there is an
// error.
func (t *tabs) open(ctx context.Context, r request) (*session, error) {
	c, own, err := r.config(t.limits)
	if err != nil {
		return nil, err
	}
	if err := t.admit(r.Replaces); err != nil {
		return nil, err
	}
	defer t.admitted()
	select {
	case t.making <- struct{}{}:
		defer func() { <-t.making }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.ctx.Done():
		return nil, errClosed
	}
	s, err := t.make(c, own)
	if err != nil {
		return nil, err
	}
	s.rates = r.Rates
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.ctx.Err() != nil {
		t.release(s)
		return nil, errClosed
	}
	if old := t.sessions[r.Replaces]; old != nil {
		old.close("another run took the place of this one")
	}
	t.sessions[s.id] = s
	t.running.Add(1)
	go func() {
		defer t.running.Done()
		s.run(t.ctx, r.Until)
		t.forget(s)
	}()
	return s, nil
}

// admit makes sure that there is room for one more session.
func (t *tabs) admit(replaces string) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	have := len(t.sessions) + t.asked
	if t.sessions[replaces] != nil {
		have--
	}
	if have >= t.limits.Tabs {
		return busyError(fmt.Sprintf("%d tabs are open, and this server takes no more: close one, or wait until one is given up", t.limits.Tabs))
	}
	t.asked++
	return nil
}

func (t *tabs) admitted() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.asked--
}

// make counts the text and readies the run.
func (t *tabs) make(c train.Config, own []byte) (*session, error) {
	text, err := t.texts.take(c, own)
	if err != nil {
		return nil, err
	}
	s, err := newSession(rand.Text(), c, text, own, t.now)
	if err != nil {
		t.texts.release(text)
		return nil, err
	}
	s.slots = t.slots
	memory := s.footprint()
	if err := t.budget.take(memory); err != nil {
		t.texts.release(text)
		return nil, err
	}
	s.memory = memory
	if err := s.prepare(); err != nil {
		t.release(s)
		return nil, err
	}
	return s, nil
}

// release gives back what a session takes.
func (t *tabs) release(s *session) {
	t.budget.give(s.memory)
	t.texts.release(s.text)
}

// forget takes a session off whose goroutine has ended.
func (t *tabs) forget(s *session) {
	s.close("the server is closing")
	t.mutex.Lock()
	delete(t.sessions, s.id)
	t.mutex.Unlock()
	t.release(s)
}

// sweepEvery is how often sessions are looked at that may have been left.
const sweepEvery = time.Second

// sweep closes sessions that nobody uses.
func (t *tabs) sweep() {
	defer t.running.Done()
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-t.ctx.Done():
			return
		}
		t.mutex.Lock()
		for _, s := range t.sessions {
			if why := s.left(t.limits, t.now()); why != "" {
				s.close(why)
			}
		}
		t.mutex.Unlock()
	}
}

// left tells why a session can be closed, or "".
func (s *session) left(l Limits, now time.Time) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.streams == 0 && now.Sub(s.heard) > l.Gone:
		return "the page was away for too long"
	case now.Sub(s.touched) > l.Idle:
		return fmt.Sprintf("nothing was touched for %.0f minutes", l.Idle.Minutes())
	}
	return ""
}
