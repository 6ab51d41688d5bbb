package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"qk/cmd/qk/internal/screen"
	"qk/train"
)

// await returns what f returns, or [train.ErrInterrupted] as soon as ctx ends; f
// is left behind then, and the program is about to end.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		if ctx.Err() != nil { // both were ready
			break
		}
		return r.value, r.err
	case <-ctx.Done():
	}
	var none T
	return none, train.ErrInterrupted
}

// show is [await] for what takes its time on large texts. On a terminal, one line of
// standard error tells what is being done, and how far it has come where that is
// known.
func show[T any](ctx context.Context, a *app, f func(tell func(train.Stage)) (T, error)) (T, error) {
	s := a.screenOn(a.stderr)
	if !s.Live() {
		return await(ctx, func() (T, error) { return f(func(train.Stage) {}) })
	}
	var current atomic.Pointer[train.Stage]
	progress := s.Amounts(a.now)
	defer progress.Clear()
	ended := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Add(1)
	go func() {
		defer drawing.Done()
		tick := time.NewTicker(drawEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				stage := current.Load()
				if stage == nil {
					continue
				}
				amount := screen.Amount{Doing: stage.Doing}
				if stage.Done > 0 {
					amount.Done, amount.Total, amount.Unit = stage.Done, max(0, stage.Total), "B"
				}
				progress.Update(amount)
			case <-ended:
				return
			}
		}
	}()
	defer drawing.Wait()
	defer close(ended)
	return await(ctx, func() (T, error) {
		return f(func(stage train.Stage) { current.Store(&stage) })
	})
}

// drawEvery is how often the line is drawn.
const drawEvery = 150 * time.Millisecond
