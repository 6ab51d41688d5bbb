// Package page lays a report out as one HTML file that needs no other.
package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"qk/cmd/qk/internal/picture"
)

// Page is what a report says, as plain data. Strings are text, never markup.
type Page struct {
	Title    string
	Lead     string
	Sections []Section
}

// Section is a chapter of a report. Its parts stand in this order.
type Section struct {
	Title   string
	Text    []string
	Bars    []Bar
	Figures []Figure
	Tables  []Table
	After   []string // text below the tables
	Code    []string // commands, each on lines of its own
}

// Bar is a line of a chart of bars, such as a rung of the ladder of losses.
type Bar struct {
	Name, Value, Note string
	Share             float64 // of the full width, in [0,1]
	Strong            bool
}

// Width is the share in percent, for the style sheet.
func (b Bar) Width() int { return int(100*max(0, min(1, b.Share)) + 0.5) }

// Table has a header for each column; the first cell of a row is the header of it.
type Table struct {
	Caption string
	Columns []string
	Rows    [][]string
}

// Figure is a picture in a light and a dark form.
type Figure struct {
	Light, Dark []byte // SVG
	Alt         string // for those who cannot see it
}

//go:embed page.html
var source string

// Write writes p as HTML. The same page gives the same bytes. Characters that cannot be
// seen, or turn the direction of what follows, are shown as a sign.
func Write(w io.Writer, p *Page) error {
	t, err := template.New("page").Funcs(template.FuncMap{"image": image, "imageURL": imageURL, "clean": picture.Clean}).Parse(source)
	if err != nil {
		return fmt.Errorf("lay out the page: %w", err)
	}
	return t.Execute(w, p)
}
