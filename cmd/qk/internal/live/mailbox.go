package live

import (
	"context"
	"errors"

	"qk/train"
)

// errClosed says that a session is no more.
var errClosed = errors.New("this session is closed")

// wish changes what the page wants, and returns the number of the wish.
func (s *session) wish(set func(*wishes)) (uint64, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed != "" {
		return 0, errClosed
	}
	s.touched, s.heard = s.now(), s.now()
	s.wishes.seq++
	set(&s.wishes)
	s.nudge()
	return s.wishes.seq, nil
}

// nudge wakes the goroutine.
func (s *session) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take returns the wishes that are open; ok is false once the session is closed.
func (s *session) take() (w wishes, ok bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	w = s.wishes
	s.wishes.rate, s.wishes.focus, s.wishes.text, s.wishes.row, s.wishes.jobs = 0, nil, nil, nil, nil
	return w, s.closed == ""
}

// do has the goroutine do something between two steps, and waits for it.
func (s *session) do(ctx context.Context, job func()) error {
	done := make(chan struct{})
	if _, err := s.wish(func(w *wishes) { w.jobs = append(w.jobs, func() { defer close(done); job() }) }); err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-s.ended:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends the session, and tells the pages that listen why.
func (s *session) close(why string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed != "" {
		return
	}
	s.closed = why
	s.nudge()
	close(s.changed)
}

// view is what a page that listens gets to see next.
type view struct {
	frame   *frame
	log     []train.Event
	changed <-chan struct{} // closed when there is more
	closed  string
}

// view returns the latest frame, and the log up to it from the given place on.
func (s *session) view(from int) view {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	v := view{frame: s.latest, changed: s.changed, closed: s.closed}
	if v.frame != nil {
		v.log = s.log[min(from, v.frame.logged):v.frame.logged]
	}
	return v
}

// listen counts a page that listens, and the function that it returns takes it off.
func (s *session) listen() (leave func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.streams++
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.streams--
		s.heard = s.now()
	}
}

// stay notes that there still is a page, though it does not listen now.
func (s *session) stay() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.heard = s.now()
}
