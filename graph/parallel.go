package graph

import (
	"runtime"
	"sync"
)

// parallelWork is the least number of elementary operations for which starting
// goroutines pays.
const parallelWork = 1 << 16

// blockSize is how many items a goroutine takes at a time.
const blockSize = 32

// parallel calls f for blocks of the items 0 … n−1, in as many goroutines as
// there are processors when the work is large enough, and returns when all have
// ended. What f computes for an item must not depend on another item.
func parallel(n, work int, f func(first, last int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+blockSize-1)/blockSize)
	if workers < 2 || work < parallelWork {
		f(0, n)
		return
	}
	blocks := make(chan int, n/blockSize+1)
	for first := 0; first < n; first += blockSize {
		blocks <- first
	}
	close(blocks)
	var wg sync.WaitGroup
	panics := make(chan any, workers)
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if r := recover(); r != nil {
					panics <- r
				}
			}()
			for first := range blocks {
				f(first, min(first+blockSize, n))
			}
		}()
	}
	wg.Wait()
	select {
	case r := <-panics:
		panic(r) // in the caller's goroutine, where a [Machine] recovers it
	default:
	}
}
