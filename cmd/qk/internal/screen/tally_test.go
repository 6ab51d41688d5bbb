package screen

import (
	"strings"
	"testing"
	"time"
)

// TestTallyLine sets tallies in lines of several widths.
func TestTallyLine(t *testing.T) {
	tally := Tally{Total: 1200, Done: 30, Running: 2, Failed: 1, Share: 0.258, Left: 75 * time.Second}
	for _, c := range []struct {
		tally Tally
		width int
		bar   bool
		want  string
	}{
		{tally, 80, true, "━━━━────────────   25%     30 of 1,200 runs  1 failed  2 running  1m15s left"},
		{tally, 80, false, " 25%     30 of 1,200 runs  1 failed  2 running  1m15s left"},
		{tally, 60, true, " 25%     30 of 1,200 runs  1 failed  2 running  1m15s left"},
		{tally, 50, true, " 25%     30 of 1,200 runs  1 failed  1m15s left"},
		{tally, 30, true, "   30 of 1,200 runs  1 failed"},
		{tally, 20, true, "   30 of 1,200 runs"},
		{Tally{Total: 3, Left: -1}, 80, false, "  0%  0 of 3 runs"},
		{Tally{Total: 3, Done: 2, Failed: 1, Share: 1}, 80, false, "100%  2 of 3 runs  1 failed"},
	} {
		var b strings.Builder
		c.tally.line(c.width, c.bar).write(&b, false)
		if b.String() != c.want {
			t.Errorf("width %d: %q, want %q", c.width, b.String(), c.want)
		}
	}
}

// TestTallies shows tallies on a terminal, where what comes too soon is not drawn, and
// in a file, where there is a line every ten seconds.
func TestTallies(t *testing.T) {
	for _, c := range []struct {
		live  bool
		every time.Duration // between two updates
		want  string
	}{
		{true, 60 * time.Millisecond, "\r\x1b[K────────────────    0%  0 of 3 runs\r\x1b[K━━━━━━━━━━──────   66%  2 of 3 runs\r\x1b[K3 of 3 runs done  in 20s\n"},
		{false, 6 * time.Second, " 33%  1 of 3 runs\n100%  3 of 3 runs\n3 of 3 runs done  in 20s\n"},
	} {
		var b strings.Builder
		now := time.Unix(0, 0)
		tallies := New(&b, Options{Live: c.live}).Tallies(func() time.Time { return now })
		for i := range 4 {
			now = now.Add(c.every)
			tallies.Update(Tally{Total: 3, Done: i, Share: float64(i) / 3, Left: -1})
		}
		now = time.Unix(20, 0)
		tallies.Done(Tally{Total: 3, Done: 3, Share: 1})
		if b.String() != c.want {
			t.Errorf("on a terminal: %v: %q, want %q", c.live, b.String(), c.want)
		}
	}
}
