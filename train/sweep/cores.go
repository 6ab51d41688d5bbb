package sweep

import (
	"context"
	"sync"

	"qk/graph"
	"qk/train"
)

// cores hands out processors to runs, in the order in which they ask.
type cores struct {
	all   int
	mutex sync.Mutex
	free  int
	freed chan struct{} // gets a value when some were given back
}

func newCores(n int) *cores {
	return &cores{all: n, free: n, freed: make(chan struct{}, 1)}
}

// take waits for n processors. It returns false if ctx has ended before.
func (c *cores) take(ctx context.Context, n int) bool {
	for {
		if ctx.Err() != nil {
			return false
		}
		c.mutex.Lock()
		enough := c.free >= n
		if enough {
			c.free -= n
		}
		c.mutex.Unlock()
		if enough {
			return true
		}
		select {
		case <-c.freed:
		case <-ctx.Done():
		}
	}
}

// give gives n processors back.
func (c *cores) give(n int) {
	c.mutex.Lock()
	c.free += n
	c.mutex.Unlock()
	select {
	case c.freed <- struct{}{}:
	default: // one is waiting to be taken
	}
}

// largeState is the size of a run's state, in numbers, from which on runs side by side
// would push each other out of the cache that the processors have in common: then one
// run at a time gets them all.
const largeState = 1 << 22

// share returns how many processors a run gets in a sweep of so many: one, so that no
// step waits for another processor, unless the run is large or there are fewer runs
// than processors.
func (c *cores) share(e *train.Experiment, runs int) int {
	if stateOf(e) >= largeState {
		return c.all
	}
	return max(1, c.all/max(1, runs))
}

// stateOf is about how many numbers a step goes through: the parameters with their
// gradients and moments, and the votes.
func stateOf(e *train.Experiment) int {
	c, V := e.Config, e.Counts.V()
	n := 2 * V * c.Rank * 4
	if c.OneHot {
		n = V * V * 4
	}
	if c.Task == graph.Predict {
		n += 2 * e.Counts.PairCells
	}
	return n
}
