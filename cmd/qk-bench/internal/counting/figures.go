package counting

import (
	"fmt"

	"qk/data/table"
)

// figures sum up the rows of a table such that tables can be compared which
// different programs wrote in different orders.
type figures struct {
	Rows  int64  `json:"rows"`       // 0 if unknown
	Total int64  `json:"total"`      // Σ n
	Sum   uint64 `json:"sum,string"` // Σ n·hash(keys), modulo 2^64
}

// The hash of a row is (((a·hashFactor)+b)·hashFactor+c) mod hashModulus, which
// every peer can compute in 64 bits for words below a million.
const (
	hashFactor  = 1_000_003
	hashModulus = 1<<31 - 1
)

// add counts a row.
func (f *figures) add(n int64, keys ...uint32) {
	f.Rows++
	f.occur(n, keys...)
}

// occur counts n times that keys are seen, of which rows are made later.
func (f *figures) occur(n int64, keys ...uint32) {
	h := uint64(0)
	for _, k := range keys {
		h = h*hashFactor + uint64(k)
	}
	f.Total += n
	f.Sum += uint64(n) * (h % hashModulus)
}

// equal compares what both know.
func (f figures) equal(g figures) bool {
	return f.Total == g.Total && f.Sum == g.Sum && (f.Rows == g.Rows || f.Rows == 0 || g.Rows == 0)
}

func (f figures) String() string {
	return fmt.Sprintf("%d rows, Σn = %d, hash sum %016x", f.Rows, f.Total, f.Sum)
}

// windowed is what GloVe counts: every word with each of the words before it in
// a sentence, as often as these stand there, whether a word follows or not.
const windowed table.Name = "windowed"

// reference counts in the plainest way what each table has to add up to. The
// number of rows is left open.
func reference(sentences []uint32, context int) map[table.Name]figures {
	var transitions, cooccurrences, pairs, window figures
	for start := 0; start < len(sentences); {
		end := start
		for sentences[end] != endOfSentence {
			end++
		}
		s := sentences[start:end]
		for i, w := range s {
			before := s[max(0, i-context):i]
			for k, u := range before {
				window.occur(1, w, u)
				if i+1 < len(s) && !contains(before[:k], u) {
					cooccurrences.occur(1, w, u)
					pairs.occur(1, w, s[i+1], u)
				}
			}
			if i+1 < len(s) {
				transitions.occur(1, w, s[i+1])
			}
		}
		start = end + 1
	}
	return map[table.Name]figures{
		table.Transitions: transitions, table.Cooccurrences: cooccurrences, table.Pairs: pairs, windowed: window,
	}
}

func contains(words []uint32, u uint32) bool {
	for _, w := range words {
		if w == u {
			return true
		}
	}
	return false
}
