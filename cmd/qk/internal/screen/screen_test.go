package screen

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// drawn returns what draw writes on a Screen of the given width, without
// colour.
func drawn(width int, draw func(*Screen)) string {
	var b bytes.Buffer
	draw(New(&b, Options{Width: width}))
	return b.String()
}

// coloured does the same with colour and writes ESC as ^.
func coloured(width int, draw func(*Screen)) string {
	var b bytes.Buffer
	draw(New(&b, Options{Width: width, Colour: true}))
	return strings.ReplaceAll(b.String(), "\x1b", "^")
}

// same compares a drawing with what it should be. The literal begins with a
// line end, so that its lines stand one under the other in the source.
func same(t *testing.T, got, want string) {
	t.Helper()
	if got != strings.TrimPrefix(want, "\n") {
		t.Errorf("got:\n%s\nwant:%s", got, want)
	}
}

// failing is a writer that takes so many writes and then fails.
type failing struct {
	left int
	err  error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.left == 0 {
		return 0, f.err
	}
	f.left--
	return len(p), nil
}

func TestErrorIsKept(t *testing.T) {
	broken := errors.New("broken pipe")
	w := &failing{left: 1, err: broken}
	s := New(w, Options{})
	s.Paragraph("one")
	if s.Err() != nil {
		t.Fatalf("error after a good write: %v", s.Err())
	}
	s.Paragraph("two")
	w.left, w.err = 5, nil
	s.Paragraph("three")
	if !errors.Is(s.Err(), broken) {
		t.Errorf("Err() = %v, want %v", s.Err(), broken)
	}
	if w.left != 5 {
		t.Errorf("wrote on after an error")
	}
}

// short is a writer that takes half of what it is given.
type short struct{}

func (short) Write(p []byte) (int, error) { return len(p) / 2, nil }

func TestShortWrite(t *testing.T) {
	s := New(short{}, Options{})
	s.Paragraph("one")
	if !errors.Is(s.Err(), io.ErrShortWrite) {
		t.Errorf("Err() = %v, want %v", s.Err(), io.ErrShortWrite)
	}
}

func TestOneWriteADrawing(t *testing.T) {
	w := &failing{left: 100}
	s := New(w, Options{})
	s.Table(Table{Columns: []Column{{Title: "a"}}, Rows: [][]string{{"1"}, {"2"}}})
	if w.left != 99 {
		t.Errorf("%d writes, want 1", 100-w.left)
	}
}

func TestHeadingParagraphGap(t *testing.T) {
	got := drawn(24, func(s *Screen) {
		s.Gap()
		s.Heading("Losses")
		s.Paragraph("Q and K never see a mask. They see only which word came next.")
		s.Gap()
		s.Gap()
		s.Heading("A heading that is longer than the window\n")
		s.Aside("done")
		s.Paragraph("")
	})
	same(t, got, `
Losses
──────
Q and K never see a
mask. They see only
which word came next.

A heading that is longer
than the window\n
────────────────────────
done
`)
}

func TestHeadingColoured(t *testing.T) {
	same(t, coloured(40, func(s *Screen) { s.Heading("Losses"); s.Aside("in nats") }), `
^[1mLosses^[0m
^[38;5;244m──────^[0m
^[38;5;244min nats^[0m
`)
}

func TestDetect(t *testing.T) {
	tests := []struct {
		name     string
		mode     Mode
		env      map[string]string
		terminal bool
		size     int
		want     Options
	}{
		{"terminal", Auto, nil, true, 132, Options{132, true, true}},
		{"terminal, NO_COLOR", Auto, map[string]string{"NO_COLOR": "1"}, true, 132, Options{132, false, true}},
		{"terminal, NO_COLOR empty", Auto, map[string]string{"NO_COLOR": ""}, true, 132, Options{132, true, true}},
		{"terminal, dumb", Auto, map[string]string{"TERM": "dumb"}, true, 132, Options{132, false, false}},
		{"terminal, never", Never, nil, true, 132, Options{132, false, true}},
		{"terminal of unknown size", Auto, map[string]string{"COLUMNS": "60"}, true, 0, Options{60, true, true}},
		{"terminal size before COLUMNS", Auto, map[string]string{"COLUMNS": "60"}, true, 70, Options{70, true, true}},
		{"pipe", Auto, nil, false, 0, Options{80, false, false}},
		{"pipe, COLUMNS", Auto, map[string]string{"COLUMNS": "120"}, false, 0, Options{120, false, false}},
		{"pipe, COLUMNS nonsense", Auto, map[string]string{"COLUMNS": "wide"}, false, 0, Options{80, false, false}},
		{"pipe, COLUMNS negative", Auto, map[string]string{"COLUMNS": "-5"}, false, 0, Options{80, false, false}},
		{"pipe, COLUMNS huge", Auto, map[string]string{"COLUMNS": "99999999"}, false, 0, Options{1000, false, false}},
		{"pipe, COLUMNS tiny", Auto, map[string]string{"COLUMNS": "3"}, false, 0, Options{20, false, false}},
		{"pipe, always, NO_COLOR", Always, map[string]string{"NO_COLOR": "1"}, false, 0, Options{80, true, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := detect(io.Discard, tt.mode, func(k string) string { return tt.env[k] }, tt.terminal,
				func() (int, bool) { return tt.size, tt.size > 0 })
			if got := (Options{s.Width(), s.Colour(), s.Live()}); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestDetectFile(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	env := func(k string) string { return map[string]string{"COLUMNS": "50", "TERM": "xterm"}[k] }
	for _, w := range []io.Writer{f, (*os.File)(nil), &bytes.Buffer{}} {
		s := Detect(w, Auto, env)
		if s.Width() != 50 || s.Colour() || s.Live() {
			t.Errorf("%T: width %d, colour %v, live %v, want 50, false, false", w, s.Width(), s.Colour(), s.Live())
		}
	}
}

func TestMode(t *testing.T) {
	for _, m := range []Mode{Auto, Always, Never} {
		got := Mode("")
		if err := got.Set(m.String()); err != nil || got != m {
			t.Errorf("Set(%q) = %q, %v", m, got, err)
		}
	}
	m := Always
	if m.Type() != "auto|always|never" {
		t.Errorf("Type() = %q", m.Type())
	}
	if err := m.Set("sometimes"); err == nil || m != Always {
		t.Errorf("Set(sometimes) = %q, %v, want an error and no change", m, err)
	}
}
