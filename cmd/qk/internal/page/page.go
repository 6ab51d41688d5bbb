// Package page lays a report out as one HTML file that needs no other.
package page

import (
	_ "embed"
	"html/template"
	"io"
)

// Page is what a report says, as plain data. Strings are text, never markup.
type Page struct {
	Title    string
	Lead     string
	Sections []Section
}

// Section is a chapter of a report.
type Section struct {
	Title   string
	Text    []string
	Tables  []Table
	Figures []Figure
	Code    []string // commands, each on lines of its own
}

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

// Write writes p as HTML. The same page gives the same bytes.
func Write(w io.Writer, p *Page) error {
	t, err := template.New("page").Funcs(template.FuncMap{"image": image, "imageURL": imageURL}).Parse(source)
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}
