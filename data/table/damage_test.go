package table

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"qk/train/disk"
)

// some is a count with several groups and pages a table.
func some() *reference {
	r := &reference{settings: testSettings, words: numbered(9), totals: Totals{Bytes: 7, Sentences: 3, Tokens: 50, Positions: 0, Digest: strings.Repeat("ab", 32)}, tables: map[Name]map[[3]int32]int64{
		Transitions: {}, Cooccurrences: {}, Pairs: {},
	}}
	for i := range int32(40) {
		r.tables[Transitions][[3]int32{i / 9, i % 9}] = int64(i%5 + 1)
		r.tables[Cooccurrences][[3]int32{i / 5, i % 5}] = int64(i%3 + 1)
		r.tables[Pairs][[3]int32{i / 7, i % 7, i % 3}] = int64(i%2 + 1)
		r.totals.Positions += int64(i%5 + 1)
	}
	return r
}

// TestDamage spoils a count in ways that no flipped bit does. What the error says
// has to tell them apart.
func TestDamage(t *testing.T) {
	edit := func(t *testing.T, dir, old, new string) {
		text, err := os.ReadFile(filepath.Join(dir, manifestName))
		fatal(t, err)
		if !strings.Contains(string(text), old) {
			t.Fatalf("no %q in %s", old, text)
		}
		fatal(t, os.WriteFile(filepath.Join(dir, manifestName), []byte(strings.Replace(string(text), old, new, 1)), 0o666))
	}
	copied := func(t *testing.T, from, to string) {
		b, err := os.ReadFile(from)
		fatal(t, err)
		fatal(t, os.WriteFile(to, b, 0o666))
	}
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, dir, other string)
		want  string
	}{
		{"not there", func(t *testing.T, dir, _ string) { fatal(t, os.RemoveAll(dir)) }, ": is not there: `qk count CORPUS --out DIR` makes one"},
		{"a file", func(t *testing.T, dir, other string) {
			fatal(t, os.RemoveAll(dir))
			copied(t, other+"/pairs.parquet", dir)
		}, ": is not a directory: name the directory"},
		{"a table cut short", func(t *testing.T, dir, _ string) { fatal(t, os.Truncate(dir+"/pairs.parquet", 700)) }, "pairs.parquet: was cut short, or is of another count: it has 700 bytes"},
		{"a table with more at its end", func(t *testing.T, dir, _ string) {
			f, err := os.OpenFile(dir+"/pairs.parquet", os.O_APPEND|os.O_WRONLY, 0)
			fatal(t, err)
			_, err = f.WriteString("x")
			fatal(t, errors.Join(err, f.Close()))
		}, "pairs.parquet: was changed, or is of another count: it has"},
		{"a table missing", func(t *testing.T, dir, _ string) { fatal(t, os.Remove(dir+"/cooccurrences.parquet")) }, "cooccurrences.parquet: is not there"},
		{"a table of another count, as long", func(t *testing.T, dir, other string) {
			copied(t, other+"/transitions.parquet", dir+"/transitions.parquet")
		}, "transitions.parquet: was changed, or is of another count: its SHA-256 is"},
		{"the vocabulary of another count, as long", func(t *testing.T, dir, other string) {
			copied(t, other+"/vocabulary.parquet", dir+"/vocabulary.parquet")
		}, "vocabulary.parquet: was changed, or is of another count: its SHA-256 is"},
		{"the description of another count", func(t *testing.T, dir, other string) { copied(t, other+"/count.json", dir+"/count.json") }, "was changed, or is of another count"},
		{"an unchanged table of another version of the format", func(t *testing.T, dir, _ string) { edit(t, dir, `"version": 1`, `"version": 2`) }, "count.json: is of another version of the format: it has version 2, and this program knows version 1: use the qk that wrote it, or a newer one"},
		{"a changed total", func(t *testing.T, dir, _ string) { edit(t, dir, `"bytes": 7`, `"bytes": 8`) }, "count.json: does not have the checksum that is written in it: it was changed"},
		{"a changed setting", func(t *testing.T, dir, _ string) { edit(t, dir, `"context": 8`, `"context": 9`) }, "count.json: does not have the checksum"},
		{"an unknown setting", func(t *testing.T, dir, _ string) { edit(t, dir, `"context": 8`, `"context": 8, "stemming": true`) }, `count.json: is not the description of a count: json: unknown field "stemming"`},
		{"another JSON file", func(t *testing.T, dir, _ string) {
			fatal(t, os.WriteFile(dir+"/count.json", []byte(`{"version": 1}`), 0o666))
		}, `count.json: is not the description of a count: it lacks "format": "qk count"`},
		{"no JSON", func(t *testing.T, dir, _ string) { fatal(t, os.WriteFile(dir+"/count.json", nil, 0o666)) }, "count.json: is not the description of a count: unexpected end of JSON input"},
		{"a table too many", func(t *testing.T, dir, _ string) {
			fatal(t, os.Remove(dir+"/pairs.parquet"))
			fatal(t, os.Remove(dir+"/count.json"))
			r := some()
			delete(r.tables, Pairs)
			without := filepath.Join(filepath.Dir(dir), "without")
			fatal(t, r.write(without, Options{}, small, five))
			copied(t, dir+"/transitions.parquet", without+"/pairs.parquet")
			fatal(t, os.RemoveAll(dir))
			fatal(t, os.Rename(without, dir))
		}, "pairs.parquet: is none of the tables that count.json lists, so it is of another count"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := t.TempDir()
			dir, other := filepath.Join(base, "count"), filepath.Join(base, "other")
			fatal(t, some().write(dir, Options{}, small, five))
			r := some()
			r.words[0].N++ // another count, of files of the same sizes
			r.tables[Transitions][[3]int32{0, 0}]++
			r.totals.Positions++
			fatal(t, r.write(other, Options{}, small, five))
			test.spoil(t, dir, other)
			err := readAll(dir, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "count "+dir) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if !errors.As(err, new(*Error)) {
				t.Errorf("the error is a %T", err)
			}
		})
	}
}

// TestDescription changes what a Parquet file says about itself, in a count
// without checksums, which alone could tell else.
func TestDescription(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(d *description)
		want   string
	}{
		{"as it is", func(*description) {}, ""},
		{"version", func(d *description) { d.Version = 2 }, "is of version 2 of the format, and this program knows version 1: use the qk that wrote it"},
		{"table", func(d *description) { d.Table = Pairs }, "transitions.parquet: holds the table pairs under a wrong name"},
		{"settings", func(d *description) { d.Settings.Context = 3 }, "transitions.parquet: is of another count: it was counted with {Tokens:words KeepCase:false Punctuation:false Boundary:false Context:3}"},
		{"min pairs", func(d *description) { d.MinPairs = 4 }, "is of another count: it was counted with {Tokens:words KeepCase:false Punctuation:false Boundary:false Context:8}, min_pairs 4, and"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "count")
			fatal(t, some().write(dir, Options{}, small, five))
			file, err := os.ReadFile(dir + "/transitions.parquet")
			fatal(t, err)
			d := description{Version: 1, Table: Transitions, Settings: testSettings, MinPairs: 1}
			before, err := json.Marshal(d)
			fatal(t, err)
			test.change(&d)
			after, err := json.Marshal(d)
			fatal(t, err)
			if len(after) > len(before) { // the length is written before the text
				t.Fatal("a longer description")
			}
			after = append(after, strings.Repeat(" ", len(before)-len(after))...)
			if strings.Count(string(file), string(before)) != 1 {
				t.Fatal("the description is not in the file")
			}
			fatal(t, os.WriteFile(dir+"/transitions.parquet", []byte(strings.Replace(string(file), string(before), string(after), 1)), 0o666))
			fatal(t, os.WriteFile(dir+"/count.json", []byte(`{"format": "qk count", "version": 1, "settings": {"tokens": "words", "context": 8}}`), 0o666))
			err = readAll(dir, nil)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
		})
	}
}

// FuzzDamage flips or cuts bytes of a count. Reading it has to give the rows as
// they were written, or an error. Without checksums, which is what sealed says,
// other rows can come out, but no panic.
func FuzzDamage(f *testing.F) {
	want := some()
	whole := filepath.Join(f.TempDir(), "whole")
	fatal(f, want.write(whole, Options{}, small, five))
	files, err := contents(whole)
	fatal(f, err)
	names := []string{"count.json", "vocabulary.parquet", "transitions.parquet", "cooccurrences.parquet", "pairs.parquet"}
	f.Add(uint8(0), uint16(20), byte(1), false, true)
	for i, name := range names {
		for _, at := range []int{0, 5, 300, len(files[name]) - 200, len(files[name]) - 6, len(files[name]) - 1} {
			f.Add(uint8(i), uint16(at), byte(0x81), false, true)
			f.Add(uint8(i), uint16(at), byte(0x81), false, false)
			f.Add(uint8(i), uint16(at), byte(0), true, true)
		}
	}
	f.Fuzz(func(t *testing.T, file uint8, at uint16, flip byte, cut, sealed bool) {
		dir := filepath.Join(t.TempDir(), "count")
		fatal(t, os.Mkdir(dir, 0o777))
		name := names[int(file)%len(names)]
		for n, content := range files {
			b := []byte(content)
			if n == manifestName && !sealed {
				b = []byte(foreignManifest)
				b = []byte(strings.Replace(string(b), "fields", "words", 1))
			}
			if n == name {
				i := int(at) % len(b)
				if cut {
					b = b[:i]
				} else {
					b[i] ^= flip
				}
			}
			fatal(t, os.WriteFile(filepath.Join(dir, n), b, 0o666))
		}
		tables := 0
		err := readAll(dir, func(name Name, got Rows) {
			tables++
			if sealed && !reflect.DeepEqual(got, want.rows(name)) {
				t.Fatalf("%s at %d, flip %x, cut %v: %s has other rows", names[int(file)%len(names)], at, flip, cut, name)
			}
		})
		if sealed && err == nil && tables != len(counted()) {
			t.Fatalf("%d tables without an error", tables)
		}
	})
}

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
