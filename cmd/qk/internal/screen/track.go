package screen

import "math"

// track places losses on a line: the lowest at the left, the highest at the
// right.
type track struct {
	lo, hi float64
	width  int
}

// newTrack scales a track to the finite losses of the rungs.
func newTrack(rungs []Rung, width int) track {
	t := track{lo: math.Inf(1), hi: math.Inf(-1), width: width}
	for _, r := range rungs {
		if !math.IsInf(r.Value, 0) {
			t.lo, t.hi = min(t.lo, r.Value), max(t.hi, r.Value)
		}
	}
	return t
}

// position returns the column of a loss, from 0.
func (t track) position(v float64) int {
	last := float64(t.width - 1)
	switch {
	case math.IsInf(v, 1):
		return t.width - 1
	case math.IsInf(v, -1) || t.hi == t.lo:
		return 0
	}
	return int(math.Round(unit((v/2-t.lo/2)/(t.hi/2-t.lo/2)) * last))
}

// draw draws the line of a rung up to its place, if there is room at all.
func (t track) draw(l *line, r Rung, ink style) {
	if t.width < 1 {
		return
	}
	at := t.position(r.Value)
	end, dash := text("●"), text("─")
	switch {
	case math.IsInf(r.Value, 1):
		end = "▶"
	case r.Highlight:
		end, dash = "◆", "━"
	case r.Floor:
		end = "┃"
	}
	l.add(ink, repeat(dash, at)+end)
}
