package screen

import "time"

// Tally is how far a set of runs has come.
type Tally struct {
	// Total is the number of runs, Done of those that came to their end, Running of
	// those under way, and Failed of those that did not come to their end.
	Total, Done, Running, Failed int
	// Share is what is done of the work, from 0 to 1, with what the runs under way
	// have behind them.
	Share float64
	// Left is the time left; negative if not known.
	Left time.Duration
}

// Tallies shows how far a set of runs has come: on a terminal in one line that is
// redrawn, elsewhere in a line every ten seconds.
type Tallies struct {
	p     *Progress
	drawn bool
}

// tallyEvery is how often a line is written where it cannot be redrawn.
const tallyEvery = 10 * time.Second

// Tallies starts a line. now is time.Now or a stand-in.
func (s *Screen) Tallies(now func() time.Time) *Tallies { return &Tallies{p: s.Progress(now)} }

// Update shows a new tally, if enough time has passed since the last.
func (t *Tallies) Update(now Tally) {
	p, at := t.p, t.p.now()
	every := tallyEvery
	if p.s.opts.Live {
		every = redrawEvery
	}
	if at.Sub(p.drawn) < every && (t.drawn || !p.s.opts.Live) {
		return
	}
	p.drawn, t.drawn = at, true
	if p.s.opts.Live {
		p.place(func(width int) line { return now.line(width, true) })
		return
	}
	p.s.print([]line{now.line(p.s.opts.Width, false)})
}

// Clear removes the line from a terminal, so that something else can be written. The
// next Update brings it back.
func (t *Tallies) Clear() {
	t.drawn = false
	t.p.Clear()
}

// Done replaces the line by a last one that stays.
func (t *Tallies) Done(last Tally) {
	t.p.s.print([]line{last.final(t.p.now().Sub(t.p.start), t.p.s.opts.Width)})
}

// line sets a tally in one line, with a bar or without.
func (t Tally) line(width int, bar bool) line {
	var parts []part
	add := func(rank int, style style, words text) {
		var l line
		l.add(style, words)
		parts = append(parts, part{l, rank})
	}
	if bar {
		parts = append(parts, part{progressBar(unit(t.Share)), 5})
	}
	percent := wholePercent(unit(t.Share))
	add(2, plain, spaces(4-cells(percent))+percent)
	done := count(t.Done)
	add(0, plain, spaces(cells(count(t.Total))-cells(done))+done+" of "+count(t.Total)+" runs")
	if t.Failed > 0 {
		add(1, bad, count(t.Failed)+" failed")
	}
	if t.Running > 0 {
		add(4, faint, count(t.Running)+" running")
	}
	if t.Left >= 0 && t.Done+t.Failed < t.Total {
		add(3, faint, duration(t.Left)+" left")
	}
	return joinParts(parts, width)
}

// final sets the last tally in one line.
func (t Tally) final(took time.Duration, width int) line {
	var parts []part
	add := func(rank int, style style, words text) {
		var l line
		l.add(style, words)
		parts = append(parts, part{l, rank})
	}
	add(0, plain, count(t.Done)+" of "+count(t.Total)+" runs done")
	if t.Failed > 0 {
		add(1, bad, count(t.Failed)+" failed")
	}
	add(2, faint, "in "+elapsed(took))
	return joinParts(parts, width)
}
