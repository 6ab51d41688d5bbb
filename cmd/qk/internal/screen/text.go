package screen

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// readable is the widest measure at which running text is set.
const readable = 100

// cells returns how many columns of the terminal t takes.
func cells(t text) int { return displaywidth.String(string(t)) }

// widest returns the width of the widest of the texts.
func widest(ts []text) int {
	w := 0
	for _, t := range ts {
		w = max(w, cells(t))
	}
	return w
}

// cleanAll cleans every string of a list.
func cleanAll(ss []string) []text {
	ts := make([]text, len(ss))
	for i, s := range ss {
		ts[i] = clean(s)
	}
	return ts
}

// cut shortens t to at most width columns and shows with … that it did.
func cut(t text, width int) text {
	switch {
	case width <= 0:
		return ""
	case cells(t) <= width:
		return t
	}
	return text(displaywidth.TruncateString(string(t), width, "…"))
}

// spaces returns n blanks, none if n is negative.
func spaces(n int) text { return text(strings.Repeat(" ", max(n, 0))) }

// repeat returns n copies of t, none if n is negative.
func repeat(t text, n int) text { return text(strings.Repeat(string(t), max(n, 0))) }

// clusters splits t into the units that a reader sees as one character each.
func clusters(t text) []text {
	var cs []text
	g := displaywidth.StringGraphemes(string(t))
	for g.Next() {
		cs = append(cs, text(g.Value()))
	}
	return cs
}

// wrap breaks t at spaces into lines of at most width columns. A word that is
// longer than a line is broken between characters.
func wrap(t text, width int) []text {
	width = max(width, 2)
	var lines []text
	var now strings.Builder
	used := 0
	end := func() {
		if used > 0 {
			lines = append(lines, text(now.String()))
			now.Reset()
			used = 0
		}
	}
	for _, word := range strings.Fields(string(t)) {
		w := cells(text(word))
		if used > 0 && used+1+w > width {
			end()
		}
		if used > 0 {
			now.WriteByte(' ')
			used++
		}
		if w <= width {
			now.WriteString(word)
			used += w
			continue
		}
		for _, c := range clusters(text(word)) {
			if used+cells(c) > width {
				end()
			}
			now.WriteString(string(c))
			used += cells(c)
		}
	}
	end()
	return lines
}
