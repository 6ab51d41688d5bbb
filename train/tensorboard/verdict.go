package tensorboard

import (
	"fmt"
	"strings"

	"qk/train"
)

// verdict returns the checks of a finished run as Markdown.
func verdict(r *train.Record) string {
	d, failed := r.Result, 0
	var b strings.Builder
	for _, c := range d.Checks {
		if !c.Pass {
			failed++
		}
	}
	if d.Pass {
		fmt.Fprintf(&b, "### PASS: all %d checks hold\n\n", len(d.Checks))
	} else {
		fmt.Fprintf(&b, "### FAIL: %d of %d checks\n\n", failed, len(d.Checks))
	}
	fmt.Fprintf(&b, "Run %s, step %d, loss %.6f: %s.\n\n", plain(r.Name), d.Steps, d.Loss, plain(d.Reason))
	b.WriteString("| | check | figure | bound | why |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range d.Checks {
		mark, side := "✗", "≤"
		if c.Pass {
			mark = "✓"
		}
		if c.AtLeast {
			side = "≥"
		}
		fmt.Fprintf(&b, "| %s | %s | %.6g | %s %.6g | %s |\n", mark, plain(c.Name), c.Figure, side, c.Bound, plain(c.Note))
	}
	return b.String()
}

// plain escapes what Markdown, or HTML in it, would take for its own: notes and names
// may hold words of the text.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			r = ' '
		case strings.ContainsRune("\\`*_{}[]()<>#+-.!|~&", r):
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
