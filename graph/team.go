package graph

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// team is the goroutines that share the work of one model. Between calls they
// spin for a moment, as the next step usually follows at once and to wake a
// sleeping thread takes longer than a small step does, and then sleep.
//
// How work is divided among them must not show in the result: every number is
// computed by one of them, in an order that does not depend on how many there
// are. So a team of one, which has no goroutine, does the same.
type team struct {
	others []*member // all but the caller
	ended  sync.WaitGroup

	work    func(member, members int)
	members int32         // that take part in the call under way
	call    atomic.Uint32 // its number
	left    atomic.Int32  // goroutines that have not finished it
	barrier barrier
	panics  chan any
}

// member is a goroutine of a team.
type member struct {
	asleep atomic.Bool
	wake   chan struct{}
}

// spins is how often a waiting goroutine looks before it lets others run, and
// patience how often it does that before it sleeps: some 10 µs and 200 µs.
const (
	spins    = 1 << 14
	patience = 20
)

// start adds goroutines until the team has so many members, the caller of
// [team.run] being one.
func (t *team) start(members int) {
	t.panics = make(chan any, max(1, members))
	for i := len(t.others) + 1; i < members; i++ {
		m := &member{wake: make(chan struct{}, 1)}
		t.others = append(t.others, m)
		t.ended.Add(1)
		go t.serve(i, m, t.call.Load())
	}
}

// size returns how many members take part in work that can be divided into so
// many parts, of about so many elementary operations in all.
func (t *team) size(parts, operations int) int {
	if operations < teamWork {
		return 1
	}
	return max(1, min(parts, len(t.others)+1))
}

// run calls work in so many members, with the number of each, and returns when
// all have returned. A panic of one is a panic of run.
func (t *team) run(members int, work func(member, members int)) {
	if members <= 1 {
		work(0, 1)
		return
	}
	t.work, t.members = work, int32(members)
	t.barrier.reset(members)
	t.left.Store(int32(len(t.others)))
	t.signal()
	t.attempt(0)
	for i := 1; t.left.Load() > 0; i++ {
		if i%spins == 0 {
			runtime.Gosched()
		}
	}
	select {
	case r := <-t.panics:
		for len(t.panics) > 0 {
			<-t.panics
		}
		panic(r) // in the caller's goroutine, where a [Machine] recovers it
	default:
	}
}

// signal starts a call in the goroutines.
func (t *team) signal() {
	t.call.Add(1)
	for _, m := range t.others {
		if m.asleep.Swap(false) {
			m.wake <- struct{}{}
		}
	}
}

// attempt does the work of one member and keeps its panic.
func (t *team) attempt(member int) {
	defer func() {
		if r := recover(); r != nil {
			t.panics <- r
			t.barrier.broken.Store(true)
		}
	}()
	t.work(member, int(t.members))
}

func (t *team) serve(i int, m *member, seen uint32) {
	defer t.ended.Done()
	for {
		seen = t.next(seen, m)
		if t.work == nil { // the team is stopped
			return
		}
		if i < int(t.members) {
			t.attempt(i)
		}
		t.left.Add(-1)
	}
}

// next waits for the call after the given one and returns its number.
func (t *team) next(seen uint32, m *member) uint32 {
	for range patience {
		for range spins {
			if now := t.call.Load(); now != seen {
				return now
			}
		}
		runtime.Gosched()
	}
	m.asleep.Store(true)
	if now := t.call.Load(); now != seen { // called while it went to sleep
		if !m.asleep.Swap(false) {
			<-m.wake // the caller has seen it sleep
		}
		return now
	}
	<-m.wake
	return t.call.Load()
}

// stop ends the goroutines and waits for them. The team can be started again.
func (t *team) stop() {
	t.work = nil
	t.signal()
	t.ended.Wait()
	t.others = nil
}

// wait lets the members of a call wait for each other.
func (t *team) wait() {
	if t.barrier.members > 1 {
		t.barrier.wait()
	}
}

// teamWork is the least number of elementary operations, some 20 µs of one core,
// that is worth dividing.
const teamWork = 1 << 17

// part returns the range of the items 0 … n−1 that a member takes.
func part(n, member, members int) (first, last int) {
	return n * member / members, n * (member + 1) / members
}
