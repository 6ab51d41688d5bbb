package page

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"slices"
	"strings"
	"testing"
)

// A corpus may hold anything; on the page it is text.
func TestHostileTextStaysText(t *testing.T) {
	evil := "</style></title><script>alert(1)</script>\" onload='x' {{.}} javascript:x \u202e\x00"
	p := &Page{Title: evil, Lead: evil, Sections: []Section{{Title: evil, Text: []string{evil}, Code: []string{evil}, After: []string{evil},
		Bars:    []Bar{{Name: evil, Value: evil, Note: evil, Share: 2, Strong: true}},
		Tables:  []Table{{Caption: evil, Columns: []string{evil}, Rows: [][]string{{evil, evil}}}},
		Figures: []Figure{{Alt: evil, Light: []byte("<svg/>"), Dark: []byte("<svg/>")}}}}}
	var a, b bytes.Buffer
	if err := Write(&a, p); err != nil {
		t.Fatal(err)
	}
	if err := Write(&b, p); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("the same page gave other bytes (%v)", err)
	}
	s := a.String()
	if strings.Contains(s, "<script") || strings.Count(s, "<style") != 1 || strings.Count(s, "</style") != 1 || strings.Contains(s, "\x00") {
		t.Errorf("text became markup:\n%s", s)
	}
	if strings.Contains(s, `" onload`) {
		t.Errorf("text left its attribute:\n%s", s)
	}
	if strings.Count(html.UnescapeString(s), `"data:image/svg+xml;base64,PHN2Zy8+"`) != 2 {
		t.Errorf("pictures are missing:\n%s", s)
	}
}

// TestElements reads the page as HTML: there are no elements but those of the template,
// and no attribute but a description or a label holds text of a corpus.
func TestElements(t *testing.T) {
	const evil = "EVIL\"'><b onclick=x>\u202e"
	p := &Page{Title: evil, Lead: evil, Sections: []Section{{Title: evil, Text: []string{evil}, Code: []string{evil}, After: []string{evil},
		Bars: []Bar{{Name: evil, Value: evil, Note: evil}}, Tables: []Table{{Caption: evil, Columns: []string{evil}, Rows: [][]string{{evil, evil}}}},
		Figures: []Figure{{Alt: evil, Light: []byte("<svg/>"), Dark: []byte("<svg/>")}}}}}
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsRune(b.String(), 0x202e) {
		t.Error("the direction of text can be turned")
	}
	d := xml.NewDecoder(&b)
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	known := strings.Fields("html head meta title style body main h1 h2 p section ul li span small bdi div table caption thead tbody tr th td figure picture source img pre code")
	styles := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(known, e.Name.Local) {
			t.Errorf("element %s", e.Name.Local)
		}
		if e.Name.Local == "style" {
			styles++
		}
		for _, a := range e.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "EVIL") && a.Name.Local != "alt" && a.Name.Local != "aria-label" {
				t.Errorf("%s has %s=%q", e.Name.Local, a.Name.Local, a.Value)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%d style sheets", styles)
	}
}
