package screen

import "strings"

// span is a piece of a line in one style.
type span struct {
	text  text
	style style
}

// line is one line of output, built from left to right.
type line struct {
	spans []span
	width int
}

// add appends t in the given style.
func (l *line) add(st style, t text) {
	if t == "" {
		return
	}
	l.width += cells(t)
	if n := len(l.spans); n > 0 && l.spans[n-1].style == st {
		l.spans[n-1].text += t
		return
	}
	l.spans = append(l.spans, span{t, st})
}

// to appends blanks up to the given column.
func (l *line) to(column int) { l.add(plain, spaces(column-l.width)) }

// right appends t so that it ends at the given column.
func (l *line) right(st style, t text, column int) {
	l.to(column - cells(t))
	l.add(st, t)
}

// join appends all spans of another line.
func (l *line) join(m line) {
	for _, sp := range m.spans {
		l.add(sp.style, sp.text)
	}
}

// write renders the line with or without colour. Blanks at its end that
// nobody can see are left out.
func (l line) write(b *strings.Builder, colour bool) {
	spans := l.spans
	for n := len(spans); n > 0; n-- {
		if colour && spans[n-1].style.painted() {
			break
		}
		trimmed := strings.TrimRight(string(spans[n-1].text), " ")
		if trimmed != "" {
			last := span{text(trimmed), spans[n-1].style}
			spans = append(spans[:n-1:n-1], last)
			break
		}
		spans = spans[:n-1]
	}
	for _, sp := range spans {
		if !colour || sp.style == plain {
			b.WriteString(string(sp.text))
			continue
		}
		b.WriteString("\x1b[" + string(sp.style) + "m" + string(sp.text) + "\x1b[0m")
	}
}

// wrapped sets t as lines of one style, each indented.
func wrapped(t text, st style, indent, width int) []line {
	return hang(line{}, t, st, indent, width)
}

// hang sets t as lines of one style, each indented; the first begins with
// what is in front already.
func hang(front line, t text, st style, indent, width int) []line {
	var ls []line
	for i, part := range wrap(t, min(width, readable)-indent) {
		var l line
		if i == 0 {
			l = front
		}
		l.to(indent)
		l.add(st, part)
		ls = append(ls, l)
	}
	return ls
}

// flow sets items one after the other with a gap of three blanks and begins a
// new line where the next item would not fit.
func flow(items []line, indent, width int) []line {
	const gap = 3
	var ls []line
	var now line
	for _, it := range items {
		if now.width > indent && now.width+gap+it.width > width {
			ls = append(ls, now)
			now = line{}
		}
		if now.width > indent {
			now.to(now.width + gap)
		} else {
			now.to(indent)
		}
		now.join(it)
	}
	if now.width > indent {
		ls = append(ls, now)
	}
	return ls
}

// clip returns the line cut to the given width.
func (l line) clip(width int) line {
	if l.width <= width {
		return l
	}
	var out line
	for _, sp := range l.spans {
		if room := width - out.width; cells(sp.text) > room {
			out.add(sp.style, cut(sp.text, room))
			break
		}
		out.add(sp.style, sp.text)
	}
	return out
}
