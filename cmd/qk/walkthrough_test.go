package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// writeGallery makes the tests write the pictures of the README anew.
var writeGallery = flag.Bool("gallery", false, "write the pictures in gallery/ anew")

// TestWalkthrough runs every command of RANK.md in order, in a folder of its own, looks
// for each line that it shows, and holds the picture that it makes against the one shown.
func TestWalkthrough(t *testing.T) {
	source, err := filepath.Abs(".")
	must(t, err)
	content := string(read(t, "RANK.md"))
	t.Chdir(t.TempDir())
	found := examples(t, content)
	if len(found) == 0 {
		t.Fatal("RANK.md shows no command")
	}
	runExamples(t, "RANK.md", found)
	wantPicture(t, source, "rank", found)
}

// runExamples runs commands in order.
func runExamples(t *testing.T, name string, found []example) {
	t.Helper()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, e := range found {
		wantCommand(t, name, e.command)
		var looks atomic.Int64                                   // a sweep looks from several goroutines
		code, output := perform(t, e.command, func() time.Time { // no two runs have one name
			return start.Add(time.Duration(i)*time.Hour + time.Duration(looks.Add(1))*time.Millisecond)
		})
		if code != e.code {
			t.Errorf("%s line %d: %s: exit code %d, want %d:\n%s", name, e.line, e.command, code, e.code, output)
		}
		wantShown(t, e, output)
	}
}

// wantPicture draws a picture of a kind once more in the dark theme, by the command that
// drew it, and compares both with those of the gallery.
func wantPicture(t *testing.T, source, kind string, found []example) {
	t.Helper()
	for _, e := range found {
		if !strings.HasPrefix(e.command, "qk plot "+kind+" ") {
			continue
		}
		dark := kind + "-dark.svg"
		if code, output := perform(t, e.command+" --theme dark --out "+dark, time.Now); code != exitOK {
			t.Fatalf("%s in dark: %s", e.command, output)
		}
		for _, name := range []string{kind + ".svg", dark} {
			shown := filepath.Join(source, "gallery", name)
			if *writeGallery {
				must(t, os.MkdirAll(filepath.Dir(shown), 0o777))
				write(t, shown, read(t, name))
			}
			samePicture(t, name, read(t, name), read(t, shown))
		}
		return
	}
	t.Errorf("no command draws the picture %s of the gallery", kind)
}

// samePicture compares two SVGs. Texts must be the same. Numbers may differ by two
// points, as kernels of another processor round otherwise and training goes on from
// there, and so may last digits in texts that only those see who cannot see the picture.
func samePicture(t *testing.T, name string, got, want []byte) {
	t.Helper()
	one, two := drawn(t, got), drawn(t, want)
	if len(one) != len(two) {
		t.Errorf("%s has %d parts, the one shown %d: if that is right, run go test ./cmd/qk -run 'Readme|Walkthrough' -gallery", name, len(one), len(two))
		return
	}
	number := regexp.MustCompile(`-?\d+(\.\d+)?(e-?\d+)?`)
	for i := range one {
		a, b := number.FindAllString(one[i], -1), number.FindAllString(two[i], -1)
		same := len(a) == len(b) && number.ReplaceAllString(one[i], "#") == number.ReplaceAllString(two[i], "#")
		for k := 0; same && k < len(a); k++ {
			x, _ := strconv.ParseFloat(a[k], 64)
			y, _ := strconv.ParseFloat(b[k], 64)
			same = math.Abs(x-y) <= 2
		}
		if !same {
			t.Errorf("%s: %q, the one shown has %q: if that is right, run go test ./cmd/qk -run 'Readme|Walkthrough' -gallery", name, one[i], two[i])
			return
		}
	}
}

// drawn splits an SVG into its elements, each with its attributes, and its texts, without
// the description.
func drawn(t *testing.T, svg []byte) []string {
	t.Helper()
	var parts []string
	within := ""
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return parts
		}
		must(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			within = token.Name.Local
			part := within
			for _, a := range token.Attr {
				part += " " + a.Value
			}
			parts = append(parts, part)
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" && within != "desc" {
				parts = append(parts, text)
			}
		}
	}
}
