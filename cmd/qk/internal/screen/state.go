package screen

import (
	"math"
	"time"
)

// part is a piece of the progress line. When the line is too wide, the part
// with the largest rank goes first.
type part struct {
	line line
	rank int
}

// line sets a state in one line, with a bar or without.
func (st State) line(width int, bar bool) line {
	var parts []part
	add := func(rank int, style style, t text) {
		var l line
		l.add(style, t)
		parts = append(parts, part{l, rank})
	}
	steps := st.steps()
	if st.Steps > 0 {
		share := unit(float64(st.Step) / float64(st.Steps))
		if bar {
			parts = append(parts, part{progressBar(share), 7})
		}
		t := wholePercent(share)
		add(1, plain, spaces(4-cells(t))+t)
		// As wide for every step, so that the line does not jump.
		steps = spaces(2*cells(count(st.Steps))+1-cells(steps)) + steps
	} else {
		steps += " steps"
	}
	add(2, plain, steps)
	parts = append(parts, part{st.loss(), 0})
	if !math.IsNaN(st.Above) {
		var l line
		l.add(plain, above(st.Above))
		l.add(faint, " above floor")
		parts = append(parts, part{l, 3})
	}
	if t, ok := rate(st.PerSecond); ok {
		add(6, faint, t+"/s")
	}
	if st.Left >= 0 && st.Step < st.Steps {
		add(5, faint, duration(st.Left)+" left")
	}
	return joinParts(parts, width)
}

// final sets the last state in one line.
func (st State) final(took time.Duration, width int) line {
	parts := []part{{rank: 1}, {st.loss(), 0}}
	parts[0].line.add(plain, st.steps()+" steps")
	if !math.IsNaN(st.Above) {
		var l line
		l.add(plain, above(st.Above))
		l.add(faint, " above floor")
		parts = append(parts, part{l, 2})
	}
	var l line
	l.add(faint, "in "+elapsed(took))
	parts = append(parts, part{l, 3})
	if t, ok := rate(st.PerSecond); ok {
		var l line
		l.add(faint, t+" steps/s")
		parts = append(parts, part{l, 4})
	}
	return joinParts(parts, width)
}

// loss sets the loss.
func (st State) loss() line {
	var l line
	l.add(faint, "loss ")
	l.add(bold, fixed(st.Loss))
	return l
}

// steps sets the steps done, of all steps if that says more.
func (st State) steps() text {
	t := count(st.Step)
	if st.Steps > 0 && st.Step != st.Steps {
		t += "/" + count(st.Steps)
	}
	return t
}

// joinParts sets the parts with two blanks between them, without those for
// which there is no room.
func joinParts(parts []part, width int) line {
	const gap = 2
	for {
		var l line
		drop := 0
		for i, p := range parts {
			if i > 0 {
				l.to(l.width + gap)
			}
			l.join(p.line)
			if p.rank > parts[drop].rank {
				drop = i
			}
		}
		if l.width <= width || len(parts) == 1 {
			return l.clip(width)
		}
		parts = append(parts[:drop:drop], parts[drop+1:]...)
	}
}

// progressBar draws a bar of fixed width.
func progressBar(share float64) line {
	const width = 16
	full := int(math.Floor(share * width))
	var l line
	l.add(accent, repeat("━", full))
	l.add(faint, repeat("─", width-full))
	return l
}

// wholePercent writes a share in whole per cent, 100 only for all of it.
func wholePercent(share float64) text {
	return count(int(math.Floor(share*100))) + "%"
}
