package screen

// draw draws maps side by side.
func (f *fitted) draw(ps []panel) []line {
	lefts := make([]int, len(ps))
	left := f.labelWidth + 1
	for i, p := range ps {
		lefts[i] = left
		left += p.width + panelGap
	}
	var ls []line
	row := func(label text, draw func(l *line, p panel)) {
		var l line
		l.right(plain, cut(label, f.labelWidth), f.labelWidth)
		for i, p := range ps {
			l.to(lefts[i])
			draw(&l, p)
		}
		ls = append(ls, l)
	}

	row("", func(l *line, p panel) {
		room := p.width
		if f.abreast == 1 {
			room = f.room
		}
		l.add(bold, cut(p.title, room))
	})
	height := 0
	for _, p := range ps {
		height = max(height, p.headHeight())
	}
	for y := range height {
		row("", func(l *line, p panel) { f.headLine(l, p, height, y) })
	}
	if !f.colour {
		row("", func(l *line, p panel) { l.add(faint, "┌"+repeat("─", f.cell*len(p.columns))+"┐") })
	}
	for _, r := range f.rows {
		row(f.rowLabels[r], func(l *line, p panel) { f.cells(l, p, r) })
	}
	if !f.colour {
		row("", func(l *line, p panel) { l.add(faint, "└"+repeat("─", f.cell*len(p.columns))+"┘") })
	}
	return ls
}

// headHeight is how many lines the column labels take.
func (p panel) headHeight() int {
	height := 0
	for _, c := range p.columns {
		height = max(height, len(clusters(p.labels[c])))
	}
	return min(height, labelHeight)
}

// headLine writes line y of the column labels, which read downwards and end
// just above their columns.
func (f *fitted) headLine(l *line, p panel, height, y int) {
	left := l.width + f.frame()/2
	for i, c := range p.columns {
		l.to(left + i*f.cell)
		label := clusters(p.labels[c])
		if len(label) > labelHeight {
			label = append(label[:labelHeight-1:labelHeight-1], "⋮")
		}
		if at := y - (height - len(label)); at >= 0 {
			l.add(faint, label[at])
		}
	}
}

// undetermined is the sign of a cell that the data do not determine.
const undetermined = "·"

// cells writes one row of a map.
func (f *fitted) cells(l *line, p panel, row int) {
	if !f.colour {
		l.add(faint, "│")
	}
	for _, column := range p.columns {
		t, determined := f.value(p.Heatmap, row, column)
		mark := p.mark(row, column)
		switch {
		case !determined:
			l.add(plain, markedCell(undetermined, " ", mark, f.cell))
		case f.colour:
			l.add(heat(t), markedCell(" ", " ", mark, f.cell))
		default:
			l.add(plain, markedCell(shade(t), shade(t), mark, f.cell))
		}
	}
	if !f.colour {
		l.add(faint, "│")
	}
}

// markedCell composes a cell of one or two columns: the mark, if there is one,
// stands in the first.
func markedCell(first, second, mark text, width int) text {
	if mark != "" {
		if first == undetermined {
			second = first
		}
		first = mark
	}
	if width == 1 {
		return first
	}
	return first + second
}
