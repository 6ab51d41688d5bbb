package screen

import (
	"cmp"
	"math"
	"slices"
)

const (
	// panelGap is the number of blanks between two maps.
	panelGap = 3
	// labelHeight is how many characters of a column label are shown.
	labelHeight = 8
	// titleRoom is how far a title may widen a map that has a neighbour.
	titleRoom = 20
)

// panel is a map with what of it is shown and how wide.
type panel struct {
	Heatmap
	title   text
	labels  []text // of all columns
	weights []float64
	columns []int // the columns shown
	width   int
}

// fitted is a group of maps fitted into a window.
type fitted struct {
	Heatmaps
	colour     bool
	panels     []panel
	abreast    int   // panels side by side
	rows       []int // the rows shown
	rowLabels  []text
	labelWidth int
	cell       int // width of a cell
	room       int // columns of the window to the right of the row labels
}

// fit decides what is shown where: square cells side by side, square cells
// with fewer maps abreast, narrow cells; and if that is still too wide, the
// columns with the most to tell.
func (h Heatmaps) fit(width int, colour bool) fitted {
	f := fitted{Heatmaps: h, colour: colour, cell: 2, abreast: 1}
	f.rowLabels = cleanAll(h.Rows)
	f.rows = keep(h.RowWeights, len(h.Rows), capped(len(h.Rows), h.MaxRows))
	for _, r := range f.rows {
		f.labelWidth = max(f.labelWidth, min(cells(f.rowLabels[r]), max(4, min(16, width/4))))
	}
	f.room = width - f.labelWidth - 1
	for _, m := range h.Maps {
		p := panel{Heatmap: m, title: clean(m.Title), labels: cleanAll(m.Columns), weights: m.ColumnWeights}
		if len(m.Columns) == 0 {
			p.labels, p.weights = cleanAll(h.Columns), h.ColumnWeights
		}
		p.columns = keep(p.weights, len(p.labels), capped(len(p.labels), h.MaxColumns))
		if len(p.columns) > 0 {
			f.panels = append(f.panels, p)
		}
	}
	for n := len(f.panels); n > 0; n-- {
		f.abreast = n
		if f.widen() <= f.room {
			return f
		}
	}
	f.abreast = 1
	if f.mayBeNarrow() {
		if f.cell = 1; f.widen() <= f.room {
			return f
		}
		f.cell = 2
	}
	for i := range f.panels {
		p := &f.panels[i]
		p.columns = keep(p.weights, len(p.labels), min(len(p.columns), (f.room-f.frame())/f.cell))
	}
	f.widen()
	return f
}

// frame is how much the frame adds to the width of a map. Without colour a
// frame shows where the map ends.
func (f *fitted) frame() int {
	if f.colour {
		return 0
	}
	return 2
}

// widen sets the widths of the panels and returns that of the widest line.
func (f *fitted) widen() int {
	widestLine, now := 0, 0
	for i := range f.panels {
		p := &f.panels[i]
		p.width = f.frame() + f.cell*len(p.columns)
		if f.abreast > 1 {
			p.width = max(p.width, min(cells(p.title), titleRoom))
		}
		if i%f.abreast == 0 {
			now = p.width
		} else {
			now += panelGap + p.width
		}
		widestLine = max(widestLine, now)
	}
	return widestLine
}

// mayBeNarrow reports whether cells of one column can hold all there is to
// show: no wide character, and no mark beside a shade.
func (f *fitted) mayBeNarrow() bool {
	for _, p := range f.panels {
		if !f.colour && len(p.Marks) > 0 {
			return false
		}
		for _, c := range p.columns {
			if widest(clusters(p.labels[c])) > 1 {
				return false
			}
		}
	}
	return true
}

// capped returns n or the cap, if there is one and it is less.
func capped(n, most int) int {
	if most > 0 {
		return min(n, most)
	}
	return n
}

// keep returns the indices of the most weighty of n entries, at most so many,
// in their original order. Missing weights and NaN count least; among equals
// the first are kept.
func keep(weights []float64, n, most int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if most >= n {
		return order
	}
	weight := func(i int) float64 {
		if i >= len(weights) || math.IsNaN(weights[i]) {
			return math.Inf(-1)
		}
		return weights[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(b), weight(a)) })
	order = order[:max(most, 0)]
	slices.Sort(order)
	return order
}
