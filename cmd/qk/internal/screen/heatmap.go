package screen

// Heatmap is one map of a group.
type Heatmap struct {
	Title string
	// Values holds Values[row][column]. NaN, and a value that is missing, is
	// "not determined by the data" and gets a sign of its own.
	Values [][]float64
	// Marks, if any, holds a character for each cell to be written on it; 0 is
	// none. It must be one column wide.
	Marks [][]rune
	// Columns and ColumnWeights, if any, stand in for those of the group.
	Columns       []string
	ColumnWeights []float64
}

// Mark explains what a character on a cell stands for.
type Mark struct {
	Rune    rune
	Meaning string
}

// Heatmaps is a group of maps that share their rows.
type Heatmaps struct {
	// Rows and Columns are the labels; a map may have columns of its own.
	Rows, Columns []string
	// RowWeights and ColumnWeights say how much each row and column has to
	// tell: those with the most are kept when not all can be shown. Without
	// weights the first are kept.
	RowWeights, ColumnWeights []float64
	// RowTitle and ColumnTitle say what rows and columns are.
	RowTitle, ColumnTitle string
	// Lo and Hi are the ends of the scale; if they are equal, 0 and 1.
	Lo, Hi float64
	// MaxRows and MaxColumns cap what is shown; 0 is no cap.
	MaxRows, MaxColumns int
	// Legend explains the marks.
	Legend []Mark
	Maps   []Heatmap
}

// Heatmaps writes a group of heat maps: side by side if they fit, otherwise
// one under the other, and with fewer columns if even that is too wide.
func (s *Screen) Heatmaps(h Heatmaps) { s.print(h.lines(s.opts.Width, s.opts.Colour)) }

// lines lays the maps out.
func (h Heatmaps) lines(width int, colour bool) []line {
	if h.Lo == h.Hi {
		h.Lo, h.Hi = 0, 1
	}
	f := h.fit(width, colour)
	if len(f.rows) == 0 || len(f.panels) == 0 {
		return wrapped("nothing to show", faint, 0, width)
	}
	var ls []line
	for from := 0; from < len(f.panels); from += f.abreast {
		if from > 0 {
			ls = append(ls, line{})
		}
		ls = append(ls, f.draw(f.panels[from:min(from+f.abreast, len(f.panels))])...)
	}
	ls = append(ls, h.legend(f, width)...)
	return append(ls, h.omitted(f, width)...)
}

// value returns what stands in a cell, scaled to [0, 1], and whether the data
// determine it.
func (h Heatmaps) value(m Heatmap, row, column int) (t float64, determined bool) {
	if row >= len(m.Values) || column >= len(m.Values[row]) {
		return 0, false
	}
	v := m.Values[row][column]
	return unit((v - h.Lo) / (h.Hi - h.Lo)), v == v
}

// mark returns the character to be written on a cell, or "".
func (m Heatmap) mark(row, column int) text {
	if row >= len(m.Marks) || column >= len(m.Marks[row]) {
		return ""
	}
	return markText(m.Marks[row][column])
}

// markText returns a mark as text that is one column wide, or "" if there is
// none.
func markText(r rune) text {
	if r == 0 {
		return ""
	}
	if t := clean(string(r)); cells(t) == 1 {
		return t
	}
	return "?"
}
