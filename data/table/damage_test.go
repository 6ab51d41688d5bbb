package table

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
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
		{"settings", func(d *description) { d.Settings.Context = 3 }, "transitions.parquet: is of another count: it was counted with --context 3, and count.json says 8: take the whole directory"},
		{"min pairs", func(d *description) { d.MinPairs = 4 }, "transitions.parquet: is of another count: it was counted with --min-pairs 4, and count.json says 1: take"},
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
