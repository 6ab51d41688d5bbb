package picture

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Masks shows a counted and a learned matrix beside each other, and their
// difference. Rows and columns are put in an order in which structure shows.
type Masks struct {
	Heading               string
	RowTitle, ColumnTitle string // what a row is, and a column
	Rows, Columns         []string
	Counted, Learned      Matrix
	// Difference is what the third matrix shows, in [−Top, Top]; NaN where one of
	// the two is not known.
	Difference [][]float64
	Top        float64 // of the scale; below it is 0
	Note       string
}

// Matrix is a matrix of shades.
type Matrix struct {
	Title  string
	Values [][]float64 // [rows, columns] in [0, Top]; NaN where the data do not determine it
	Marks  [][]bool    // of the members of the row's set; nil for none
}

const (
	labelRoom    = 96 // for a word at most
	matrixGap    = 22
	scaleRoom    = 52 // for the bar of a scale
	smallestCell = 10
	largestCell  = 24
	matrixWidth  = 250 // that a matrix aims at
)

// cell is the side of a cell.
func (m *Masks) cell() vg.Length {
	n := max(len(m.Rows), len(m.Columns), 1)
	return max(smallestCell, min(largestCell, vg.Length(matrixWidth/n)))
}

// room is what the longest of some words takes, up to labelRoom.
func (m *Masks) room(words []string) vg.Length {
	st := Light().style(min(labelSize, m.cell()*0.85), color.Black)
	most := vg.Length(40)
	for _, w := range words {
		most = max(most, st.Width(shorten(w, labelRoom, st)))
	}
	return most + 12
}

// Size implements [Figure].
func (m *Masks) Size() (vg.Length, vg.Length) {
	wide := m.cell() * vg.Length(max(len(m.Columns), 1))
	width := 16 + m.left() + 3*max(wide, 150) + 2*matrixGap + 24
	height := 12 + headRoom + 18 + m.room(m.Columns) + scaleRoom + m.cell()*vg.Length(len(m.Rows))
	if m.Note != "" {
		height += footRoom
	}
	return width, height
}

// left is the room for the words of the rows.
func (m *Masks) left() vg.Length {
	st := Light().style(noteSize, color.Black)
	return max(m.room(m.Rows), st.Width(m.RowTitle+" ↓")+10)
}

// Title implements [Figure].
func (m *Masks) Title() string { return m.Heading }

// Alt implements [Figure].
func (m *Masks) Alt() string {
	s := fmt.Sprintf("Heatmaps of %s, %s and their difference: %d rows (%s) by %d columns (%s).", m.Counted.Title, m.Learned.Title, len(m.Rows), m.RowTitle, len(m.Columns), m.ColumnTitle)
	if m.Note != "" {
		s += " " + m.Note
	}
	return s
}

// Draw implements [Figure].
func (m *Masks) Draw(t Theme, c draw.Canvas) error {
	c = draw.Crop(c, 16, -16, 8, -12)
	c = head(t, c, m.Heading)
	if m.Note != "" {
		c = foot(t, c, m.Note)
	}
	rows, columns := seriate(m.weights(), len(m.Columns))
	cell := m.cell()
	wide, high := cell*vg.Length(len(columns)), cell*vg.Length(len(rows))
	room := m.room(m.Columns)
	top := c.Max.Y - 18 - room
	left := c.Min.X + m.left()
	label := t.style(min(labelSize, cell*0.85), t.Text)
	label.XAlign = draw.XRight
	for i, row := range rows {
		y := top - cell*(vg.Length(i)+0.5)
		c.FillText(label, vg.Point{X: left - 6, Y: y}, shorten(m.Rows[row], labelRoom, label))
	}
	faint := t.style(noteSize, t.Faint)
	c.FillText(faint, vg.Point{X: c.Min.X, Y: top + 10}, m.RowTitle+" ↓")
	for i, x := range []matrixView{
		{m.Counted.Title, m.Counted.Values, m.Counted.Marks, t.Sequential, 0, m.Top},
		{m.Learned.Title, m.Learned.Values, m.Learned.Marks, t.Sequential, 0, m.Top},
		{"difference", m.Difference, nil, t.Diverging, -m.Top, m.Top},
	} {
		at := vg.Rectangle{Min: vg.Point{X: left + vg.Length(i)*(max(wide, 150)+matrixGap), Y: top - high}}
		at.Max = vg.Point{X: at.Min.X + wide, Y: top}
		x.draw(t, c, at, cell, rows, columns)
		x.labels(t, c, at, cell, room, m.Columns, columns)
		x.scale(t, c, at, []string{"", "", "learned less counted"}[i])
	}
	return nil
}

// weights are what rows and columns are ordered by.
func (m *Masks) weights() [][]float64 {
	out := make([][]float64, len(m.Rows))
	for i := range out {
		out[i] = make([]float64, len(m.Columns))
		for j := range out[i] {
			for _, v := range [][][]float64{m.Counted.Values, m.Learned.Values} {
				if x := v[i][j]; x > 0 { // false for what is not determined
					out[i][j] += x * x // so that what stands out decides
				}
			}
		}
	}
	return out
}

// matrixView is one of the matrices as it is drawn.
type matrixView struct {
	title     string
	values    [][]float64
	marks     [][]bool
	palette   Palette
	low, high float64
}

// at is the place of a number on the scale, in [0,1].
func (v matrixView) at(x float64) float64 {
	if v.high == v.low {
		return 0
	}
	return (x - v.low) / (v.high - v.low)
}

// draw draws the cells: a shade for a number, a dot for what is not determined, a ring
// for a member of a set.
func (v matrixView) draw(t Theme, c draw.Canvas, at vg.Rectangle, cell vg.Length, rows, columns []int) {
	for i, row := range rows {
		for j, column := range columns {
			box := vg.Rectangle{Min: vg.Point{X: at.Min.X + cell*vg.Length(j), Y: at.Max.Y - cell*vg.Length(i+1)}}
			box.Max = vg.Point{X: box.Min.X + cell, Y: box.Min.Y + cell}
			middle := vg.Point{X: box.Min.X + cell/2, Y: box.Min.Y + cell/2}
			x := v.values[row][column]
			if math.IsNaN(x) {
				c.DrawGlyph(draw.GlyphStyle{Color: t.Unknown, Radius: max(0.8, cell/14), Shape: draw.CircleGlyph{}}, middle)
				continue
			}
			if shade := v.at(x); v.palette.At(shade) != v.palette.At(v.at(0)) {
				fill(c, v.palette.At(shade), box)
			}
			if v.marks != nil && v.marks[row][column] {
				c.DrawGlyph(draw.GlyphStyle{Color: t.Series[1], Radius: cell / 5, Shape: draw.CircleGlyph{}}, middle)
			}
		}
	}
	frame := draw.LineStyle{Color: t.Faint, Width: 0.75}
	c.StrokeLines(frame, []vg.Point{at.Min, {X: at.Max.X, Y: at.Min.Y}, at.Max, {X: at.Min.X, Y: at.Max.Y}, at.Min})
}

// labels writes the title and the words of the columns, bottom to top.
func (v matrixView) labels(t Theme, c draw.Canvas, at vg.Rectangle, cell, room vg.Length, words []string, columns []int) {
	title := t.heading(labelSize, t.Text)
	c.FillText(title, vg.Point{X: at.Min.X, Y: at.Max.Y + room + 8}, v.title)
	st := t.style(min(labelSize, cell*0.85), t.Text)
	st.Rotation = math.Pi / 2
	st.YAlign = draw.YCenter
	for j, column := range columns {
		x := at.Min.X + cell*(vg.Length(j)+0.5)
		c.FillText(st, vg.Point{X: x, Y: at.Max.Y + 5}, shorten(words[column], labelRoom, st))
	}
}

// scale draws the bar that says what shades mean.
func (v matrixView) scale(t Theme, c draw.Canvas, at vg.Rectangle, note string) {
	const parts, width, height = 64, 120, 8
	y := at.Min.Y - 22
	for k := range parts {
		x := at.Min.X + width*vg.Length(k)/parts
		fill(c, v.palette.At((float64(k)+0.5)/parts), vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: at.Min.X + width, Y: y + height}})
	}
	c.StrokeLines(draw.LineStyle{Color: t.Faint, Width: 0.5}, []vg.Point{{X: at.Min.X, Y: y}, {X: at.Min.X + width, Y: y}, {X: at.Min.X + width, Y: y + height}, {X: at.Min.X, Y: y + height}, {X: at.Min.X, Y: y}})
	st := t.style(noteSize, t.Faint)
	c.FillText(st, vg.Point{X: at.Min.X, Y: y - 8}, signed(v.low))
	st.XAlign = draw.XRight
	c.FillText(st, vg.Point{X: at.Min.X + width, Y: y - 8}, signed(v.high))
	if note != "" {
		st.XAlign = draw.XLeft
		c.FillText(st, vg.Point{X: at.Min.X, Y: y - 22}, note)
	}
}

// signed writes a bound of a scale, with a true minus.
func signed(x float64) string {
	if x < 0 {
		return "−" + fmt.Sprintf("%.3g", -x)
	}
	return fmt.Sprintf("%.3g", x)
}
