package table

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qk/train/disk"
)

// TestCreateRefuses has what a writer does not begin with, or does not take.
func TestCreateRefuses(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "count")
	fatal(t, os.Mkdir(dir, 0o777)) // empty, which a rename would replace
	_, err := Create(dir, testSettings, counted(), Options{})
	if !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "count: exists already: give another --out, or remove it first") {
		t.Errorf("existing: %v", err)
	}
	missing := filepath.Join(base, "missing", "count")
	if _, err := Create(missing, testSettings, counted(), Options{}); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, new(*disk.Error)) || !strings.Contains(err.Error(), missing) {
		t.Errorf("no parent: %v", err)
	}
	for _, tables := range [][]Name{{Vocabulary}, {"other"}, {Pairs, Pairs}} {
		if _, err := Create(filepath.Join(base, "new"), testSettings, tables, Options{}); err == nil || !strings.Contains(err.Error(), "the tables to write are some of") {
			t.Errorf("tables %v: %v", tables, err)
		}
	}
	if entries, err := os.ReadDir(base); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestWriterRefuses has rows and totals that do not fit. None may leave anything
// behind.
func TestWriterRefuses(t *testing.T) {
	pairs := func(keys [][3]int32, n ...int64) Rows {
		r := Rows{Keys: make([][]int32, 3), N: n}
		for _, key := range keys {
			for i := range r.Keys {
				r.Keys[i] = append(r.Keys[i], key[i])
			}
		}
		return r
	}
	for _, test := range []struct {
		name  string
		table Name
		rows  Rows
		words []Word
		total Totals
		want  string
	}{
		{"order within a group", Pairs, pairs([][3]int32{{0, 0, 1}, {0, 0, 0}}, 1, 1), numbered(2), Totals{}, "pairs.parquet, row 2: has the keys [0 0 0], and the row before has [0 0 1]"},
		{"order across groups", Pairs, pairs([][3]int32{{0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {1, 0, 0}, {1, 1, 1}, {1, 0, 1}}, 1, 1, 1, 1, 1, 1), numbered(2), Totals{}, "pairs.parquet, row 6: has the keys [1 0 1], and the row before has [1 1 1]"},
		{"a count of zero", Pairs, pairs([][3]int32{{0, 0, 1}}, 0), numbered(2), Totals{}, "row 1: n is 0"},
		{"a sum above 2^63-1", Pairs, pairs([][3]int32{{0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {1, 0, 0}, {1, 1, 1}}, 1<<62, 1, 1, 1, 1, 1<<62), numbered(2), Totals{}, "row 6: the sum of n is above 2^63−1"},
		{"a word too many", Pairs, pairs([][3]int32{{0, 0, 2}}, 1), numbered(2), Totals{}, "holds the word number 2, and the vocabulary has only 2 words"},
		{"a key below zero", Pairs, pairs([][3]int32{{0, 0, -1}}, 1), numbered(2), Totals{}, "row 1: a word number is -1"},
		{"positions", Transitions, Rows{Keys: [][]int32{{0}, {1}}, N: []int64{3}}, numbered(2), Totals{Positions: 4}, "counts 3 transitions in all, and the text has 4 positions"},
		{"no words", Pairs, pairs(nil), nil, Totals{}, "vocabulary.parquet, row 1: there is none"},
		{"words out of order", Pairs, pairs(nil), []Word{{"b", 1}, {"a", 1}}, Totals{}, `vocabulary.parquet, row 2: "a" comes after "b"`},
		{"totals below zero", Pairs, pairs(nil), numbered(1), Totals{Bytes: -1}, "a total is below zero"},
		{"more unknown words than words", Pairs, pairs(nil), numbered(1), Totals{Unknown: 1}, "of 0 words 1 are unknown"},
		{"a digest that is none", Pairs, pairs(nil), numbered(1), Totals{Digest: "abc"}, `the digest "abc" is not 64 hexadecimal digits`},
		{"a table not begun with", Cooccurrences, Rows{}, numbered(1), Totals{}, `table "cooccurrences" is none of those`},
		{"too few columns", Pairs, Rows{Keys: [][]int32{{0}, {1}}, N: []int64{3}}, numbered(2), Totals{}, "rows with 2 keys instead of 3"},
		{"columns of different lengths", Transitions, Rows{Keys: [][]int32{{0}, {}}, N: []int64{3}}, numbered(2), Totals{}, "0 numbers in column y for 1 rows"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := t.TempDir()
			w, err := create(filepath.Join(base, "count"), testSettings, []Name{Transitions, Pairs}, Options{}, small)
			fatal(t, err)
			if err = w.Append(test.table, test.rows); err == nil {
				err = w.Commit(test.words, test.total)
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			fatal(t, w.Discard()) // once more does no harm
			if err := w.Commit(numbered(1), Totals{}); err == nil {
				t.Error("committed after the end")
			}
			if entries, err := os.ReadDir(base); err != nil || len(entries) != 0 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
		})
	}
}

// TestFailingDisk has a file that cannot be written any more.
func TestFailingDisk(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "count")
	w, err := create(dir, testSettings, []Name{Pairs}, Options{}, small)
	fatal(t, err)
	fatal(t, w.files[0].out.Close())
	all := some().rows(Pairs)
	for i := 0; i < all.Len() && err == nil; i++ {
		err = w.Append(Pairs, Rows{Keys: [][]int32{all.Keys[0][i : i+1], all.Keys[1][i : i+1], all.Keys[2][i : i+1]}, N: all.N[i : i+1]})
	}
	if err == nil {
		err = w.Commit(numbered(9), Totals{})
	} else {
		fatal(t, w.Discard())
	}
	var failed *disk.Error
	if !errors.As(err, &failed) || failed.Path != filepath.Join(dir, "pairs.parquet") || failed.Step != disk.StepWrite {
		t.Errorf("error %v", err)
	}
	if entries, err := os.ReadDir(base); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
