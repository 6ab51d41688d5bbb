package main

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

// expected is a count as the tests have it: rows as maps.
type expected struct {
	job    job
	words  []table.Word
	totals table.Totals
	rows   map[table.Name]map[[3]int32]int64
}

func newExpected(j job) *expected {
	e := &expected{job: j, rows: map[table.Name]map[[3]int32]int64{}}
	for _, t := range j.Tables {
		e.rows[table.Name(t)] = map[[3]int32]int64{}
	}
	return e
}

// add counts a row, if its table is wanted.
func (e *expected) add(t table.Name, n int64, key ...int32) {
	if rows := e.rows[t]; rows != nil {
		var k [3]int32
		copy(k[:], key)
		rows[k] += n
	}
}

// write writes the directory with package table.
func (e *expected) write(t testing.TB, dir string) {
	t.Helper()
	var names []table.Name
	for _, name := range e.job.Tables {
		names = append(names, table.Name(name))
	}
	w, err := table.Create(dir, e.job.Settings.table(), names, table.Options{MinPairs: e.job.MinPairs, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		keys := slices.SortedFunc(maps.Keys(e.rows[name]), func(a, b [3]int32) int { return slices.Compare(a[:], b[:]) })
		rows := table.Rows{Keys: make([][]int32, len(name.Keys()))}
		for _, key := range keys {
			n := e.rows[name][key]
			if name == table.Pairs && n < e.job.MinPairs {
				continue
			}
			for i := range rows.Keys {
				rows.Keys[i] = append(rows.Keys[i], key[i])
			}
			rows.N = append(rows.N, n)
		}
		if err := w.Append(name, rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(e.words, e.totals); err != nil {
		t.Fatal(err)
	}
}

// digestOf returns the digest of the lines with a word of texts, by big integers.
func digestOf(s settings, texts []string) string {
	sum := new(big.Int)
	for _, content := range texts {
		eachSentence(s, content, func(line string, _ []string) {
			h := sha256.Sum256([]byte(line))
			sum.Add(sum, new(big.Int).SetBytes(h[:]))
		})
	}
	sum.Mod(sum, new(big.Int).Lsh(big.NewInt(1), 256))
	all := sum.Text(16)
	return strings.Repeat("0", 64-len(all)) + all
}

// eachSentence visits the lines with a word of a text.
func eachSentence(s settings, content string, visit func(line string, words []string)) {
	tokenizer := s.numbering().Tokenizer
	for line := range strings.Lines(strings.TrimPrefix(content, "\ufeff")) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		var words []string
		tokenizer.Split([]byte(line), func(token []byte) { words = append(words, string(token)) })
		if len(words) > 0 {
			visit(line, words)
		}
	}
}

// byData counts texts with package data.
func byData(t testing.TB, j job, texts []string) *expected {
	t.Helper()
	var sources []*text.Source
	e := newExpected(j)
	for _, content := range texts {
		sources = append(sources, text.FromText("a text", content))
		e.totals.Bytes += int64(len(content))
	}
	opts := data.Options{Tokenizer: j.Settings.numbering().Tokenizer, Boundary: j.Settings.Boundary, MinCount: uint64(j.MinCount), MaxVocab: j.MaxVocab}
	corpus, err := data.LoadAll(t.Context(), sources, opts, nil)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := data.Count(corpus, j.Settings.Context)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range corpus.Vocab.All() {
		e.words = append(e.words, table.Word{Text: w})
	}
	for _, s := range corpus.Sentences {
		for _, w := range s.Words {
			if w != corpus.Boundary {
				e.words[w].N += int64(s.N)
			}
		}
	}
	for w, row := range counts.Transitions {
		for _, c := range row.Cells {
			e.add(table.Transitions, int64(c.N), int32(w), int32(c.Word))
		}
		for _, p := range counts.Pairs[w] {
			e.add(table.Cooccurrences, int64(p.Next.Total), int32(w), int32(p.Earlier))
			for _, c := range p.Next.Cells {
				e.add(table.Pairs, int64(c.N), int32(w), int32(c.Word), int32(p.Earlier))
			}
		}
	}
	e.totals.Sentences, e.totals.Tokens = int64(corpus.Lines()), int64(corpus.Tokens)
	e.totals.Unknown, e.totals.Positions = int64(corpus.Unknown), int64(counts.Total)
	e.totals.Digest = digestOf(j.Settings, texts)
	return e
}

// byVocabulary counts texts with a given vocabulary, word by word, as package data
// has no such thing.
func byVocabulary(j job, vocabulary []string, texts []string) *expected {
	e := newExpected(j)
	words := append(slices.Clone(vocabulary), data.Unknown)
	if j.Settings.Boundary {
		words = append(words, data.Boundary)
	}
	slices.Sort(words)
	for _, w := range slices.Compact(words) {
		e.words = append(e.words, table.Word{Text: w})
	}
	number := func(word string) int32 {
		i, _ := slices.BinarySearchFunc(e.words, word, func(w table.Word, s string) int { return cmp.Compare(w.Text, s) })
		return int32(i)
	}
	for _, content := range texts {
		e.totals.Bytes += int64(len(content))
		eachSentence(j.Settings, content, func(_ string, sentence []string) {
			e.totals.Sentences++
			e.totals.Tokens += int64(len(sentence))
			for i, word := range sentence {
				if !slices.Contains(vocabulary, word) {
					e.totals.Unknown++
					sentence[i] = data.Unknown
				}
				e.words[number(sentence[i])].N++
			}
			if j.Settings.Boundary {
				sentence = slices.Concat([]string{data.Boundary}, sentence, []string{data.Boundary})
			}
			for i := 0; i+1 < len(sentence); i++ {
				e.totals.Positions++
				w, y := number(sentence[i]), number(sentence[i+1])
				e.add(table.Transitions, 1, w, y)
				seen := map[string]bool{}
				for k := i - 1; k >= 0 && k >= i-j.Settings.Context; k-- {
					u := sentence[k]
					if seen[u] || j.Settings.Boundary && u == data.Boundary {
						continue
					}
					seen[u] = true
					e.add(table.Cooccurrences, 1, w, number(u))
					e.add(table.Pairs, 1, w, y, number(u))
				}
			}
		})
	}
	e.totals.Digest = digestOf(j.Settings, texts)
	return e
}

// sameDirectory fails unless two directories have the same files with the same
// bytes.
func sameDirectory(t testing.TB, got, want string) {
	t.Helper()
	files := filesOf(t, want)
	if others := filesOf(t, got); !slices.Equal(slices.Sorted(maps.Keys(others)), slices.Sorted(maps.Keys(files))) {
		t.Fatalf("%s holds %v, want %v", got, slices.Sorted(maps.Keys(others)), slices.Sorted(maps.Keys(files)))
	} else if len(files) < 3 {
		t.Fatalf("%s holds %d files only", want, len(files))
	} else {
		for name, content := range files {
			if others[name] != content {
				t.Errorf("%s differs from %s", filepath.Join(got, name), filepath.Join(want, name))
				if strings.HasSuffix(name, ".json") {
					t.Errorf("%s\nwant\n%s", others[name], content)
				}
			}
		}
	}
}
