package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// word is a figure of one word.
type word string

func (word) Size() (vg.Length, vg.Length) { return 120, 40 }
func (w word) Title() string              { return "The word " + string(w) }
func (w word) Alt() string                { return "It reads " + string(w) + "." }
func (w word) Draw(t Theme, c draw.Canvas) error {
	c.FillText(t.style(labelSize, t.Text), vg.Point{X: 10, Y: 20}, clean(string(w)))
	return nil
}

var hostile = []string{"went", "<script>alert(1)</script>", `"quoted" & 'so'`, "a\x00b\x1b[2J", "\u202eevil", "\xff\xfe", "日本語", "عربي", "👩‍👩‍👧", "]]>", "--><g>"}

// TestRender wants the same bytes twice, whole XML with the text in it, and a PNG of
// the size that was asked for.
func TestRender(t *testing.T) {
	for _, s := range hostile {
		for _, theme := range []Theme{Light(), Dark()} {
			for _, format := range []Format{SVG, PNG} {
				var one, two bytes.Buffer
				for _, b := range []*bytes.Buffer{&one, &two} {
					if err := Render(b, word(s), theme, format, Options{}); err != nil {
						t.Fatalf("%q: %v", s, err)
					}
				}
				if !bytes.Equal(one.Bytes(), two.Bytes()) {
					t.Errorf("%q as %s: two pictures differ", s, format)
				}
				if format == PNG {
					img, err := png.Decode(&one)
					if err != nil || img.Bounds().Dx() != 240 || img.Bounds().Dy() != 80 {
						t.Fatalf("%q: %v, %v", s, img.Bounds(), err)
					}
					if got := color.RGBAModel.Convert(img.At(0, 0)); got != theme.Background {
						t.Errorf("background %v, want %v", got, theme.Background)
					}
					continue
				}
				if !strings.Contains(one.String(), "font-family:'Liberation Sans',Arial") {
					t.Errorf("%q names no font to fall back to", s)
				}
				texts := textOf(t, one.Bytes())
				if want := []string{"The word " + clean(s), "It reads " + clean(s) + ".", clean(s)}; strings.Join(texts, "|") != strings.Join(want, "|") {
					t.Errorf("%q: %q, want %q", s, texts, want)
				}
			}
		}
	}
}

// textOf returns the texts of an SVG, which must be whole, hold drawing elements
// alone, and refer to nothing.
func textOf(t *testing.T, svg []byte) []string {
	t.Helper()
	var texts []string
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "svg", "g", "path", "text", "title", "desc":
			default:
				t.Fatalf("element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				if a.Name.Local == "href" || strings.HasPrefix(a.Name.Local, "on") {
					t.Fatalf("attribute %s", a.Name.Local)
				}
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				texts = append(texts, s)
			}
		}
	}
}

// TestRenderErrors asks for what cannot be had.
func TestRenderErrors(t *testing.T) {
	for name, o := range map[string]Options{"too large": {Scale: 1e6}, "negative": {Scale: -1}} {
		if err := Render(io.Discard, word("x"), Light(), PNG, o); err == nil || !strings.Contains(err.Error(), "scale") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Render(io.Discard, word("x"), Light(), "gif", Options{}); err == nil {
		t.Error("gif: no error")
	}
	for _, name := range []string{"x", "x.gif", "svg", ""} {
		if f, err := FormatOf(name); err == nil {
			t.Errorf("%q: %s", name, f)
		}
	}
	full := errors.New("full")
	for _, format := range []Format{SVG, PNG} {
		if err := Render(broken{full}, word("x"), Light(), format, Options{}); !errors.Is(err, full) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
