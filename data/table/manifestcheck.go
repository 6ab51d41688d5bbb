package table

import (
	"encoding/hex"
	"fmt"
	"slices"
)

// check tells whether the figures of a manifest can be what they say.
func (m *manifest) check() error {
	if m.MinPairs == 0 && m.Seal == "" {
		m.MinPairs = 1
	}
	if m.MinPairs < 1 {
		return fmt.Errorf("%w: min_pairs is %d, below 1", errNoManifest, m.MinPairs)
	}
	if m.Totals != nil {
		if err := m.Totals.check(); err != nil {
			return fmt.Errorf("%w: %w", errNoManifest, err)
		}
	} else if m.Seal != "" {
		return fmt.Errorf("%w: it lacks totals", errNoManifest)
	}
	for _, t := range sortedNames(m.Tables) {
		e := m.Tables[t]
		if t != Vocabulary && !slices.Contains(counted(), t) {
			return fmt.Errorf("%w: it has a table %q", errNoManifest, t)
		}
		if e == nil || e.Rows < 0 || e.N < 0 || e.Bytes < 0 || !isSHA256(e.SHA256) {
			return fmt.Errorf("%w: its entry of the table %s lacks rows, n, bytes or sha256", errNoManifest, t)
		}
	}
	if m.Seal != "" && m.Tables[Vocabulary] == nil {
		return fmt.Errorf("%w: it has no vocabulary", errNoManifest)
	}
	return nil
}

// check tells whether totals can be what they say.
func (t Totals) check() error {
	if min(t.Bytes, t.Sentences, t.Tokens, t.Unknown, t.Positions) < 0 {
		return fmt.Errorf("a total is below zero: %+v", t)
	}
	if t.Unknown > t.Tokens {
		return fmt.Errorf("of %d words %d are unknown", t.Tokens, t.Unknown)
	}
	if t.Digest != "" && !isSHA256(t.Digest) {
		return fmt.Errorf("the digest %q is not 64 hexadecimal digits", t.Digest)
	}
	return nil
}

// isSHA256 tells whether s is 32 bytes in lower-case hexadecimal.
func isSHA256(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == s
}

// sortedNames returns the tables of a manifest, the vocabulary first.
func sortedNames(tables map[Name]*entry) []Name {
	var names []Name
	for t := range tables {
		names = append(names, t)
	}
	order := append([]Name{Vocabulary}, counted()...)
	slices.SortFunc(names, func(a, b Name) int {
		i, j := slices.Index(order, a), slices.Index(order, b)
		if i == j { // both unknown
			return slices.Compare([]byte(a), []byte(b))
		}
		return i - j
	})
	return names
}
