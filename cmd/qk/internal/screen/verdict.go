package screen

// Check is one check of a verdict.
type Check struct {
	Name string
	Pass bool
	// Figure is what was found, Bound what it had to be, such as "≤ 0.001".
	Figure, Bound string
	Note          string
}

// Verdict writes a list of checks and one closing line: PASS or FAIL.
func (s *Screen) Verdict(checks []Check) { s.print(verdictLines(checks, s.opts.Width)) }

// verdictLines lays the verdict out.
func verdictLines(checks []Check, width int) []line {
	const gap, leastName = 2, 16
	width = min(width, readable)
	figureWidth, boundWidth, nameWidth := 0, 0, 0
	for _, c := range checks {
		nameWidth = max(nameWidth, cells(clean(c.Name)))
		figureWidth = max(figureWidth, cells(clean(c.Figure)))
		boundWidth = max(boundWidth, cells(clean(c.Bound)))
	}
	// One line a check if the name keeps enough room, else the figures below.
	figures := gap + figureWidth + gap + boundWidth
	abreast := width-2-figures >= min(nameWidth, leastName)
	if abreast {
		nameWidth = min(nameWidth, width-2-figures)
	} else {
		nameWidth = width - 2
	}
	var ls []line
	for _, c := range checks {
		figure, bound := clean(c.Figure), clean(c.Bound)
		for i, part := range wrap(clean(c.Name)+" ", nameWidth) {
			var l line
			if i == 0 {
				l.add(c.glyph())
			}
			l.to(2)
			l.add(plain, part)
			if i == 0 && abreast {
				end := 2 + nameWidth + gap + figureWidth
				l.right(plain, figure, end)
				l.to(end + gap)
				l.add(faint, bound)
			}
			ls = append(ls, l)
		}
		if !abreast {
			if bound != "" {
				figure += " (bound: " + bound + ")"
			}
			ls = append(ls, wrapped(figure, plain, 4, width)...)
		}
		ls = append(ls, wrapped(clean(c.Note), faint, 4, width)...)
	}
	return append(ls, closing(checks, width)...)
}

// glyph returns the sign of the outcome and its style.
func (c Check) glyph() (style, text) {
	if c.Pass {
		return good, "✓"
	}
	return bad, "✗"
}

// closing says PASS or FAIL and which checks failed.
func closing(checks []Check, width int) []line {
	var wrong []text
	for _, c := range checks {
		if !c.Pass {
			wrong = append(wrong, clean(c.Name))
		}
	}
	word, st, rest := text("PASS"), passed, "all "+count(len(checks))+" checks hold"
	switch {
	case len(checks) == 0:
		return wrapped("nothing was checked", faint, 0, width)
	case len(wrong) > 0:
		word, st = "FAIL", failed
		rest = count(len(wrong)) + " of " + count(len(checks)) + " checks: " + wrong[0]
		for _, name := range wrong[1:] {
			rest += ", " + name
		}
	case len(checks) == 1:
		rest = "the one check holds"
	case len(checks) == 2:
		rest = "both checks hold"
	}
	var front line
	front.add(st, word)
	return append([]line{{}}, hang(front, rest, plain, 6, width)...)
}
