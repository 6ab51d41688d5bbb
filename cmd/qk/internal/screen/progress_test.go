package screen

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

// clock is a clock that a test sets.
type clock struct{ t time.Time }

func newClock() *clock                   { return &clock{time.Unix(1000, 0)} }
func (c *clock) now() time.Time          { return c.t }
func (c *clock) forward(d time.Duration) { c.t = c.t.Add(d) }
func visibleEscapes(b *bytes.Buffer) string {
	return strings.NewReplacer("\x1b", "^", "\r", "<").Replace(b.String())
}

// at returns a state after so many of 10,000 steps.
func at(step int) State {
	return State{Step: step, Steps: 10_000, Loss: 0.066 + 1/float64(step+10), Above: 1 / float64(step+10),
		PerSecond: 12_345, Left: time.Duration(10_000-step) * time.Millisecond}
}

func TestProgressLive(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 100, Live: true}), newClock()
	p := s.Progress(c.now)
	p.Update(at(0))
	c.forward(99 * time.Millisecond)
	p.Update(at(50)) // too early
	c.forward(time.Millisecond)
	p.Update(at(100))
	p.Clear()
	p.Clear() // nothing left to clear
	s.Paragraph("a remark")
	c.forward(time.Second)
	p.Update(at(5_000))
	s.Paragraph("another") // replaces the line
	c.forward(time.Second)
	p.Update(at(9_999))
	p.Done(at(10_000))
	same(t, visibleEscapes(&b), `
<^[K────────────────    0%       0/10,000  loss 0.166000  +0.100000 above floor  12.3k/s  10s left<^[K────────────────    1%     100/10,000  loss 0.075091  +0.009091 above floor  12.3k/s  9s left<^[Ka remark
<^[K━━━━━━━━────────   50%   5,000/10,000  loss 0.066200  +0.000200 above floor  12.3k/s  5s left<^[Kanother
<^[K━━━━━━━━━━━━━━━─   99%   9,999/10,000  loss 0.066100  +0.000100 above floor  12.3k/s  0s left<^[K10,000 steps  loss 0.066100  +0.000100 above floor  in 2.1s  12.3k steps/s
`)
}

func TestProgressLiveNarrow(t *testing.T) {
	for _, tt := range []struct {
		width int
		want  string
	}{
		{100, "━━━━━━──────────   42%   4,200/10,000  loss 0.066238  +0.000238 above floor  12.3k/s  5s left"},
		{81, " 42%   4,200/10,000  loss 0.066238  +0.000238 above floor  12.3k/s  5s left"},
		{80, " 42%   4,200/10,000  loss 0.066238  +0.000238 above floor  12.3k/s  5s left"},
		{72, " 42%   4,200/10,000  loss 0.066238  +0.000238 above floor  5s left"},
		{60, " 42%   4,200/10,000  loss 0.066238  +0.000238 above floor"},
		{40, " 42%   4,200/10,000  loss 0.066238"},
		{20, " 42%  loss 0.066238"},
	} {
		var b bytes.Buffer
		p := New(&b, Options{Width: tt.width, Live: true}).Progress(newClock().now)
		p.Update(at(4_200))
		if got := strings.TrimPrefix(b.String(), eraseLine); got != tt.want {
			t.Errorf("width %d:\n got %q\nwant %q", tt.width, got, tt.want)
		}
	}
}

func TestProgressFollowsTheWindow(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 80, Live: true}), newClock()
	width, known := 80, true
	s.measure = func() (int, bool) { return width, known }
	p := s.Progress(c.now)
	for _, tt := range []struct {
		width int
		known bool
		want  int
	}{{80, true, 75}, {40, true, 34}, {0, false, 75}} {
		width, known = tt.width, tt.known
		b.Reset()
		p.Update(at(4_200))
		if got := cells(text(strings.TrimPrefix(b.String(), eraseLine))); got != tt.want {
			t.Errorf("in a window of %d the line has %d columns, want %d: %q", tt.width, got, tt.want, b.String())
		}
		c.forward(time.Second)
	}
}

func TestProgressElsewhere(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 100}), newClock()
	p := s.Progress(c.now)
	for step := 0; step < 10_000; step += 100 {
		p.Update(at(step))
		c.forward(50 * time.Millisecond)
	}
	p.Clear()
	p.Done(at(10_000))
	same(t, visibleEscapes(&b), `
  0%       0/10,000  loss 0.166000  +0.100000 above floor  12.3k/s  10s left
 40%   4,000/10,000  loss 0.066249  +0.000249 above floor  12.3k/s  6s left
 80%   8,000/10,000  loss 0.066125  +0.000125 above floor  12.3k/s  2s left
10,000 steps  loss 0.066100  +0.000100 above floor  in 5.0s  12.3k steps/s
`)
}

func TestProgressElsewhereQuick(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 80}), newClock()
	p := s.Progress(c.now)
	for step := 0; step < 10_000; step += 1000 {
		p.Update(at(step))
		c.forward(100 * time.Millisecond)
	}
	p.Done(at(10_000))
	same(t, b.String(), `
10,000 steps  loss 0.066100  +0.000100 above floor  in 1.0s  12.3k steps/s
`)
}

func TestProgressOddStates(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 100}), newClock()
	p := s.Progress(c.now)
	for _, st := range []State{
		{Loss: nan, Above: nan, PerSecond: nan, Left: -1},
		{Step: 7, Loss: inf, Above: inf, PerSecond: inf},
		{Step: 12, Steps: 10, Loss: -inf, Above: -inf, PerSecond: -3, Left: time.Hour},
		{Step: math.MaxInt, Steps: math.MaxInt, Loss: 1e300, Above: 1e300, PerSecond: 1e300, Left: math.MaxInt64},
		{Step: 5, Steps: math.MaxInt, Loss: 1e-300, Above: 1e-300, PerSecond: 1e-300, Left: math.MaxInt64},
		{Step: -5, Steps: 10, Loss: 1, Above: -1e-9, Left: time.Minute},
	} {
		c.forward(2 * time.Second)
		p.Update(st)
	}
	p.Done(State{Loss: nan, Above: nan})
	same(t, b.String(), `
0 steps  loss NaN
7 steps  loss ∞  +∞ above floor
100%  12/10  loss -∞  -∞ above floor
100%                            9,223,372,036,854,775,807  loss 1.000e+300  +1.00e+300 above floor
  0%                          5/9,223,372,036,854,775,807  loss 0.000000  +1.00e-300 above floor
  0%  -5/10  loss 1.000000  -1.00e-09 above floor  1m00s left
0 steps  loss NaN  in 12s
`)
}

func TestProgressColoured(t *testing.T) {
	var b bytes.Buffer
	s := New(&b, Options{Width: 100, Live: true, Colour: true})
	s.Progress(newClock().now).Update(at(4_200))
	same(t, visibleEscapes(&b)+"\n", `
<^[K^[38;5;32m━━━━━━^[0m^[38;5;244m──────────^[0m   42%   4,200/10,000  ^[38;5;244mloss ^[0m^[1m0.066238^[0m  +0.000238^[38;5;244m above floor^[0m  ^[38;5;244m12.3k/s^[0m  ^[38;5;244m5s left^[0m
`)
}
