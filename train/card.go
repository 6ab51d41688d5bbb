package train

import (
	"fmt"
	"strings"
)

// card is the README.md of a run directory: what the run is and what its files
// hold, for somebody who comes across the directory later.
func card(r *Record) string {
	var b strings.Builder
	c, res := r.Config, r.Result
	verdict := "PASS: every check passed."
	if !res.Pass {
		verdict = "FAIL: see the checks below."
	}
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", r.Name, verdict)
	fmt.Fprintf(&b, "Corpus %s, task %s (%s), V = %d, rank %d, seed %d, made %s by qk %s.\n",
		code(c.Corpus.String()), c.Task, c.Objective, r.Data.Vocabulary, c.Rank, c.Seed, r.Created.Format("2006-01-02 15:04:05 MST"), r.Versions["qk"])
	fmt.Fprintf(&b, "%d steps (%s), loss %.6f.\n\n", res.Steps, res.Reason, res.Loss)
	if h := res.HeldOut; h != nil {
		fmt.Fprintf(&b, "Loss on %d sentences that were held out: %.6f.\n\n", h.Sentences, h.Loss)
	}
	fmt.Fprintf(&b, "| check | figure | bound | |\n| --- | --- | --- | --- |\n")
	for _, item := range res.Checks {
		side, mark := "at most", "passed"
		if item.AtLeast {
			side = "at least"
		}
		if !item.Pass {
			mark = "FAILED"
		}
		fmt.Fprintf(&b, "| %s | %.6g | %s %.6g | %s |\n", item.Name, item.Figure, side, item.Bound, mark)
	}
	fmt.Fprintf(&b, `
| file | holds |
| --- | --- |
| %s | settings, versions, result, checksums |
| %s | one line a logged step: loss, penalty, gradient norm, rate |
| %s | W_Q and W_K, both [%d,%d], float64 |
| %s | the words, in the order of the rows |
| %s | the whole state, from which %s goes on |
`, recordFile, metricsFile, modelFile, r.Data.Vocabulary, c.Rank, vocabularyFile, checkpointFile, code("qk train --resume"))
	return b.String()
}

// code quotes text for Markdown, whatever backquotes it holds.
func code(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence == "`" {
		return fence + s + fence
	}
	return fence + " " + s + " " + fence
}
