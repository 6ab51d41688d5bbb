// Package table keeps counts in a directory of Parquet files, one a table, sorted,
// so that any other engine can read them, and merges such directories.
package table

// Name says which table of a count is meant; it is the name of its file without
// the extension too.
type Name string

// The tables of a count. Words are numbers in the vocabulary, counts are above
// zero, and rows are sorted by their keys, the first key first, none twice.
const (
	Vocabulary    Name = "vocabulary"    // word, text, n: how often it is in the text
	Transitions   Name = "transitions"   // w, y, n: c1(w,y)
	Cooccurrences Name = "cooccurrences" // w, u, n: c2(u,w), summed over the next word
	Pairs         Name = "pairs"         // w, y, u, n: c2(u,w,y)
)

// Keys returns the columns that a table is sorted by; the count n comes after them.
func (t Name) Keys() []string {
	switch t {
	case Transitions:
		return []string{"w", "y"}
	case Cooccurrences:
		return []string{"w", "u"}
	case Pairs:
		return []string{"w", "y", "u"}
	}
	return nil
}

// Rows are some rows of one table, column by column: row i has the keys Keys[0][i],
// Keys[1][i] … in the order of [Name.Keys], and the count N[i].
type Rows struct {
	Keys [][]int32
	N    []int64
}

// Len returns the number of rows.
func (r Rows) Len() int { return len(r.N) }

// Settings says how text became counts. Counts with different settings cannot be
// added up.
type Settings struct {
	Tokens      string `json:"tokens"`
	KeepCase    bool   `json:"keep_case"`
	Punctuation bool   `json:"punctuation"`
	Boundary    bool   `json:"boundary"`
	Context     int    `json:"context"`
}

// Word is a row of the table [Vocabulary]. Words are sorted by their bytes.
type Word struct {
	Text string
	N    int64 // how often the text holds it
}

// Totals are figures of the text that add up when counts are merged.
type Totals struct {
	Bytes     int64 `json:"bytes"`     // of text
	Sentences int64 `json:"sentences"` // lines with a word, equal ones counted each time
	Tokens    int64 `json:"tokens"`    // words of the text, boundaries not counted
	Unknown   int64 `json:"unknown"`   // of these, the ones outside the vocabulary
	Positions int64 `json:"positions"` // N, places with a next word
	// Digest is the sum over all lines with a word, modulo 2^256, of the SHA-256 of
	// the line without its end, in hexadecimal: it does not hang on the order of the
	// lines, nor on how they are shared out among files.
	Digest string `json:"digest"`
}
