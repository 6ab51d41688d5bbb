package page

import (
	"bytes"
	"html"
	"strings"
	"testing"
)

// A corpus may hold anything; on the page it is text.
func TestHostileTextStaysText(t *testing.T) {
	evil := "</style></title><script>alert(1)</script>\" onload='x' {{.}} javascript:x \u202e\x00"
	p := &Page{Title: evil, Lead: evil, Sections: []Section{{Title: evil, Text: []string{evil}, Code: []string{evil},
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
