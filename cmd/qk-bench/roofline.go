package main

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"qk/cmd/qk-bench/internal/wire"
	"qk/graph/kernel"
)

// roofline is what the machine can do at most.
type roofline struct {
	Flops     float64 `json:"flops"`     // float32 operations a second, all cores
	Bandwidth float64 `json:"bandwidth"` // bytes a second, read and written, all cores
}

// adamBytes is what the update of one float32 parameter moves at least: the
// parameter, its gradient and two moments are read, and all but the gradient
// written.
const adamBytes = 28

// explain says how the least time of a step is computed.
const explain = "least = flops/peak + 28 bytes × 2·V·R parameters / bandwidth; share = least / time of qk"

// least is the time below which no step can be: the arithmetic at full speed and
// one pass of Adam over all parameters, one after the other.
func (r roofline) least(p *wire.Problem) float64 {
	return flops(p)/r.Flops + adamBytes*2*float64(p.V*p.R)/r.Bandwidth
}

// flops is what the matrix products of a step need: forward, dQ and dK. In
// predict only the scores of earlier words that are there count.
func flops(p *wire.Problem) float64 {
	if p.Task == "recall" {
		return 6 * float64(p.B) * float64(p.V) * float64(p.R)
	}
	entries := 0.0
	for _, m := range p.Floats("mask") {
		entries += float64(m)
	}
	return 6 * entries / float64(p.Batches) * float64(p.R)
}

// measure finds the peak rate, and the bandwidth for buffers of about so many
// bytes in all, as caches serve small ones.
func measure(bytes int) roofline {
	return roofline{Flops: peak(), Bandwidth: bandwidth(bytes)}
}

// peak returns the float32 rate of multiply-adds on registers alone, over all
// cores, with the fastest instruction set that the processor has.
func peak() float64 {
	set := kernel.New[float32](kernel.Available()[0])
	const rounds = 1 << 16
	flops := 0.0
	work := make([]func(), runtime.GOMAXPROCS(0))
	for i := range work {
		work[i] = func() { set.PeakFlops(rounds) }
		flops += set.PeakFlops(rounds)
	}
	return flops / typical(work)
}

// bandwidth returns the rate of copying with all cores, counting what is read
// and what is written.
func bandwidth(bytes int) float64 {
	cores := runtime.GOMAXPROCS(0)
	n := max(1<<10, bytes/8/cores)
	repeat := max(1, (1<<22)/n)
	work := make([]func(), cores)
	for i := range work {
		from, to := ramp(n), make([]float32, n)
		work[i] = func() {
			for range repeat {
				copy(to, from)
			}
		}
	}
	return 8 * float64(n*repeat*cores) / typical(work)
}

// typical runs the functions at the same time, again and again for a while, and
// returns the median of the times: what the processor keeps up, as the shortest is
// that of the moment before it lowers its clock.
func typical(work []func()) float64 {
	var times []float64
	for end := time.Now().Add(300 * time.Millisecond); len(times) == 0 || time.Now().Before(end); {
		begin := time.Now()
		var wg sync.WaitGroup
		for _, f := range work {
			wg.Add(1)
			go func() {
				defer wg.Done()
				f()
			}()
		}
		wg.Wait()
		times = append(times, time.Since(begin).Seconds())
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i%13) / 13
	}
	return x
}
