package graph

import (
	"errors"
	"runtime"
	"sync/atomic"
)

// barrier lets the members of a team wait for each other in the middle of a call.
type barrier struct {
	members int32
	arrived atomic.Int32
	phase   atomic.Uint32
	broken  atomic.Bool
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
		return
	}
	for i := 1; b.phase.Load() == phase; i++ {
		if i%spins == 0 {
			if b.broken.Load() {
				panic(errBroken)
			}
			runtime.Gosched()
		}
	}
}
