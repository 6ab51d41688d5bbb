package text

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns at most n of the given words that are most like text, the
// most alike first: by edit distance, then by byte order. A word is not alike,
// and is left out, when the distance is more than half of the letters of the
// longer of the two.
func Nearest(text string, words []string, n int) []string {
	type scored struct {
		word     string
		distance int
	}
	folded := strings.ToLower(text)
	length := len([]rune(folded))
	var near []scored
	for _, w := range words {
		d := levenshtein.ComputeDistance(folded, strings.ToLower(w))
		if longer := max(length, len([]rune(w))); 2*d <= longer {
			near = append(near, scored{w, d})
		}
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.word, b.word))
	})
	if len(near) > n {
		near = near[:n]
	}
	texts := make([]string, len(near))
	for i, s := range near {
		texts[i] = s.word
	}
	return texts
}
