package screen

import "slices"

// Column is the head of a column of a Table.
type Column struct {
	// Title is written above the column.
	Title string
	// Right aligns the column to the right, as is usual for numbers.
	Right bool
	// Optional columns are left out, those of the highest number first, before any is
	// cut; 0 is for one that has to be there.
	Optional int
}

// Table is a list of rows under a head.
type Table struct {
	Columns []Column
	// Rows hold a cell for each column; missing cells are empty.
	Rows [][]string
	// Strong gives the indices of rows to be emphasised: they get a mark in
	// front, and colour.
	Strong []int
}

// tableGap is the number of blanks between two columns.
const tableGap = 2

// Table writes t. Columns that do not fit are cut with …: text before numbers,
// wide before narrow, once optional ones are left out. If even that is too wide, the last columns are left out
// and a line says how many.
func (s *Screen) Table(t Table) { s.print(t.lines(s.opts.Width)) }

// lines lays the table out.
func (t Table) lines(width int) []line {
	for {
		out, ok := t.without(width)
		if !ok {
			return t.laid(width)
		}
		t = out
	}
}

// without returns the table without its most optional column, if it is too wide and
// has one.
func (t Table) without(width int) (Table, bool) {
	drop, wide := -1, -tableGap
	for c, col := range t.Columns {
		w := cells(clean(col.Title))
		for _, row := range t.Rows {
			if c < len(row) {
				w = max(w, cells(clean(row[c])))
			}
		}
		wide += w + tableGap
		if col.Optional > 0 && (drop < 0 || col.Optional >= t.Columns[drop].Optional) {
			drop = c
		}
	}
	if drop < 0 || wide <= width {
		return t, false
	}
	out := Table{Columns: slices.Delete(slices.Clone(t.Columns), drop, drop+1), Strong: t.Strong}
	for _, row := range t.Rows {
		if drop < len(row) {
			row = slices.Delete(slices.Clone(row), drop, drop+1)
		}
		out.Rows = append(out.Rows, row)
	}
	return out, true
}

// laid lays the table out as it is.
func (t Table) laid(width int) []line {
	if len(t.Columns) == 0 {
		return nil
	}
	head := make([]text, len(t.Columns))
	widths := make([]int, len(t.Columns))
	for c, col := range t.Columns {
		head[c] = clean(col.Title)
		widths[c] = max(1, cells(head[c]))
	}
	body := make([][]text, len(t.Rows))
	for r, row := range t.Rows {
		body[r] = cleanAll(row[:min(len(row), len(widths))])
		for c, cell := range body[r] {
			widths[c] = max(widths[c], cells(cell))
		}
	}
	indent := 0
	if len(t.Strong) > 0 {
		indent = tableGap
	}
	widths = t.squeeze(widths, width-indent)

	ls := []line{t.row(head, widths, indent, bold), {}}
	ls[1].add(faint, repeat("─", indent+sum(widths)+tableGap*(len(widths)-1)))
	for r, row := range body {
		st := plain
		if slices.Contains(t.Strong, r) {
			st = strong
		}
		ls = append(ls, t.row(row, widths, indent, st))
	}
	if out := len(t.Columns) - len(widths); out > 0 {
		ls = append(ls, wrapped("columns left out for want of room: "+count(out), faint, 0, width)...)
	}
	return ls
}

// row sets one row in the given widths.
func (t Table) row(row []text, widths []int, indent int, st style) line {
	var l line
	if st == strong {
		l.add(strong, "▸")
	}
	end := indent
	for c, w := range widths {
		end += w
		if c < len(row) {
			cell := cut(row[c], w)
			if t.Columns[c].Right {
				l.right(st, cell, end)
			} else {
				l.to(end - w)
				l.add(st, cell)
			}
		}
		end += tableGap
	}
	return l
}

// squeeze narrows columns until the table fits and, at worst, drops the last.
func (t Table) squeeze(widths []int, width int) []int {
	const usefulText, leastText, least = 8, 5, 4
	text := func(least int) func(c int) bool {
		return func(c int) bool { return !t.Columns[c].Right && widths[c] > least }
	}
	for sum(widths)+tableGap*(len(widths)-1) > width {
		pick := widestOf(widths, text(usefulText))
		if pick < 0 {
			pick = widestOf(widths, text(leastText))
		}
		if pick < 0 {
			pick = widestOf(widths, func(c int) bool { return widths[c] > least })
		}
		if pick < 0 {
			widths = widths[:len(widths)-1]
			continue
		}
		widths[pick]--
	}
	return widths
}

// widestOf returns the index of the widest column that may be picked, or -1.
func widestOf(widths []int, may func(c int) bool) int {
	pick := -1
	for c, w := range widths {
		if may(c) && (pick < 0 || w > widths[pick]) {
			pick = c
		}
	}
	return pick
}

// sum adds up.
func sum(ns []int) int {
	total := 0
	for _, n := range ns {
		total += n
	}
	return total
}
