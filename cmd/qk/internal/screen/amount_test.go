package screen

import (
	"bytes"
	"testing"
	"time"
)

func TestAmountsLive(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 100, Live: true}), newClock()
	a := s.Amounts(c.now)
	a.Update(Amount{"reading", 0, 1_000_000_000, "B"}) // too early
	c.forward(200 * time.Millisecond)
	a.Update(Amount{"reading", 50_000_000, 1_000_000_000, "B"})
	c.forward(99 * time.Millisecond)
	a.Update(Amount{"reading", 60_000_000, 1_000_000_000, "B"}) // too early
	c.forward(701 * time.Millisecond)
	a.Update(Amount{"reading", 250_000_000, 1_000_000_000, "B"})
	c.forward(time.Second)
	a.Update(Amount{"counting", 0, 123_456_789, "positions"}) // the rate begins anew
	c.forward(2 * time.Second)
	a.Update(Amount{"counting", 24_691_358, 123_456_789, "positions"})
	a.Clear()
	a.Clear() // nothing left to clear
	s.Paragraph("a remark")
	same(t, visibleEscapes(&b), `
<^[Kreading  ────────────────    5%  50.0 MB of 1.00 GB  250 MB/s  3s left<^[Kreading  ━━━━────────────   25%  250 MB of 1.00 GB  250 MB/s  3s left<^[Kcounting  ────────────────    0%  0 of 123M positions<^[Kcounting  ━━━─────────────   20%  24.7M of 123M positions  12.3M/s  7s left<^[Ka remark
`)
}

// TestAmountsOfUnknownTotal has standard input, whose end is not known.
func TestAmountsOfUnknownTotal(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 60, Live: true}), newClock()
	a := s.Amounts(c.now)
	a.Update(Amount{Doing: "reading", Unit: "B"})
	c.forward(time.Second)
	a.Update(Amount{Doing: "reading", Done: 999_499, Unit: "B"})
	c.forward(time.Second)
	a.Update(Amount{Doing: "reading", Done: 999_500, Unit: "B"})
	a.Clear()
	same(t, visibleEscapes(&b), "\n<^[Kreading  999 kB  999 kB/s<^[Kreading  1.00 MB  500 kB/s<^[K")
}

// TestAmountsElsewhere shows nothing where a line cannot be redrawn.
func TestAmountsElsewhere(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 80}), newClock()
	a := s.Amounts(c.now)
	for i := range int64(10) {
		c.forward(10 * time.Second)
		a.Update(Amount{"reading", i, 10, "B"})
	}
	a.Clear()
	if b.Len() > 0 {
		t.Errorf("got %q", b.String())
	}
}

func TestAmountsNarrow(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{
		{80, "reading  ━━━━────────────   25%  250 MB of 1.00 GB  250 MB/s  3s left"},
		{60, "reading   25%  250 MB of 1.00 GB  250 MB/s  3s left"},
		{50, "reading   25%  250 MB of 1.00 GB  3s left"},
		{30, "reading   25%  3s left"},
		{20, "reading   25%"},
		{9, "reading"},
		{5, "read…"},
	} {
		l := Amount{"reading", 250_000_000, 1_000_000_000, "B"}.line(time.Second, 250_000_000, c.width)
		var b bytes.Buffer
		New(&b, Options{Width: 100}).print([]line{l})
		if got := b.String(); got != c.want+"\n" {
			t.Errorf("at %d columns %q, want %q", c.width, got, c.want)
		}
	}
}

// TestAmountsWithout has work of which nobody knows how much it is: the time that it
// takes is shown.
func TestAmountsWithout(t *testing.T) {
	var b bytes.Buffer
	s, c := New(&b, Options{Width: 60, Live: true}), newClock()
	a := s.Amounts(c.now)
	a.Update(Amount{Doing: "deriving masks"})
	c.forward(12 * time.Second)
	a.Update(Amount{Doing: "deriving masks"})
	a.Clear()
	same(t, visibleEscapes(&b), "\n<^[Kderiving masks  12s<^[K")
}
