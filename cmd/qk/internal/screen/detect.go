package screen

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// Mode says when to use colour.
type Mode string

const (
	// Auto uses colour on a terminal, unless NO_COLOR is set or TERM is dumb.
	Auto Mode = "auto"
	// Always uses colour whatever the output is.
	Always Mode = "always"
	// Never uses no colour.
	Never Mode = "never"
)

// ParseMode reads the value of a --color flag.
func ParseMode(s string) (Mode, error) {
	switch m := Mode(s); m {
	case Auto, Always, Never:
		return m, nil
	}
	return "", fmt.Errorf("colour %q is none of auto, always, never", s)
}

// String returns the mode as it is written on the command line.
func (m Mode) String() string { return string(m) }

// Set reads the mode from a flag.
func (m *Mode) Set(s string) error {
	v, err := ParseMode(s)
	if err == nil {
		*m = v
	}
	return err
}

// Type names the kind of value in the help of a flag.
func (m *Mode) Type() string { return "auto|always|never" }

// Detect returns a Screen for w that suits what w is: a terminal or not, how
// wide, with colour or without. getenv is os.Getenv or a stand-in; it is asked
// for COLUMNS, NO_COLOR and TERM.
func Detect(w io.Writer, m Mode, getenv func(string) string) *Screen {
	measure, terminal := terminalWidth(w)
	return detect(w, m, getenv, terminal, measure)
}

// detect decides from facts that a test can give.
func detect(w io.Writer, m Mode, getenv func(string) string, terminal bool, measure func() (int, bool)) *Screen {
	capable := terminal && getenv("TERM") != "dumb"
	width, known := measure()
	if !known {
		width, _ = strconv.Atoi(getenv("COLUMNS"))
	}
	s := New(w, Options{
		Width:  width,
		Colour: m == Always || m != Never && capable && getenv("NO_COLOR") == "",
		Live:   capable,
	})
	s.measure = measure
	return s
}

// terminalWidth reports whether w is a terminal, and returns a function that
// measures its width.
func terminalWidth(w io.Writer) (measure func() (int, bool), terminal bool) {
	f, ok := w.(*os.File)
	if !ok || f == nil || !term.IsTerminal(int(f.Fd())) {
		return func() (int, bool) { return 0, false }, false
	}
	return func() (int, bool) {
		width, _, err := term.GetSize(int(f.Fd()))
		return width, err == nil && width > 0
	}, true
}
