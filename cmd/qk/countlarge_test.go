package main

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// largeOverview shows a text as a large one.
func largeOverview(t *testing.T, corpus string, top int) string {
	t.Helper()
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: io.Discard, now: time.Now, getenv: func(string) string { return "" }}
	c := train.DefaultConfig(graph.Predict)
	c.Corpus = train.NameCorpus(corpus)
	sources, err := text.OpenAll(c.Corpus.Names(), a.stdin)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.countLarge(context.Background(), c, countOptions{top: top, tables: "transitions,pairs", minPairs: 1}, sources); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLargeOverview wants the same transitions and the same loss of first order as for
// a text that is looked at as a whole.
func TestLargeOverview(t *testing.T) {
	for _, corpus := range []string{"coat", "candle", "diary"} {
		whole := qk(t, "count", "--corpus", corpus, "--top", "100")
		rows, loss := tableRows(whole, "Transitions"), fieldsAfter(whole, "first order")
		if len(rows) < 8 || len(loss) < 2 {
			t.Fatalf("%s: rows %q and a loss of %q are read from\n%s", corpus, rows, loss, whole)
		}
		for _, top := range []int{1, 3, 7, 100} {
			large := largeOverview(t, corpus, top)
			if got, want := tableRows(large, "Transitions"), rows[:min(top, len(rows))]; !slices.Equal(got, want) {
				t.Errorf("%s, top %d: transitions\n%q, want\n%q", corpus, top, got, want)
			}
			if got := fieldsAfter(large, "first order"); len(got) == 0 || got[0] != loss[0] {
				t.Errorf("%s: the loss of first order is %q, want %q", corpus, got, loss)
			}
		}
	}
}

// tableRows returns the rows of the table under a heading, with single blanks.
func tableRows(output, heading string) (rows []string) {
	_, rest, _ := strings.Cut(output, "\n"+heading)
	rest, _, _ = strings.Cut(rest, "\n\n")
	lines := strings.Split(strings.TrimSpace(rest), "\n")
	for _, line := range lines[min(4, len(lines)):] { // the heading, the columns, and a rule below each
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	return rows
}

// fieldsAfter returns what stands in a line after its beginning.
func fieldsAfter(output, begin string) []string {
	_, rest, _ := strings.Cut(output, "\n"+begin)
	rest, _, _ = strings.Cut(rest, "\n")
	return strings.Fields(rest)
}

// TestLargeLines has the losses of package data.
func TestLargeLines(t *testing.T) {
	src, err := text.Open("candle", nil)
	if err != nil {
		t.Fatal(err)
	}
	corpus, err := data.Load(src, data.Options{Tokenizer: text.Tokenizer{Tokens: text.Words}})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := data.Count(corpus, 8)
	if err != nil {
		t.Fatal(err)
	}
	sum := &transitionSum{top: 3}
	if err := sum.begin(make([]table.Word, counts.V())); err != nil {
		t.Fatal(err)
	}
	for w, row := range counts.Transitions {
		for _, cell := range row.Cells {
			if err := sum.add(table.Transitions, table.Rows{Keys: [][]int32{{int32(w)}, {int32(cell.Word)}}, N: []int64{int64(cell.N)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	unigram, first := sum.lines()
	if want := data.Unigram(counts); math.Abs(unigram-want) > 1e-12 {
		t.Errorf("unigram %g, want %g", unigram, want)
	}
	if want := data.FirstOrder(counts); math.Abs(first-want) > 1e-12 {
		t.Errorf("first order %g, want %g", first, want)
	}
}

func TestParseSize(t *testing.T) {
	for in, want := range map[string]int64{
		"512MB": 512_000_000, "2GB": 2_000_000_000, "1.5G": 1_500_000_000, "700MiB": 700 << 20, "64 kib": 64 << 10,
		"1000": 1000, "7b": 7, "0.5k": 500, "3T": 3_000_000_000_000, " 1 MB ": 1_000_000,
		"": 0, "MB": 0, "-1MB": 0, "1e9": 0, "0": 0, "0.1": 0, "1.2.3MB": 0, "12 34": 0, "inf": 0, "nan": 0, "0x10": 0, "99999999TB": 0, "1XB": 0,
	} {
		got, err := parseSize("memory", in)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v, want %d", in, got, err, want)
		}
	}
}

func FuzzParseSize(f *testing.F) {
	f.Add("512MB")
	f.Add("1.5 GiB")
	f.Fuzz(func(t *testing.T, in string) {
		if n, err := parseSize("memory", in); (err == nil) != (n > 0) {
			t.Errorf("%q: %d, %v", in, n, err)
		}
	})
}
