package screen

import "strconv"

// legend explains the colours or shades, the sign for what the data do not
// determine, and the marks; the latter two only if they occur.
func (h Heatmaps) legend(f fitted, width int) []line {
	items := f.scale()
	missing, marked := f.occurs()
	if missing {
		var l line
		l.add(plain, undetermined)
		l.add(faint, " not determined by the data")
		items = append(items, l)
	}
	for _, m := range h.Legend {
		if sign := markText(m.Rune); marked[sign] {
			var l line
			l.add(plain, sign)
			l.add(faint, " "+clean(m.Meaning))
			items = append(items, l)
		}
	}
	indent := f.labelWidth + 1
	items = append(items, h.axes(width-indent)...)
	for i := range items {
		items[i] = items[i].clip(width - indent)
	}
	return append([]line{{}}, flow(items, indent, width)...)
}

// axes says what rows and columns are, in one item if that is not too wide.
func (h Heatmaps) axes(width int) []line {
	var rows, columns, both line
	if h.RowTitle != "" {
		rows.add(faint, "rows: "+clean(h.RowTitle))
	}
	if h.ColumnTitle != "" {
		columns.add(faint, "columns: "+clean(h.ColumnTitle))
	}
	switch {
	case rows.width == 0 && columns.width == 0:
		return nil
	case rows.width == 0:
		return []line{columns}
	case columns.width == 0:
		return []line{rows}
	}
	both.join(rows)
	both.add(faint, ", ")
	both.join(columns)
	if both.width > width {
		return []line{rows, columns}
	}
	return []line{both}
}

// scale shows what the colours or shades stand for.
func (f *fitted) scale() []line {
	at := func(t float64) text { return number(f.Lo + t*(f.Hi-f.Lo)) }
	var l line
	if f.colour {
		l.add(faint, at(0)+" ")
		for i := range heatSteps {
			l.add(heat(float64(i)/(heatSteps-1)), "  ")
		}
		l.add(faint, " "+at(1))
		return []line{l}
	}
	l.add(faint, "blank "+at(0))
	items := []line{l}
	for _, t := range []float64{0.25, 0.5, 0.75, 1} {
		var l line
		l.add(plain, repeat(shade(t), 2))
		l.add(faint, " "+at(t))
		items = append(items, l)
	}
	return items
}

// number writes a point of the scale, briefly.
func number(v float64) text {
	if t, odd := oddNumber(v); odd {
		return t
	}
	return text(strconv.FormatFloat(v, 'g', 3, 64))
}

// occurs reports whether any cell shown is undetermined, and which marks are
// shown.
func (f *fitted) occurs() (missing bool, marked map[text]bool) {
	marked = make(map[text]bool)
	for _, p := range f.panels {
		for _, r := range f.rows {
			for _, c := range p.columns {
				if _, determined := f.value(p.Heatmap, r, c); !determined {
					missing = true
				}
				if m := p.mark(r, c); m != "" {
					marked[m] = true
				}
			}
		}
	}
	return missing, marked
}

// omitted says what is not shown.
func (h Heatmaps) omitted(f fitted, width int) []line {
	var parts []text
	weighed := 0
	part := func(shown, all int, what text, weights []float64) {
		if shown == all {
			return
		}
		parts = append(parts, count(shown)+" of "+count(all)+" "+what)
		if len(weights) > 0 {
			weighed++
		}
	}
	part(len(f.rows), len(h.Rows), "rows", h.RowWeights)
	shared := false
	for _, p := range f.panels {
		switch {
		case len(p.Columns) > 0:
			part(len(p.columns), len(p.labels), "columns of "+p.title, p.weights)
		case !shared:
			part(len(p.columns), len(p.labels), "columns", p.weights)
			shared = true
		}
	}
	if len(parts) == 0 {
		return nil
	}
	note := "showing " + parts[0]
	for i, p := range parts[1:] {
		if i == len(parts)-2 {
			note += " and " + p
		} else {
			note += ", " + p
		}
	}
	switch weighed {
	case len(parts):
		note += ": those with the most to tell"
	case 0:
		note += ": the first"
	}
	return wrapped(note, faint, f.labelWidth+1, width)
}
