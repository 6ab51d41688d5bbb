package screen

import (
	"cmp"
	"math"
	"slices"
)

// Rung is one loss on a Ladder.
type Rung struct {
	Name string
	// Value is the loss in nats. A rung whose value is NaN is left out.
	Value float64
	Note  string
	// Highlight marks the learned loss.
	Highlight bool
	// Floor marks the loss that nothing can be below. Distances are measured
	// from it, or from the lowest rung if no rung is the floor.
	Floor bool
}

const (
	ladderGap   = 2
	ladderName  = 24 // columns for a name, at most
	leastTrack  = 10 // columns for the drawing, at least
	widestTrack = 48
	aboveHead   = text("above floor")
)

// Ladder writes losses from the highest to the lowest, with their distance
// from the floor as a figure and as a line of that length.
func (s *Screen) Ladder(unit string, rungs []Rung) {
	s.print(ladderLines(clean(unit), rungs, s.opts.Width))
}

// ladderLines lays the ladder out.
func ladderLines(unit text, rungs []Rung, width int) []line {
	rungs = sortedRungs(rungs)
	if len(rungs) == 0 {
		return nil
	}
	p := planLadder(rungs, width)
	var head line
	head.right(faint, cut(unit, p.valueEnd), p.valueEnd)
	if p.aboveEnd > 0 {
		head.right(faint, aboveHead, p.aboveEnd)
	}
	ls := []line{head}
	for _, r := range rungs {
		l, note := p.line(r), clean(r.Note)
		if p.noteAt > 0 {
			l.to(p.noteAt)
			l.add(faint, note)
		}
		ls = append(ls, l)
		if p.noteAt == 0 {
			ls = append(ls, wrapped(note, faint, ladderGap, width)...)
		}
	}
	return ls
}

// ladderPlan says where the parts of a rung stand.
type ladderPlan struct {
	floor    float64
	name     int // columns for the name
	valueEnd int
	aboveEnd int // 0 if the distance is not written
	left     int // where the track begins
	noteAt   int // 0 if notes have lines of their own
	track    track
}

// planLadder shares out the width. What does not fit goes in this order: notes
// beside the track, the distance as a figure, the track.
func planLadder(rungs []Rung, width int) ladderPlan {
	p := ladderPlan{floor: floorOf(rungs)}
	value, distance, note := 0, cells(aboveHead), 0
	for _, r := range rungs {
		p.name = max(p.name, min(cells(clean(r.Name)), ladderName, width/3))
		value = max(value, cells(fixed(r.Value)))
		distance = max(distance, cells(above(r.Value-p.floor)))
		note = max(note, cells(clean(r.Note)))
	}
	p.name = min(p.name, max(3, width-value-2*ladderGap-leastTrack))
	p.valueEnd = p.name + ladderGap + value
	p.aboveEnd = p.valueEnd + ladderGap + distance
	p.left = p.aboveEnd + ladderGap
	if width-p.left < leastTrack {
		p.aboveEnd, p.left = 0, p.valueEnd+ladderGap
	}
	room := width - p.left
	track := min(room, widestTrack)
	if note > 0 && room >= leastTrack+2*ladderGap+note {
		track = min(track, room-ladderGap-note)
		p.noteAt = p.left + track + ladderGap
	}
	p.track = newTrack(rungs, track)
	return p
}

// line sets a rung without its note.
func (p ladderPlan) line(r Rung) line {
	st, ink := plain, faint
	if r.Highlight {
		st, ink = strong, strong
	}
	var l line
	l.add(st, cut(clean(r.Name), p.name))
	l.right(st, fixed(r.Value), p.valueEnd)
	if p.aboveEnd > 0 {
		distance := above(r.Value - p.floor)
		if r.Floor {
			distance = "floor"
		}
		l.right(st, distance, p.aboveEnd)
	}
	l.to(p.left)
	p.track.draw(&l, r, ink)
	return l
}

// sortedRungs drops undefined rungs and sorts the others from the highest to
// the lowest; of equals the floor comes last.
func sortedRungs(rungs []Rung) []Rung {
	var rs []Rung
	for _, r := range rungs {
		if !math.IsNaN(r.Value) {
			rs = append(rs, r)
		}
	}
	slices.SortStableFunc(rs, func(a, b Rung) int {
		if d := cmp.Compare(b.Value, a.Value); d != 0 || a.Floor == b.Floor {
			return d
		}
		if a.Floor {
			return 1
		}
		return -1
	})
	return rs
}

// floorOf returns the loss from which distances are measured.
func floorOf(rungs []Rung) float64 {
	for _, r := range rungs {
		if r.Floor {
			return r.Value
		}
	}
	return rungs[len(rungs)-1].Value
}
