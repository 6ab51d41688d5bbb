package train

import (
	"strings"
	"testing"
)

// TestCardOfFailure: a run whose check fails has a card that says so at its top
// and marks what failed.
func TestCardOfFailure(t *testing.T) {
	e := count(t, predict(), "")
	o := judge(t, e, make([]float64, 13*13), 2*diaryBest)
	r := newRecord("a run", birthday, e)
	r.Result = NewDocument(e, o, 5, "all 5 steps taken", 1)
	text := card(r)
	wantText(t, "the card", text, "# a run\n\nFAIL: see the checks below.\n", "5 steps (all 5 steps taken), loss 0.132028",
		"| rows recovered | 0 | at least 1 | FAILED |", "| rows with spurious words | 0 | at most 0 | passed |")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|") {
			t.Errorf("table row %q", line)
		}
	}
}

// TestCode quotes names that hold what ends a quotation in Markdown, and line
// breaks.
func TestCode(t *testing.T) {
	for text, want := range map[string]string{
		"diary":        "`diary`",
		"a`b":          "`` a`b ``",
		"``":           "``` `` ```",
		"two\nlines":   "`two lines`",
		"tab\tand\x00": "`tab and `",
	} {
		if got := code(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
