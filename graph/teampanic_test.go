package graph

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestTeamPanics lets each member fail, before the barrier or after it, and all at
// once. The caller gets the panic, and the team works afterwards.
func TestTeamPanics(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for _, members := range []int{1, 2, 3, repeats(6, 3)} {
		tm := &team{}
		tm.start(members)
		for bad := range members + 1 { // members: all of them
			for _, when := range []string{"without a barrier", "before the barrier", "after the barrier"} {
				for range repeats(5, 1) {
					got := caught(func() {
						tm.run(members, func(member, _ int) {
							fails := member == bad || bad == members
							if fails && when != "after the barrier" {
								panic("out of luck")
							}
							if when != "without a barrier" {
								tm.wait()
							}
							if fails {
								panic("out of luck")
							}
						})
					})
					if got != "out of luck" {
						t.Fatalf("%d members, %d fails %s: %v", members, bad, when, got)
					}
					var sum atomic.Int32
					tm.run(members, func(member, _ int) {
						sum.Add(int32(member) + 1)
						tm.wait()
						sum.Add(1)
					})
					if n := int(sum.Load()); n != members*(members+1)/2+members {
						t.Fatalf("%d members after a failure %s: %d", members, when, n)
					}
				}
			}
		}
		tm.stop()
	}
	goleak.VerifyNone(t, before)
}

// TestTeamPanicsAfterSecondStart asks a started team for fewer members, which
// stay as many, and lets all fail: there must be room for every panic.
func TestTeamPanicsAfterSecondStart(t *testing.T) {
	tm := &team{}
	tm.start(6)
	tm.start(2)
	done := make(chan any)
	go func() { done <- caught(func() { tm.run(6, func(int, int) { panic("out of luck") }) }) }()
	select {
	case got := <-done:
		if got != "out of luck" {
			t.Errorf("panic %v", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the members wait for ever")
	}
	tm.stop()
}

// caught returns what f panics with.
func caught(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

// failing is a loss one of whose members fails on demand.
type failing struct {
	fusedLoss[float64]
	team    *team
	members int
	bad     int // or −1
}

func (f *failing) run(q, k, dq, dk []float64) float64 {
	f.team.run(f.members, func(member, _ int) {
		if member == f.bad {
			var none []int
			_ = none[member]
		}
		f.team.wait()
	})
	return f.fusedLoss.run(q, k, dq, dk)
}

// TestFailingLoss wants an error from Run when any member fails, and the bits of
// an undisturbed model afterwards.
func TestFailingLoss(t *testing.T) {
	before := goleak.IgnoreCurrent()
	c := builtInCorpus(t, "candle")
	for _, s := range specs() {
		if !s.Fused || s.Scaled {
			continue
		}
		m := newModel(t, c, s)
		randomise(m, 1, 1)
		want := figures(t, m)
		op, ok := m.fused.(*fusedOp[float64])
		if !ok {
			t.Fatalf("%T", m.fused)
		}
		f := &failing{op.inner, &m.team, repeats(4, 2), -1}
		op.inner = f
		m.Start(f.members)
		for f.bad = range f.members {
			_, err := m.Run()
			if err == nil {
				t.Fatalf("%s: no error of member %d", describe(s), f.bad)
			}
			if !strings.Contains(err.Error(), "index out of range") {
				t.Errorf("%s: error %v", describe(s), err)
			}
			bad := f.bad
			f.bad = -1
			if !sameBits(figures(t, m), want) {
				t.Errorf("%s: other bits after a failure of member %d", describe(s), bad)
			}
			f.bad = bad
		}
		m.Stop()
	}
	goleak.VerifyNone(t, before)
}
