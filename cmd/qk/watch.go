package main

import (
	"time"

	"qk/cmd/qk/internal/screen"
	"qk/train"
)

// watch shows the progress of a loop and returns what ends the display.
func (a *app) watch(s *screen.Screen, l *train.Loop, floor *float64) func() {
	p := s.Progress(a.now)
	started, first, done := a.now(), l.Step, false
	l.Observers = append(l.Observers, train.ObserverFunc(func(e train.Event) error {
		st := screen.State{Step: e.Step, Steps: l.Config.Steps, Loss: e.Loss.Data, Above: notANumber(), Left: -1}
		if floor != nil {
			st.Above = e.Loss.Data - *floor
		}
		if elapsed := a.now().Sub(started).Seconds(); elapsed > 0 && e.Step > first {
			st.PerSecond = float64(e.Step-first) / elapsed
			st.Left = time.Duration(float64(l.Config.Steps-e.Step) / st.PerSecond * float64(time.Second))
		}
		if e.Last {
			done = true
			p.Done(st)
		} else {
			p.Update(st)
		}
		return s.Err()
	}))
	return func() {
		if !done {
			p.Clear()
		}
	}
}
