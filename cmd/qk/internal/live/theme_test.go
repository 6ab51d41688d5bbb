package live

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"testing"
)

// asset is a file of the page.
func asset(t *testing.T, name string) string {
	t.Helper()
	files, err := pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// colours reads the colours of a scheme from theme.js.
func colours(t *testing.T, scheme string) map[string]string {
	t.Helper()
	_, rest, ok := strings.Cut(asset(t, "theme.js"), "const "+scheme+" = {")
	block, _, closed := strings.Cut(rest, "};")
	if !ok || !closed {
		t.Fatalf("theme.js has no scheme %s", scheme)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(\w+): '(#[0-9a-f]{6})'`).FindAllStringSubmatch(block, -1) {
		found[m[1]] = m[2]
	}
	return found
}

// luminance is the relative luminance of a colour, see
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var c [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		t.Fatalf("%q: %v", colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		x := float64(c[i]) / 255
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		sum += weight * x
	}
	return sum
}

// TestContrast wants every colour that text is set in to stand out from the paper, and
// from the tint of boxes, by 4.5 at least (WCAG 2.2, success criterion 1.4.3).
func TestContrast(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		c := colours(t, scheme)
		for _, name := range []string{"ink", "faint", "accent", "secondText", "learned", "counted", "good", "bad"} {
			for _, ground := range []string{"paper", "tint"} {
				a, b := luminance(t, c[name]), luminance(t, c[ground])
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, name, ground, ratio)
				}
			}
		}
	}
}

// TestOneSetOfColours wants the style sheet to have the colours of the drawings.
func TestOneSetOfColours(t *testing.T) {
	css := asset(t, "style.css")
	if !regexp.MustCompile(`--paper: #fff\b`).MatchString(css) {
		t.Error("the paper of style.css is not white")
	}
	for _, scheme := range []string{"light", "dark"} {
		c := colours(t, scheme)
		for _, name := range []string{"ink", "faint", "line", "tint", "accent", "good", "bad"} {
			if !strings.Contains(css, "--"+name+": "+c[name]+";") {
				t.Errorf("%s: style.css lacks --%s: %s", scheme, name, c[name])
			}
		}
	}
}

// TestNothingFromElsewhere wants the page to be whole: no address of another server, and
// no markup made of text.
func TestNothingFromElsewhere(t *testing.T) {
	files, err := pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		seen++
		content := asset(t, name)
		for _, address := range regexp.MustCompile(`(?:https?:)?//[\w.-]+\.\w+[^\s'"]*`).FindAllString(content, -1) {
			if !strings.HasPrefix(address, "http://www.w3.org/") { // the name of SVG, which nobody fetches
				t.Errorf("%s names %s", name, address)
			}
		}
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", " style=\"", " onclick="} {
			if strings.Contains(content, bad) {
				t.Errorf("%s uses %s", name, bad)
			}
		}
		return nil
	})
	if err != nil || seen < 10 {
		t.Errorf("%d files, %v", seen, err)
	}
}
