package graph

import (
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
	others int // goroutines, all members but the caller
	ended  sync.WaitGroup

	work    func(member, members int)
	members int32         // that take part in the call under way
	call    atomic.Uint32 // its number
	left    atomic.Int32  // goroutines that have not finished it
	called  gate
	done    gate
	barrier barrier
	panics  chan any
}

// start adds goroutines until the team has so many members, the caller of
// [team.run] being one.
func (t *team) start(members int) {
	if cap(t.panics) < members { // a panic of each must find room
		t.panics = make(chan any, members)
	}
	for t.others+1 < members {
		t.others++
		t.ended.Add(1)
		go t.serve(t.others, t.call.Load())
	}
}

// teamWork is the least number of elementary operations, some 20 µs of one core,
// that is worth dividing.
const teamWork = 1 << 17

// size returns how many members take part in work that can be divided into so
// many parts, of about so many elementary operations in all.
func (t *team) size(parts, operations int) int {
	if operations < teamWork {
		return 1
	}
	return max(1, min(parts, t.others+1))
}

// part returns the range of the items 0 … n−1 that a member takes.
func part(n, member, members int) (first, last int) {
	return n * member / members, n * (member + 1) / members
}

// run calls work in so many members, with the number of each, and returns when
// all have returned. A panic of one is a panic of run.
func (t *team) run(members int, work func(member, members int)) {
	t.barrier.reset(members)
	if members <= 1 {
		work(0, 1)
		return
	}
	t.work, t.members = work, int32(members)
	t.left.Store(int32(t.others))
	t.signal()
	t.attempt(0)
	t.done.wait(func() bool { return t.left.Load() == 0 })
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
	t.called.open()
}

// attempt does the work of one member and keeps its panic.
func (t *team) attempt(member int) {
	defer func() {
		if r := recover(); r != nil {
			t.panics <- r
			t.barrier.broken.Store(true)
			t.barrier.gate.open()
		}
	}()
	t.work(member, int(t.members))
}

// serve is a member that waits for calls.
func (t *team) serve(member int, seen uint32) {
	defer t.ended.Done()
	for {
		t.called.wait(func() bool { return t.call.Load() != seen })
		seen++ // calls come one by one
		if t.work == nil {
			return // the team is stopped
		}
		if member < int(t.members) {
			t.attempt(member)
		}
		if t.left.Add(-1) == 0 {
			t.done.open()
		}
	}
}

// stop ends the goroutines and waits for them. The team can be started again.
func (t *team) stop() {
	t.work = nil
	t.signal()
	t.ended.Wait()
	t.others = 0
}

// wait lets the members of a call wait for each other.
func (t *team) wait() {
	if t.barrier.members > 1 {
		t.barrier.wait()
	}
}
