package data

import "slices"

// without takes a word out of distinct words in ascending order, in place. A word
// below 0 is none.
func without(words []Word, w Word) []Word {
	if w < 0 {
		return words
	}
	if i, ok := slices.BinarySearch(words, w); ok {
		return slices.Delete(words, i, i+1)
	}
	return words
}

// EarlierWords returns the earlier words of a position, given its window: the words
// before the current one, as many as the context allows. They are the distinct words
// of the window in ascending order. The boundary takes up a place of the window but
// is never an earlier word; without boundaries it is −1. The result is built in dst,
// which must be empty, if its capacity allows.
func EarlierWords(dst, window []Word, boundary Word) []Word {
	for _, u := range window {
		if u != boundary {
			dst = append(dst, u)
		}
	}
	slices.Sort(dst)
	return slices.Compact(dst)
}
