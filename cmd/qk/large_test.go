package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"qk/train"
)

// TestLargeVocabulary runs recall of thousands of words through to its report,
// where rows are many more than fit on a screen or into a block.
func TestLargeVocabulary(t *testing.T) {
	t.Chdir(t.TempDir())
	const V = 3000
	var text strings.Builder
	for i := range V {
		fmt.Fprintf(&text, "w%d w%d w%d\n", i, i/2, i/3)
	}
	if err := os.WriteFile("text", []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	args := strings.Fields("train --corpus text --task recall --rank 2 --graph fused --steps 1 --out")
	shown := session{}.run(append(args, "shown")...)
	wantCode(t, shown, exitCheckFailed) // after one step
	for _, part := range []string{"Q, K [3000,2]", "showing 14 of 3,000 rows", "✓ loss is not below the floor", "0 of 3000 rows are right"} {
		if !strings.Contains(shown.stdout, part) {
			t.Errorf("no %q in the report:\n%s", part, shown.stdout)
		}
	}
	for _, r := range []result{session{}.run(append(args, "document", "--json")...), session{}.run("check", "document", "--json")} {
		wantCode(t, r, exitCheckFailed)
		var doc train.Document
		decode(t, r.stdout, &doc)
		pairs := map[string]bool{} // of (earlier, word, next); only the first word of a line comes earlier
		for i := range V {
			pairs[fmt.Sprint(i, i/2, i/3)] = true
		}
		if len(doc.Masks) != V || doc.Data.Vocabulary != V || doc.Data.Pairs != len(pairs) || doc.Steps != 1 {
			t.Errorf("%d rows, %+v, %d steps; want %d pairs", len(doc.Masks), doc.Data, doc.Steps, len(pairs))
		}
	}
}
