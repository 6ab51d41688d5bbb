package screen

// Heading writes a title with a rule under it and an empty line before it.
func (s *Screen) Heading(title string) {
	s.Gap()
	var ls []line
	width := 0
	for _, part := range wrap(clean(title), min(s.opts.Width, readable)) {
		var l line
		l.add(bold, part)
		ls = append(ls, l)
		width = max(width, l.width)
	}
	var rule line
	rule.add(faint, repeat("─", width))
	s.print(append(ls, rule))
}

// Paragraph writes running text, broken at spaces to the width of the window
// or to 100 columns, whichever is less.
func (s *Screen) Paragraph(body string) {
	s.print(wrapped(clean(body), plain, 0, s.opts.Width))
}

// Aside writes running text in grey: a remark that may be skipped.
func (s *Screen) Aside(body string) {
	s.print(wrapped(clean(body), faint, 0, s.opts.Width))
}
