package table

import (
	"context"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// Rows as another program might write them.
type (
	foreignWord struct {
		Word int32  `parquet:"word"`
		Text string `parquet:"text,dict"`
		N    int64  `parquet:"n"`
	}
	foreignNext struct {
		W int32 `parquet:"w"`
		Y int32 `parquet:"y"`
		N int64 `parquet:"n"`
	}
	foreignPair struct {
		N int64  `parquet:"n,dict,snappy"`
		W *int64 `parquet:"w,dict,optional"`
		Y *int64 `parquet:"y,optional,gzip"`
		U int32  `parquet:"u,dict"`
		// A column that is none of ours.
		Note string `parquet:"note"`
	}
	nullNext struct {
		W *int32 `parquet:"w,optional"`
		Y int32  `parquet:"y"`
		N *int64 `parquet:"n,optional"`
	}
	floatNext struct {
		W int32   `parquet:"w"`
		Y int32   `parquet:"y"`
		N float64 `parquet:"n"`
	}
	dayNext struct {
		W int32 `parquet:"w,date"`
		Y int32 `parquet:"y"`
		N int64 `parquet:"n"`
	}
	listNext struct {
		W []int32 `parquet:"w"`
		Y int32   `parquet:"y"`
		N int64   `parquet:"n"`
	}
	nestedNext struct {
		W struct {
			X int32 `parquet:"x"`
		} `parquet:"w"`
		Y int32 `parquet:"y"`
		N int64 `parquet:"n"`
	}
	shortNext struct {
		W int32 `parquet:"w"`
		N int64 `parquet:"n"`
	}
	wideNext struct {
		W int64 `parquet:"w"`
		Y int64 `parquet:"y"`
		N int32 `parquet:"n"`
	}
)

func pair(w, y int64, u int32, n int64) foreignPair {
	return foreignPair{N: n, W: &w, Y: &y, U: u, Note: "seen"}
}

// put writes a Parquet file with the defaults of the library.
func put[T any](t testing.TB, dir string, name Name, rows ...T) {
	t.Helper()
	fatal(t, parquet.WriteFile(filepath.Join(dir, name.fileName()), rows))
}

const foreignManifest = `{"format": "qk count", "version": 1, "settings": {"tokens": "fields", "context": 8}}`

// foreignCount writes a count by the library alone.
func foreignCount(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "foreign")
	fatal(t, os.Mkdir(dir, 0o777))
	fatal(t, os.WriteFile(filepath.Join(dir, manifestName), []byte(foreignManifest), 0o666))
	put(t, dir, Vocabulary, foreignWord{0, "<s>", 2}, foreignWord{1, "<unk>", 4}, foreignWord{2, "a", 7})
	put(t, dir, Transitions, foreignNext{0, 1, 1}, foreignNext{0, 2, 2}, foreignNext{2, 0, 3})
	put(t, dir, Pairs, pair(0, 1, 0, 1), pair(0, 1, 2, 9), pair(2, 1, 0, 1))
	return dir
}

// TestForeign reads a count of another program, with types, encodings and columns
// that differ from ours, and gives it checksums by merging it alone.
func TestForeign(t *testing.T) {
	dir := foreignCount(t)
	c, err := Open(dir)
	fatal(t, err)
	if c.Sealed() || c.MinPairs() != 1 || c.Settings() != (Settings{Tokens: "fields", Context: 8}) {
		t.Fatalf("sealed %v, min pairs %d, %+v", c.Sealed(), c.MinPairs(), c.Settings())
	}
	if got, want := c.Totals(), (Totals{Tokens: 11, Unknown: 4}); got != want {
		t.Errorf("totals %+v, want %+v", got, want)
	}
	r := &reference{settings: c.Settings(), words: c.Words(), totals: Totals{Tokens: 11, Unknown: 4, Positions: 6}, tables: map[Name]map[[3]int32]int64{
		Transitions: {{0, 1}: 1, {0, 2}: 2, {2, 0}: 3}, Pairs: {{0, 1, 0}: 1, {0, 1, 2}: 9, {2, 1, 0}: 1},
	}}
	for _, name := range c.Tables() {
		rows, err := scanned(c, name)
		fatal(t, err)
		if !reflect.DeepEqual(rows, r.rows(name)) {
			t.Errorf("%s: %v, want %v", name, rows, r.rows(name))
		}
	}
	base := t.TempDir()
	fatal(t, r.write(filepath.Join(base, "want"), Options{}, small, five))
	merged, err := merge(context.Background(), filepath.Join(base, "got"), []string{dir}, MergeOptions{}, small)
	fatal(t, err)
	if !slices.Equal(merged.Unsealed, []string{dir}) || merged.Totals != r.totals {
		t.Errorf("merged: %+v", merged)
	}
	got, err := contents(filepath.Join(base, "got"))
	fatal(t, err)
	want, err := contents(filepath.Join(base, "want"))
	fatal(t, err)
	if !maps.Equal(got, want) {
		t.Error("merged alone it is not what we would have written")
	}
}

// ptr returns a pointer to a copy.
func ptr[T any](x T) *T { return &x }

// TestForeignDamage has tables that another program got wrong, and what the error
// says. None has a checksum to tell.
func TestForeignDamage(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(dir string)
		want  string
	}{
		{"a column is missing", func(dir string) { put(t, dir, Transitions, shortNext{0, 1}) }, "transitions.parquet: has no column y"},
		{"a column of another type", func(dir string) { put(t, dir, Transitions, floatNext{0, 1, 1}) }, "transitions.parquet: its column n is DOUBLE, and should be a whole number"},
		{"a column of days", func(dir string) { put(t, dir, Transitions, dayNext{0, 1, 1}) }, "transitions.parquet: its column w is DATE, and should be"},
		{"a column of lists", func(dir string) { put(t, dir, Transitions, listNext{[]int32{0}, 1, 1}) }, "transitions.parquet: its column w is"},
		{"a column of columns", func(dir string) { put(t, dir, Transitions, nestedNext{}) }, "transitions.parquet: its column w is"},
		{"a key is null", func(dir string) {
			put(t, dir, Transitions, nullNext{ptr(int32(0)), 1, ptr(int64(1))}, nullNext{nil, 1, ptr(int64(1))})
		}, "transitions.parquet, row 2: the column w is null"},
		{"a count is null", func(dir string) { put(t, dir, Transitions, nullNext{ptr(int32(0)), 1, nil}) }, "transitions.parquet, row 1: the column n is null"},
		{"a count of zero", func(dir string) { put(t, dir, Transitions, foreignNext{0, 1, 1}, foreignNext{0, 2, 0}) }, "transitions.parquet, row 2: n is 0, and counts are above zero"},
		{"a count below zero", func(dir string) { put(t, dir, Transitions, foreignNext{0, 1, math.MinInt64}) }, "row 1: n is -9223372036854775808"},
		{"a sum above 2^63-1", func(dir string) {
			put(t, dir, Transitions, foreignNext{0, 1, math.MaxInt64}, foreignNext{0, 2, 1})
		}, "row 2: the sum of n is above 2^63−1"},
		{"rows out of order", func(dir string) { put(t, dir, Transitions, foreignNext{0, 2, 1}, foreignNext{0, 1, 1}) }, "row 2: has the keys [0 1], and the row before has [0 2]: rows have to be in ascending order: write the table again"},
		{"a row twice", func(dir string) { put(t, dir, Transitions, foreignNext{0, 2, 1}, foreignNext{0, 2, 1}) }, "row 2: has the same keys [0 2] as the row before"},
		{"pairs in the order w, u, y", func(dir string) {
			put(t, dir, Pairs, pair(0, 2, 1, 1), pair(0, 1, 2, 1))
		}, "pairs.parquet, row 2: has the keys [0 1 2], and the row before has [0 2 1]"},
		{"a pair twice", func(dir string) {
			put(t, dir, Pairs, pair(1, 2, 1, 1), pair(1, 2, 1, 1))
		}, "pairs.parquet, row 2: has the same keys [1 2 1] as the row before"},
		{"a word above the vocabulary", func(dir string) { put(t, dir, Transitions, foreignNext{0, 1, 1}, foreignNext{1, 3, 1}) }, "row 2: the column y is 3, and the vocabulary numbers words from 0 to 2"},
		{"a word above 31 bits", func(dir string) { put(t, dir, Transitions, wideNext{0, 1 << 31, 1}) }, "row 1: the column y is 2147483648, and words have numbers from 0 to 2"},
		{"a word below zero", func(dir string) { put(t, dir, Transitions, foreignNext{-1, 1, 1}) }, "row 1: a word number is -1, below zero"},
		{"words out of order", func(dir string) { put(t, dir, Vocabulary, foreignWord{0, "b", 1}, foreignWord{1, "a", 1}) }, `vocabulary.parquet, row 2: "a" comes after "b": words have to be in the order of their bytes`},
		{"a word twice", func(dir string) { put(t, dir, Vocabulary, foreignWord{0, "b", 1}, foreignWord{1, "b", 1}) }, `vocabulary.parquet, row 2: "b" is there twice`},
		{"words numbered from one", func(dir string) { put(t, dir, Vocabulary, foreignWord{1, "b", 1}) }, "vocabulary.parquet, row 1: has the number 1, and words are numbered from 0 on"},
		{"a word that is not UTF-8", func(dir string) { put(t, dir, Vocabulary, foreignWord{0, "\xff", 1}) }, `vocabulary.parquet, row 1: its text "\xff" is not UTF-8`},
		{"a word without letters", func(dir string) { put(t, dir, Vocabulary, foreignWord{0, "", 1}) }, "vocabulary.parquet, row 1: its text is empty"},
		{"a word seen a negative number of times", func(dir string) { put(t, dir, Vocabulary, foreignWord{0, "a", -1}) }, `row 1: "a" has the count -1, below zero`},
		{"no word", func(dir string) { put[foreignWord](t, dir, Vocabulary) }, "vocabulary.parquet"},
		{"no vocabulary", func(dir string) { fatal(t, os.Remove(filepath.Join(dir, "vocabulary.parquet"))) }, "vocabulary.parquet: is not there"},
		{"no counts", func(dir string) {
			fatal(t, os.Remove(filepath.Join(dir, "transitions.parquet")))
			fatal(t, os.Remove(filepath.Join(dir, "pairs.parquet")))
		}, "has a vocabulary and no counts"},
		{"no description", func(dir string) { fatal(t, os.Remove(filepath.Join(dir, manifestName))) }, "holds no count.json, which says how the text was counted: name a directory"},
		{"positions that are not the transitions", func(dir string) {
			fatal(t, os.WriteFile(filepath.Join(dir, manifestName), []byte(strings.TrimSuffix(foreignManifest, "}")+`, "totals": {"positions": 5}}`), 0o666))
		}, "transitions.parquet: counts 6 transitions in all, and count.json says that the text has 5 positions"},
		{"a text file under the name of a table", func(dir string) {
			fatal(t, os.WriteFile(filepath.Join(dir, "transitions.parquet"), []byte("w,y,n\n0,1,1\n1,1,1\n"), 0o666))
		}, "transitions.parquet: does not end as a Parquet file does"},
		{"a table under the name of another", func(dir string) { put(t, dir, Pairs, foreignNext{0, 1, 1}) }, "pairs.parquet: has no column u"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := foreignCount(t)
			test.spoil(dir)
			err := readAll(dir, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "count "+dir) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
		})
	}
}

// readAll reads everything in a directory and shows it to visit.
func readAll(dir string, visit func(Name, Rows)) error {
	c, err := Open(dir)
	if err != nil {
		return err
	}
	for _, name := range c.Tables() {
		rows, err := scanned(c, name)
		if err != nil {
			return err
		}
		if visit != nil {
			visit(name, rows)
		}
	}
	return nil
}
