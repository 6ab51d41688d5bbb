package screen

import (
	"strings"
	"time"
)

// State is how far a run has come.
type State struct {
	// Step is the number of steps done, Steps that of all, 0 if not known.
	Step, Steps int
	// Loss is the loss in nats, Above its distance from the floor; NaN if not
	// known.
	Loss, Above float64
	// PerSecond is the speed in steps; 0 if not known.
	PerSecond float64
	// Left is the time left; negative if not known.
	Left time.Duration
}

const (
	redrawEvery = 100 * time.Millisecond
	linesEvery  = 2 * time.Second
)

// Progress shows how far a run has come: on a terminal in one line that is
// redrawn, elsewhere in a line every two seconds. A run that takes less than
// that gives its last line only.
type Progress struct {
	s      *Screen
	now    func() time.Time
	start  time.Time
	drawn  time.Time // when the last line was drawn
	first  State     // the first state, until it is written
	seen   int       // states seen
	listed bool      // the first line is written
}

// Progress starts a progress line. now is time.Now or a stand-in.
func (s *Screen) Progress(now func() time.Time) *Progress {
	t := now()
	return &Progress{s: s, now: now, start: t, drawn: t}
}

// Update shows a new state, if enough time has passed since the last.
func (p *Progress) Update(st State) {
	t := p.now()
	p.seen++
	if p.seen == 1 {
		p.first = st
	}
	if p.s.opts.Live {
		if p.seen == 1 || t.Sub(p.drawn) >= redrawEvery {
			p.drawn = t
			p.redraw(st)
		}
		return
	}
	if t.Sub(p.drawn) < linesEvery {
		return
	}
	p.drawn = t
	if !p.listed && p.seen > 1 {
		p.s.print([]line{p.first.line(p.s.opts.Width, false)})
	}
	p.listed = true
	p.s.print([]line{st.line(p.s.opts.Width, false)})
}

// Clear removes the line from a terminal, so that something else can be
// written. The next Update brings it back.
func (p *Progress) Clear() {
	var b strings.Builder
	p.s.erase(&b)
	p.s.send(b.String())
}

// Done replaces the line by a last one that stays.
func (p *Progress) Done(st State) {
	p.s.print([]line{st.final(p.now().Sub(p.start), p.s.opts.Width)})
}

// redraw draws the line in place.
func (p *Progress) redraw(st State) {
	p.place(func(width int) line { return st.line(width, true) })
}

// place draws a line in place of the one before. The last column stays empty,
// because some terminals begin a new line as soon as it is filled.
func (p *Progress) place(draw func(width int) line) {
	width := p.s.opts.Width
	if p.s.measure != nil {
		if w, ok := p.s.measure(); ok {
			width = clampWidth(w)
		}
	}
	var b strings.Builder
	b.WriteString(eraseLine)
	draw(width-1).write(&b, p.s.opts.Colour)
	p.s.send(b.String())
	p.s.pending = true
}
