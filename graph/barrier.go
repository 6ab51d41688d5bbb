package graph

import (
	"errors"
	"sync"
	"sync/atomic"
)

// barrier lets the members of a team wait for each other in the middle of a call.
type barrier struct {
	members int32
	arrived atomic.Int32
	phase   atomic.Uint32
	broken  atomic.Bool
	gate    gate
}

var errBroken = errors.New("graph: another member of the team has failed")

func (b *barrier) reset(members int) {
	b.members = int32(members)
	b.arrived.Store(0)
	b.broken.Store(false)
}

// wait returns when every member has called it. It panics if one has panicked, as
// that one never comes.
func (b *barrier) wait() {
	phase := b.phase.Load()
	if b.arrived.Add(1) == b.members {
		b.arrived.Store(0)
		b.phase.Add(1)
		b.gate.open()
		return
	}
	b.gate.wait(func() bool { return b.phase.Load() != phase || b.broken.Load() })
	if b.phase.Load() == phase {
		panic(errBroken)
	}
}

// gate is where goroutines wait for a condition: they look at it for a while, as
// it mostly holds soon, and then sleep.
//
// That they sleep in the end matters even when they would be woken at once. Two
// threads may have come to share a processor, and while the one spins there, the
// other waits for its turn, although a second processor is idle; the system takes
// its time to move a thread that runs, but wakes a sleeping one where there is
// room.
type gate struct {
	sleepers atomic.Int32
	lock     sync.Mutex
	wake     sync.Cond
}

// spins is how often a goroutine looks before it sleeps, for some 100 µs.
const spins = 1 << 17

// wait returns when ready does.
func (g *gate) wait(ready func() bool) {
	for range spins {
		if ready() {
			return
		}
	}
	g.lock.Lock()
	defer g.lock.Unlock()
	g.wake.L = &g.lock
	g.sleepers.Add(1)
	for !ready() { // open looks for sleepers after it has made this true
		g.wake.Wait()
	}
	g.sleepers.Add(-1)
}

// open wakes whoever sleeps, after a condition was made true.
func (g *gate) open() {
	if g.sleepers.Load() == 0 {
		return
	}
	g.lock.Lock()
	g.wake.Broadcast()
	g.lock.Unlock()
}
