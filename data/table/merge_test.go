package table

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plus is the sum of two references, by means of its own.
func (r *reference) plus(o *reference) *reference {
	sum := &reference{settings: r.settings, tables: map[Name]map[[3]int32]int64{}, totals: Totals{
		Bytes: r.totals.Bytes + o.totals.Bytes, Sentences: r.totals.Sentences + o.totals.Sentences, Tokens: r.totals.Tokens + o.totals.Tokens,
		Unknown: r.totals.Unknown + o.totals.Unknown, Positions: r.totals.Positions + o.totals.Positions}}
	for i, w := range r.words {
		sum.words = append(sum.words, Word{Text: w.Text, N: w.N + o.words[i].N})
	}
	for name, table := range r.tables {
		sum.tables[name] = maps.Clone(table)
		for key, n := range o.tables[name] {
			sum.tables[name][key] += n
		}
	}
	a, _ := new(big.Int).SetString(r.totals.Digest, 16)
	b, _ := new(big.Int).SetString(o.totals.Digest, 16)
	digits := fmt.Sprintf("%065x", a.Add(a, b))
	sum.totals.Digest = digits[len(digits)-64:]
	return sum
}

func (r *reference) prune(least int64) *reference {
	pruned := *r
	pruned.tables = maps.Clone(r.tables)
	pruned.tables[Pairs] = maps.Clone(r.tables[Pairs])
	maps.DeleteFunc(pruned.tables[Pairs], func(_ [3]int32, n int64) bool { return n < least })
	return &pruned
}

func five() int { return 5 }

// TestMerge adds three random counts up in a random order and grouping, which has
// to give the bytes of their sum, added up by a map and written by Create.
func TestMerge(t *testing.T) {
	base := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		at := func(name string) string { return filepath.Join(base, fmt.Sprint(run, name)) }
		merged := func(out string, o MergeOptions, in ...string) {
			t.Helper()
			var dirs []string
			for _, name := range in {
				dirs = append(dirs, at(name))
			}
			_, err := merge(context.Background(), at(out), dirs, o, small)
			fatal(t, err)
		}
		words := numbered(rapid.IntRange(1, 9).Draw(t, "V"))
		sum := (*reference)(nil)
		for _, name := range []string{"a", "b", "c"} {
			r := drawReference(t, words)
			fatal(t, r.write(at(name), Options{}, small, five))
			if sum == nil {
				sum = r
			} else {
				sum = sum.plus(r)
			}
		}
		o := Options{MinPairs: rapid.Int64Range(1, 4).Draw(t, "min pairs")}
		fatal(t, sum.prune(o.MinPairs).write(at("want"), o, small, five))
		end := MergeOptions{MinPairs: o.MinPairs}
		switch rapid.IntRange(0, 3).Draw(t, "grouping") {
		case 0:
			order := rapid.Permutation([]string{"a", "b", "c"}).Draw(t, "order")
			merged("got", end, order...)
		case 1:
			merged("ab", MergeOptions{}, "a", "b")
			merged("got", end, "ab", "c")
		case 2:
			merged("bc", MergeOptions{}, "c", "b")
			merged("got", end, "a", "bc")
		default: // a sum alone, pruned later
			merged("abc", MergeOptions{}, "a", "b", "c")
			merged("got", end, "abc")
		}
		got, err := contents(at("got"))
		fatal(t, err)
		want, err := contents(at("want"))
		fatal(t, err)
		if !maps.Equal(got, want) {
			t.Fatal("merged it is not what counting the whole gives")
		}
		entries, err := os.ReadDir(base)
		fatal(t, err)
		for _, e := range entries {
			fatal(t, os.RemoveAll(filepath.Join(base, e.Name())))
		}
	})
}

// one is a count of two words with one row a table.
func one(n int64) *reference {
	return &reference{settings: testSettings, words: []Word{{"a", n}, {"b", 1}}, totals: Totals{Tokens: n + 1, Positions: n}, tables: map[Name]map[[3]int32]int64{
		Transitions: {{0, 1}: n}, Cooccurrences: {{0, 1}: 1}, Pairs: {{0, 1, 1}: 1},
	}}
}

// TestMergeRefuses has counts that cannot be added up, and what the error says.
func TestMergeRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(second *reference)
		pruned int64
		want   string
	}{
		{"tokens", func(r *reference) { r.settings.Tokens = "chars" }, 0, "cannot be merged: --tokens is words in the first and chars in the second"},
		{"case", func(r *reference) { r.settings.KeepCase = true }, 0, "--keep-case is false in the first and true in the second"},
		{"punctuation", func(r *reference) { r.settings.Punctuation = true }, 0, "--punctuation is false in the first and true"},
		{"boundary", func(r *reference) { r.settings.Boundary = true }, 0, "--boundary is false in the first and true"},
		{"context", func(r *reference) { r.settings.Context = 9 }, 0, "--context is 8 in the first and 9 in the second"},
		{"tables", func(r *reference) { delete(r.tables, Cooccurrences) }, 0, "the first has the tables [transitions cooccurrences pairs] and the second [transitions pairs]"},
		{"word", func(r *reference) { r.words[1].Text = "c" }, 0, `word 1 is "b" in the first and "c" in the second: count them with one vocabulary`},
		{"more words", func(r *reference) { r.words = append(r.words, Word{"c", 0}) }, 0, `only the second has word 2, "c"`},
		{"pruned", func(*reference) {}, 2, "second: cannot be merged exactly: pairs seen fewer than 2 times were left out"},
		{"row above 2^63-1", func(r *reference) { *r = *one(math.MaxInt64 - 1); r.words[0].N = 0; r.totals.Tokens = 0 }, 0, `transitions.parquet, row 1: the row w="a" y="b" counts 9223372036854775806, which with the 2 of the counts before it is above 2^63−1`},
		{"words above 2^63-1", func(r *reference) { r.words[0].N = math.MaxInt64 - 1 }, 0, `vocabulary.parquet, row 1: the word "a" is there 9223372036854775806 times`},
		{"total above 2^63-1", func(r *reference) { r.totals.Tokens = math.MaxInt64 - 2 }, 0, "second cannot be added: 9223372036854775805 more tokens than the 3 of the counts before it are above 2^63−1"},
		{"table above 2^63-1", func(r *reference) { r.tables[Pairs] = map[[3]int32]int64{{1, 1, 1}: math.MaxInt64} }, 0, "2^63−1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := t.TempDir()
			first, second, out := filepath.Join(base, "first"), filepath.Join(base, "second"), filepath.Join(base, "out")
			fatal(t, one(2).write(first, Options{}, small, five))
			r := one(3)
			test.change(r)
			fatal(t, r.write(second, Options{MinPairs: test.pruned}, small, five))
			_, err := Merge(context.Background(), out, []string{first, second}, MergeOptions{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if entries, err := os.ReadDir(base); err != nil || len(entries) != 2 {
				t.Fatalf("left behind: %v, %v", entries, err)
			}
		})
	}
}

// TestMergePruned merges a pruned count alone, which is exact.
func TestMergePruned(t *testing.T) {
	base := t.TempDir()
	pruned, out := filepath.Join(base, "pruned"), filepath.Join(base, "out")
	fatal(t, one(2).write(pruned, Options{MinPairs: 3}, small, five)) // the writer takes its caller's word
	_, err := Merge(context.Background(), out, []string{pruned}, MergeOptions{MinPairs: 2})
	if err == nil || !strings.Contains(err.Error(), "pairs seen fewer than 3 times were left out of it already, so --min-pairs 2 cannot have them") {
		t.Fatalf("error %v", err)
	}
	_, err = Merge(context.Background(), out, []string{pruned}, MergeOptions{})
	fatal(t, err)
	c, err := Open(out)
	fatal(t, err)
	if c.MinPairs() != 3 {
		t.Fatalf("min pairs %d", c.MinPairs())
	}
}

// TestMergeNames has names that no merge can begin with.
func TestMergeNames(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "a")
	fatal(t, one(2).write(dir, Options{}, small, five))
	for _, test := range []struct {
		dirs []string
		out  string
		want string
	}{
		{nil, "out", "no count to merge"},
		{[]string{dir, base + "/./a/"}, "out", "are one directory, whose counts would be added twice"},
		{[]string{dir, filepath.Join(base, "b")}, "out", "is not there"},
		{[]string{dir}, "a", "exists already"},
	} {
		_, err := Merge(context.Background(), filepath.Join(base, test.out), test.dirs, MergeOptions{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error %v, want %q", test.dirs, err, test.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Merge(ctx, filepath.Join(base, "out"), []string{dir}, MergeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if entries, err := os.ReadDir(base); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
