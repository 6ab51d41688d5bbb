package table

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// reference is a count in the plainest form there is: a map for each table.
type reference struct {
	settings Settings
	words    []Word
	totals   Totals
	tables   map[Name]map[[3]int32]int64
}

var testSettings = Settings{Tokens: "words", Context: 8}

// small cuts tables into pieces so small that a few rows make several.
var small = layout{group: 5, page: 3, hasty: true}

// rows returns a table's rows in ascending order.
func (r *reference) rows(t Name) Rows {
	keys := slices.SortedFunc(maps.Keys(r.tables[t]), compareKeys)
	rows := Rows{Keys: make([][]int32, len(t.Keys()))}
	for _, key := range keys {
		for i := range rows.Keys {
			rows.Keys[i] = append(rows.Keys[i], key[i])
		}
		rows.N = append(rows.N, r.tables[t][key])
	}
	return rows
}

func (r *reference) names() []Name {
	return slices.DeleteFunc(counted(), func(t Name) bool { return r.tables[t] == nil })
}

// words returns a vocabulary of that many words.
func numbered(n int) []Word {
	words := make([]Word, n)
	for i := range words {
		words[i] = Word{Text: fmt.Sprintf("w%07d", i), N: int64(i % 3)}
	}
	return words
}

// drawReference draws a count with all tables, of words so few that rows are
// close together and counts of all sizes.
func drawReference(t *rapid.T, words []Word) *reference {
	r := &reference{settings: testSettings, words: words, tables: map[Name]map[[3]int32]int64{}}
	n := rapid.OneOf(rapid.Just(int64(1)), rapid.Int64Range(1, 300), rapid.Int64Range(1, 1<<40), rapid.Int64Range(1<<30-2, 1<<31+1))
	for _, name := range counted() {
		table := map[[3]int32]int64{}
		for range rapid.IntRange(0, 40).Draw(t, "rows of "+string(name)) {
			var key [3]int32
			for i := range name.Keys() {
				key[i] = rapid.Int32Range(0, int32(len(words)-1)).Draw(t, "key")
			}
			table[key] = n.Draw(t, "n")
		}
		r.tables[name] = table
	}
	for _, n := range r.tables[Transitions] {
		r.totals.Positions += n
	}
	r.totals.Digest = strings.Repeat(rapid.SampledFrom([]string{"0", "7", "f"}).Draw(t, "digest"), 64)
	r.totals.Sentences = rapid.Int64Range(0, 1<<40).Draw(t, "sentences")
	r.totals.Tokens = r.totals.Positions + r.totals.Sentences
	return r
}

// write writes a count, some rows of each table in turn.
func (r *reference) write(dir string, o Options, l layout, batch func() int) error {
	w, err := create(dir, r.settings, r.names(), o, l)
	if err != nil {
		return err
	}
	todo := map[Name]Rows{}
	for _, name := range r.names() {
		todo[name] = r.rows(name)
	}
	for len(todo) > 0 {
		for _, name := range r.names() {
			rows, ok := todo[name]
			if !ok {
				continue
			}
			n := min(batch(), rows.Len())
			some := Rows{N: slices.Clone(rows.N[:n])}
			for i := range rows.Keys {
				some.Keys = append(some.Keys, slices.Clone(rows.Keys[i][:n]))
				rows.Keys[i] = rows.Keys[i][n:]
			}
			if rows.N = rows.N[n:]; rows.Len() == 0 {
				delete(todo, name)
			} else {
				todo[name] = rows
			}
			if err := w.Append(name, some); err != nil {
				return fmt.Errorf("append: %w, discard: %v", err, w.Discard())
			}
			clear(some.N) // they have to be copied
		}
	}
	return w.Commit(r.words, r.totals)
}

// scanned reads a table whole.
func scanned(c *Count, t Name) (Rows, error) {
	rows := Rows{Keys: make([][]int32, len(t.Keys()))}
	err := c.Scan(t, func(r Rows) error {
		for i, key := range r.Keys {
			rows.Keys[i] = append(rows.Keys[i], key...)
		}
		rows.N = append(rows.N, r.N...)
		return nil
	})
	return rows, err
}

// contents returns the files of a directory.
func contents(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		files[e.Name()] = string(b)
	}
	return files, nil
}

// fatal ends the test if there is an error.
func fatal(t interface {
	Helper()
	Fatal(...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
