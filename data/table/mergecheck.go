package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// compatible tells whether two counts can be added up.
func compatible(a, b *Count) error {
	cannot := func(format string, values ...any) error {
		return fmt.Errorf("%s and %s cannot be merged: %s", a.dir, b.dir, fmt.Sprintf(format, values...))
	}
	if flag, x, y := a.Settings().differ(b.Settings()); flag != "" {
		return cannot("%s is %v in the first and %v in the second: count them with the same flags", flag, x, y)
	}
	if !slices.Equal(a.tables, b.tables) {
		return cannot("the first has the tables %v and the second %v: count them with the same --tables", a.tables, b.tables)
	}
	const hint = "count them with one vocabulary, --vocab FILE"
	for i := range min(len(a.words), len(b.words)) {
		if a.words[i].Text != b.words[i].Text {
			return cannot("their vocabularies differ: word %d is %q in the first and %q in the second: %s", i, a.words[i].Text, b.words[i].Text, hint)
		}
	}
	if len(a.words) != len(b.words) {
		longer, which := a.words, "first"
		if len(b.words) > len(a.words) {
			longer, which = b.words, "second"
		}
		n := min(len(a.words), len(b.words))
		return cannot("their vocabularies differ: only the %s has word %d, %q: %s", which, n, longer[n].Text, hint)
	}
	return nil
}

// differ returns the first setting in which two differ, as the flag that makes it,
// and its values, or "".
func (s Settings) differ(t Settings) (flag string, a, b any) {
	for _, one := range []struct {
		flag string
		a, b any
	}{
		{"--tokens", s.Tokens, t.Tokens},
		{"--keep-case", s.KeepCase, t.KeepCase},
		{"--punctuation", s.Punctuation, t.Punctuation},
		{"--boundary", s.Boundary, t.Boundary},
		{"--context", s.Context, t.Context},
	} {
		if one.a != one.b {
			return one.flag, one.a, one.b
		}
	}
	return "", nil, nil
}

// minPairs returns how often a pair has to be in the sum to be kept.
func minPairs(counts []*Count, least int64) (int64, error) {
	least = max(1, least)
	for _, c := range counts {
		switch {
		case c.MinPairs() == 1 || !slices.Contains(c.tables, Pairs):
		case len(counts) > 1:
			return 0, &Error{Dir: c.dir, Reason: fmt.Sprintf("cannot be merged exactly: pairs seen fewer than %d times were left out of it, and with those of another count they might have been enough", c.MinPairs()),
				Hint: "count it again without --min-pairs, and give --min-pairs when merging"}
		case least == 1:
			least = c.MinPairs()
		case least < c.MinPairs():
			return 0, &Error{Dir: c.dir, Reason: fmt.Sprintf("pairs seen fewer than %d times were left out of it already, so --min-pairs %d cannot have them", c.MinPairs(), least), Hint: "count it again"}
		}
	}
	return least, nil
}

// addWords adds up the counts of the words.
func addWords(counts []*Count) ([]Word, error) {
	words := slices.Clone(counts[0].words)
	for _, c := range counts[1:] {
		for i, w := range c.words {
			if words[i].N > math.MaxInt64-w.N {
				return nil, &Error{Dir: c.dir, File: Vocabulary.fileName(), Row: int64(i) + 1, Reason: fmt.Sprintf("the word %q is there %d times, which with the %d of the counts before it is above 2^63−1", w.Text, w.N, words[i].N), Hint: "merge fewer counts"}
			}
			words[i].N += w.N
		}
	}
	return words, nil
}

// add adds totals up. A digest that is not known makes that of the sum unknown.
func (t Totals) add(u Totals) (Totals, error) {
	for _, one := range []struct {
		name string
		a    *int64
		b    int64
	}{
		{"bytes", &t.Bytes, u.Bytes}, {"sentences", &t.Sentences, u.Sentences}, {"tokens", &t.Tokens, u.Tokens},
		{"unknown words", &t.Unknown, u.Unknown}, {"positions", &t.Positions, u.Positions},
	} {
		if *one.a > math.MaxInt64-one.b {
			return t, fmt.Errorf("%d more %s than the %d of the counts before it are above 2^63−1: merge fewer counts", one.b, one.name, *one.a)
		}
		*one.a += one.b
	}
	digest, err := addDigests(t.Digest, u.Digest)
	t.Digest = digest
	return t, err
}

// addDigests adds digests modulo 2^256.
func addDigests(a, b string) (string, error) {
	if a == "" || b == "" {
		return "", nil
	}
	x, okX := new(big.Int).SetString(a, 16)
	y, okY := new(big.Int).SetString(b, 16)
	if !okX || !okY {
		return "", errors.New("a digest is not hexadecimal") // not reached: it was checked
	}
	x.Add(x, y).Mod(x, new(big.Int).Lsh(big.NewInt(1), 256))
	return hex.EncodeToString(x.FillBytes(make([]byte, 32))), nil
}
