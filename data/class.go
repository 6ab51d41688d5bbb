package data

import (
	"bytes"
	"slices"
)

// classes groups the words seen before w into classes of identical evidence:
// two words are in one class when they occur before w at exactly the same
// positions. No learner can tell such twins apart, and neither can a count, so
// masks are compared class by class. The result lists the classes, each in
// ascending order, ordered by their first word.
func classes(positions []Position, pairs []Pair) [][]Word {
	at := make(map[Word][]Word, len(pairs)) // the positions of each word
	for i, p := range positions {
		for _, u := range p.Earlier {
			at[u] = append(at[u], Word(i))
		}
	}
	var key bytes.Buffer
	index := map[string]int{}
	var groups [][]Word
	for _, p := range pairs {
		k := wordsKey(&key, at[p.Earlier])
		i, ok := index[k]
		if !ok {
			i = len(groups)
			index[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p.Earlier)
	}
	slices.SortFunc(groups, func(a, b []Word) int { return int(a[0]) - int(b[0]) })
	return groups
}
