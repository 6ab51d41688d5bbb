package screen

import (
	"io"
	"strings"
)

const (
	// minWidth is the narrowest window that is drawn for.
	minWidth = 20
	// maxWidth keeps an absurd COLUMNS from making absurd lines.
	maxWidth = 1000
	// usualWidth is the width of a window that does not tell its own.
	usualWidth = 80
)

// eraseLine takes the cursor to the left edge and clears the line.
const eraseLine = "\r\x1b[K"

// Options say how to draw.
type Options struct {
	// Width is the number of columns; 0 means 80.
	Width int
	// Colour allows colours (256 of them).
	Colour bool
	// Live allows the progress line to be redrawn in place.
	Live bool
}

// Screen draws on a writer. The first error of the writer is kept, everything
// after it is dropped, and Err reports it. A Screen is not safe for concurrent
// use.
type Screen struct {
	w       io.Writer
	opts    Options
	measure func() (width int, ok bool) // the width at this moment, if known
	err     error
	started bool // something was written
	blank   bool // the last line was empty
	pending bool // an unfinished progress line stands on the screen
}

// New returns a Screen that draws on w as the options say.
func New(w io.Writer, o Options) *Screen {
	return &Screen{w: w, opts: Options{Width: clampWidth(o.Width), Colour: o.Colour, Live: o.Live}}
}

// Width returns the number of columns that the Screen draws for.
func (s *Screen) Width() int { return s.opts.Width }

// Colour reports whether the Screen uses colours.
func (s *Screen) Colour() bool { return s.opts.Colour }

// Live reports whether the Screen can redraw a line in place.
func (s *Screen) Live() bool { return s.opts.Live }

// Err returns the first error that writing met.
func (s *Screen) Err() error { return s.err }

// Gap writes one empty line, unless the last line is empty already or nothing
// was written yet.
func (s *Screen) Gap() {
	if s.started && !s.blank {
		s.print([]line{{}})
	}
}

// print writes lines in a single call.
func (s *Screen) print(ls []line) {
	if len(ls) == 0 {
		return
	}
	var b strings.Builder
	s.erase(&b)
	for _, l := range ls {
		l.write(&b, s.opts.Colour)
		b.WriteByte('\n')
	}
	s.send(b.String())
	s.started = true
	s.blank = ls[len(ls)-1].width == 0
}

// erase removes an unfinished progress line, if there is one.
func (s *Screen) erase(b *strings.Builder) {
	if s.pending {
		b.WriteString(eraseLine)
		s.pending = false
	}
}

// send is the only place that writes. It keeps the first error.
func (s *Screen) send(out string) {
	if s.err != nil || out == "" {
		return
	}
	n, err := io.WriteString(s.w, out)
	if err == nil && n < len(out) {
		err = io.ErrShortWrite
	}
	s.err = err
}

// clampWidth brings a width into the range that can be drawn.
func clampWidth(w int) int {
	if w <= 0 {
		return usualWidth
	}
	return min(max(w, minWidth), maxWidth)
}
