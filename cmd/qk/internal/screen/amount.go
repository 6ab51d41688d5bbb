package screen

import (
	"strconv"
	"time"
)

// Amount is how far a piece of work has come.
type Amount struct {
	// Doing says what is done, in a few words.
	Doing string
	// Done and Total are in Unit; Total is 0 if not known.
	Done, Total int64
	// Unit is B for bytes, or a plural noun; without one there is no amount to tell.
	Unit string
}

// Amounts shows how far a piece of work has come, in one line of a terminal that is
// redrawn and disappears in the end. Elsewhere it shows nothing.
type Amounts struct {
	p      *Progress
	doing  string
	start  time.Time // of what is being done
	before int64     // what was done then
	done   int64     // what was done last
}

// Amounts starts a line. now is time.Now or a stand-in.
func (s *Screen) Amounts(now func() time.Time) *Amounts {
	return &Amounts{p: s.Progress(now)}
}

// Update shows a new amount, if enough time has passed since the last.
func (a *Amounts) Update(now Amount) {
	p := a.p
	if !p.s.opts.Live {
		return
	}
	t := p.now()
	if now.Doing != a.doing || now.Done < a.done {
		a.doing, a.start, a.before = now.Doing, t, now.Done
	}
	a.done = now.Done
	if t.Sub(p.drawn) < redrawEvery {
		return
	}
	p.drawn = t
	p.place(func(width int) line { return now.line(t.Sub(a.start), now.Done-a.before, width) })
}

// Clear removes the line.
func (a *Amounts) Clear() { a.p.Clear() }

// line sets an amount in one line, given what was done in a span of time.
func (a Amount) line(took time.Duration, done int64, width int) line {
	var parts []part
	add := func(rank int, style style, t text) {
		var l line
		l.add(style, t)
		parts = append(parts, part{l, rank})
	}
	add(0, plain, clean(a.Doing))
	if a.Unit == "" {
		add(1, faint, duration(took))
		return joinParts(parts, width)
	}
	if a.Total > 0 {
		share := unit(float64(a.Done) / float64(a.Total))
		parts = append(parts, part{progressBar(share), 5})
		t := wholePercent(share)
		add(1, plain, spaces(4-cells(t))+t)
		add(3, plain, a.quantity(a.Done)+" of "+a.quantity(a.Total)+a.of())
	} else {
		add(1, plain, a.quantity(a.Done)+a.of())
	}
	if seconds := took.Seconds(); seconds > 0 && done > 0 {
		speed := float64(done) / seconds
		add(4, faint, a.quantity(int64(speed))+"/s")
		if left := float64(a.Total - a.Done); a.Total > 0 && left > 0 && left/speed < 1e9 {
			add(2, faint, duration(time.Duration(left/speed*float64(time.Second)))+" left")
		}
	}
	return joinParts(parts, width)
}

// quantity writes a number of the unit, with three significant digits and a prefix
// where it is large: 12.3 MB, or 12.3M.
func (a Amount) quantity(n int64) text {
	v, prefix := float64(n), ""
	for _, p := range []string{"k", "M", "G", "T", "P", "E"} {
		if v < 999.5 {
			break
		}
		v, prefix = v/1000, p
	}
	digits := 0
	if prefix != "" {
		switch {
		case v < 9.995:
			digits = 2
		case v < 99.95:
			digits = 1
		}
	}
	t := text(strconv.FormatFloat(v, 'f', digits, 64))
	if a.Unit == "B" {
		return t + " " + text(prefix) + "B"
	}
	return t + text(prefix)
}

// of names the unit where it is not part of the number.
func (a Amount) of() text {
	if a.Unit == "B" {
		return ""
	}
	return " " + clean(a.Unit)
}
