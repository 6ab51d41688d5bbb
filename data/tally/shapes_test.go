package tally

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

var allTables = []table.Name{table.Transitions, table.Cooccurrences, table.Pairs}

// fields has white space between words, and counts all tables.
func fields(context int) Options {
	return Options{Options: data.Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}}, Context: context, Tables: allTables, Workers: 2}
}

// small is a plan under which most things happen more than once.
var small = plan{shift: 12, halo: 64, stream: 1 << 14, piece: 1 << 10, segment: 30_000, positions: 12_000, unit: 500, outputs: 4, frame: 1 << 12, fan: 3, job: 4}

// whole is a plan under which nothing is cut.
var whole = plan{shift: 16, halo: 64, stream: 1 << 40, piece: 1 << 20, segment: 1 << 40, positions: 1 << 30, unit: 1 << 14, outputs: 4, frame: 1 << 16, fan: 9, job: 16}

// wantRows compares a count with that of package data.
func wantRows(t *testing.T, what string, o Options, p plan, in string) {
	t.Helper()
	_, want, err := expected(o, in)
	if err != nil {
		t.Fatal(err)
	}
	_, got, err := collect(o, &p, in)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, name := range allTables {
		if len(want[name]) == 0 || !slices.Equal(got[name], want[name]) {
			t.Errorf("%s: %d rows of %s, want %d others", what, len(got[name]), name, len(want[name]))
		}
	}
}

// TestManyWords has more words than 16 bits can number.
func TestManyWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var in strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&in, "w%d", min(i, r.IntN(80_000)+r.IntN(2)*i))
		in.WriteByte(" \n"[min(1, r.IntN(9)/8)])
	}
	o := fields(3)
	o.Boundary = true
	wantRows(t, "whole", o, whole, in.String())
	p := small
	p.stream, p.segment = 1<<30, 1<<30 // in memory, but in ranges
	wantRows(t, "in ranges", o, p, in.String())
	wantRows(t, "in segments", o, small, in.String())
	o.MaxVocab = 5000 // wide numbers in the lexicons alone
	wantRows(t, "few of many, whole", o, whole, in.String())
	wantRows(t, "few of many, in segments", o, small, in.String())
}

// TestSixteenBits goes to the limits of 16 bits: 65,535 words are numbered in them,
// and one more is not.
func TestSixteenBits(t *testing.T) {
	for _, words := range []int{1<<16 - 2, 1<<16 - 1, 1 << 16} {
		var in strings.Builder
		for i := range words {
			fmt.Fprintf(&in, "w%d ", i)
		}
		in.WriteString("\nw0 w65533 w1 w65534\n")
		wantRows(t, fmt.Sprint(words), fields(2), whole, in.String())
	}
}

// TestLongLine is one sentence that goes on through all chunks, pieces, blocks and
// segments.
func TestLongLine(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var in strings.Builder
	for range 100_000 {
		fmt.Fprintf(&in, "%c%c ", 'a'+rune(r.ExpFloat64()*3)%26, 'a'+rune(r.IntN(3)))
	}
	wantRows(t, "whole", fields(5), whole, in.String())
	wantRows(t, "in segments", fields(5), small, in.String())
	tiny := small
	tiny.segment, tiny.unit = 1<<30, 10 // there are too many frequent words for all to be split at once
	wantRows(t, "in small units", fields(5), tiny, in.String())
	long := fields(70)
	wantRows(t, "long context", long, small, in.String()[:30_000])
}

// TestOneWord is a word that is there ten million times, counted in the head.
func TestOneWord(t *testing.T) {
	const n = 10_000_000
	in := strings.Repeat("x ", n)
	for what, p := range map[string]plan{
		"whole":       whole,
		"in segments": {shift: 18, halo: 64, stream: 1 << 20, piece: 1 << 16, segment: 3 << 20, positions: 3 << 20, unit: 1 << 12, outputs: 3, frame: 1 << 16, fan: 9, job: 16},
	} {
		_, got, err := collect(fields(8), &p, in)
		if err != nil {
			t.Fatal(err)
		}
		want := collected{
			table.Transitions:   {{0, 0, 0, n - 1}},
			table.Cooccurrences: {{0, 0, 0, n - 2}},
			table.Pairs:         {{0, 0, 0, n - 2}},
		}
		for _, name := range allTables {
			if !slices.Equal(got[name], want[name]) {
				t.Errorf("%s: %s %v, want %v", what, name, got[name], want[name])
			}
		}
	}
}

// TestWindow takes a sentence through by hand. Context 3; the window of the last x is
// "b a b", so it has two words, and z is too far away.
func TestWindow(t *testing.T) {
	_, got, err := collect(fields(3), &whole, "z b a b x y\nb\nx")
	if err != nil {
		t.Fatal(err)
	}
	const a, b, x, y, z = 0, 1, 2, 3, 4
	want := collected{
		table.Transitions:   {{a, b, 0, 1}, {b, a, 0, 1}, {b, x, 0, 1}, {x, y, 0, 1}, {z, b, 0, 1}},
		table.Cooccurrences: {{a, b, 0, 1}, {a, z, 0, 1}, {b, a, 0, 1}, {b, b, 0, 1}, {b, z, 0, 2}, {x, a, 0, 1}, {x, b, 0, 1}},
		table.Pairs:         {{a, b, b, 1}, {a, b, z, 1}, {b, a, z, 1}, {b, x, a, 1}, {b, x, b, 1}, {b, x, z, 1}, {x, y, a, 1}, {x, y, b, 1}},
	}
	for _, name := range allTables {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s %v, want %v", name, got[name], want[name])
		}
	}
}

// TestFixedVocabularyProperty counts a text with a given vocabulary, and wants what
// the same text gives in which the other words have been replaced beforehand. And
// its lines, counted apart, add up to it.
func TestFixedVocabularyProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := someText(t)
		o := fields(rapid.IntRange(1, 9).Draw(t, "context"))
		o.Boundary = rapid.Bool().Draw(t, "boundary")
		o.Vocabulary = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "the", "é", "never", "<unk>", "<s>"}), rapid.ID).Draw(t, "vocabulary")
		p := somePlan(t)
		r, got, err := collect(o, p, in)
		if err != nil {
			t.Fatal(err)
		}
		vocabulary := append(slices.Clone(o.Vocabulary), data.Unknown)
		if o.Boundary {
			vocabulary = append(vocabulary, data.Boundary)
		}
		var words []string
		for _, w := range r.Words {
			words = append(words, w.Text)
		}
		if want := data.NewVocabulary(vocabulary).All(); !slices.Equal(words, want) {
			t.Fatalf("vocabulary %q, want %q", words, want)
		}

		var replaced strings.Builder
		for line := range strings.Lines(in) {
			for _, w := range strings.Fields(line) {
				if !slices.Contains(o.Vocabulary, w) {
					w = data.Unknown
				}
				replaced.WriteString(w + " ")
			}
			replaced.WriteByte('\n')
		}
		plain := o
		plain.Vocabulary = nil
		corpus, rows, err := expected(plain, replaced.String())
		if err != nil { // no transition, which is no error of a part
			if len(got) > 0 {
				t.Fatalf("rows %v, want none: %v", got, err)
			}
			return
		}
		for _, name := range allTables {
			var want [][4]int64
			for _, row := range rows[name] {
				for k := range name.Keys() {
					row[k] = int64(slices.Index(words, corpus.Vocab.Text(data.Word(row[k]))))
				}
				want = append(want, row)
			}
			if !slices.Equal(got[name], want) {
				t.Errorf("%s: rows\n%v, want\n%v", name, got[name], want)
			}
		}

		sum := map[string]int64{}
		for line := range strings.Lines(in) {
			_, part, err := collect(o, p, line)
			if err != nil {
				t.Fatal(err)
			}
			for name, rows := range part {
				for _, row := range rows {
					sum[fmt.Sprint(name, row[:3])] += row[3]
				}
			}
		}
		for name, rows := range got {
			for _, row := range rows {
				key := fmt.Sprint(name, row[:3])
				if sum[key] != row[3] {
					t.Errorf("the lines have %d of %s, want %d", sum[key], key, row[3])
				}
				delete(sum, key)
			}
		}
		if len(sum) > 0 {
			t.Errorf("the lines have %v besides", sum)
		}
	})
}
