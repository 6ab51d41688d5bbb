package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"pgregory.net/rapid"

	"qk/data/table"
	"qk/data/text"
)

// filesOf reads the files in a directory.
func filesOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(content)
	}
	return files
}

// standardJob is a job with the defaults of the command line.
func standardJob() job {
	return job{
		Settings: settings{Tokens: string(text.Words), Context: 16}, Tables: []string{string(table.Transitions), string(table.Pairs)},
		MinPairs: 1, Ranges: 256, Limits: standardLimits(),
	}
}

// builtIn returns the text of a built-in corpus.
func builtIn(t testing.TB, name string) string {
	t.Helper()
	source, err := text.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := source.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestCommand: the command line writes the directory that package table writes from
// the counts of package data.
func TestCommand(t *testing.T) {
	dir := t.TempDir()
	some := writeFile(t, dir, "some.txt", []byte("The train, the TRAIN!\r\n\r\na b a b\n"))
	more := writeFile(t, dir, "more [1].txt", []byte("\ufeffb a c\n\na the"))
	vocab := writeFile(t, dir, "vocab", []byte("the\na\nnever\n"))
	texts := filepath.Join(dir, "texts")
	if err := os.Mkdir(texts, 0o700); err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte("a b c d\nd c\n"))
	_ = w.Close()
	writeFile(t, texts, "1.txt.gz", zipped.Bytes())
	writeFile(t, texts, "2.txt", []byte("a a b b"))
	inTexts := []string{"a b c d\nd c\n", "a a b b"}
	inSome, inMore := "The train, the TRAIN!\r\n\r\na b a b\n", "\ufeffb a c\n\na the"

	for _, c := range []struct {
		name  string
		args  []string
		texts []string
		with  func(*job)
	}{
		{"diary", []string{"diary"}, []string{builtIn(t, "diary")}, func(*job) {}},
		{"candle", []string{"candle", "--context", "2"}, []string{builtIn(t, "candle")}, func(j *job) { j.Settings.Context = 2 }},
		{"coat twice", []string{"coat", "coat", "--boundary"}, []string{builtIn(t, "coat"), builtIn(t, "coat")}, func(j *job) { j.Settings.Boundary = true }},
		{"a file", []string{some}, []string{inSome}, func(*job) {}},
		{"two files, all tables", []string{more, some, "--tables", "pairs,transitions,cooccurrences"}, []string{inMore, inSome}, func(j *job) { j.Tables = []string{"pairs", "transitions", "cooccurrences"} }},
		{"transitions alone", []string{some, "--tables", "transitions"}, []string{inSome}, func(j *job) { j.Tables = []string{"transitions"} }},
		{"a directory", []string{texts}, inTexts, func(*job) {}},
		{"a pattern", []string{filepath.Join(texts, "*.txt*")}, inTexts, func(*job) {}},
		{"fields", []string{some, "--tokens", "fields"}, []string{inSome}, func(j *job) { j.Settings.Tokens = "fields" }},
		{"chars", []string{some, "--tokens=chars", "--keep-case", "--punctuation"}, []string{inSome}, func(j *job) {
			j.Settings.Tokens, j.Settings.KeepCase, j.Settings.Punctuation = "chars", true, true
		}},
		{"max-vocab", []string{some, more, "--max-vocab", "2"}, []string{inSome, inMore}, func(j *job) { j.MaxVocab = 2 }},
		{"min-count", []string{some, more, "--min-count", "2"}, []string{inSome, inMore}, func(j *job) { j.MinCount = 2 }},
		{"min-pairs", []string{"candle", "--min-pairs", "5"}, []string{builtIn(t, "candle")}, func(j *job) { j.MinPairs = 5 }},
		{"ranges", []string{"diary", "--ranges", "3"}, []string{builtIn(t, "diary")}, func(*job) {}},
		{"a vocabulary", []string{some, more, "--vocab", vocab, "--boundary"}, []string{inSome, inMore}, func(j *job) { j.Vocabulary, j.Settings.Boundary = vocab, true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			got, want := filepath.Join(dir, "got"), filepath.Join(dir, "want")
			code, stdout, stderr := runCommand(append(c.args, "--out", got)...)
			if code != exitOK || stderr != "" || !strings.HasPrefix(stdout, got+": ") {
				t.Fatalf("exit code %d, printed %q, %q", code, stdout, stderr)
			}
			j := standardJob()
			c.with(&j)
			if j.Vocabulary != "" {
				byVocabulary(j, []string{"a", "never", "the"}, c.texts).write(t, want)
			} else {
				byData(t, j, c.texts).write(t, want)
			}
			sameDirectory(t, got, want)
			if entries, _ := os.ReadDir(dir); len(entries) != 2 {
				t.Errorf("files are left behind: %v", entries)
			}
		})
	}
}

// drawn is a job on random texts.
type drawn struct {
	job        job
	texts      []string
	vocabulary []string // or nil
}

// draw draws texts, and a job with the settings and limits of which most can go
// wrong.
func draw(t *rapid.T) drawn {
	d := drawn{job: standardJob()}
	for range rapid.IntRange(1, 4).Draw(t, "texts") {
		d.texts = append(d.texts, drawLines(t))
	}
	j := &d.job
	j.Settings.Tokens = string(rapid.SampledFrom(text.KnownTokens()).Draw(t, "tokens"))
	j.Settings.KeepCase = rapid.Bool().Draw(t, "keep-case")
	j.Settings.Boundary = rapid.Bool().Draw(t, "boundary")
	j.Settings.Context = rapid.SampledFrom([]int{1, 2, 3, 100}).Draw(t, "context")
	j.Tables = []string{"transitions", "cooccurrences", "pairs"}
	j.MinPairs = int64(rapid.IntRange(1, 2).Draw(t, "min-pairs"))
	j.Ranges = rapid.IntRange(1, 9).Draw(t, "ranges")
	j.Limits = limits{
		BlockSize: rapid.Int64Range(1, 60).Draw(t, "block size"), Words: rapid.IntRange(1, 5).Draw(t, "words"),
		Observations: rapid.IntRange(1, 50).Draw(t, "observations"), RunBytes: rapid.IntRange(1, 50).Draw(t, "run bytes"),
	}
	switch rapid.IntRange(0, 2).Draw(t, "vocabulary") {
	case 0:
		j.MaxVocab = rapid.IntRange(1, 4).Draw(t, "max-vocab")
	case 1:
		d.vocabulary = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "é", "世", "<unk>", "zz"}), 1, 6, rapid.ID).Draw(t, "vocab")
	}
	return d
}

// TestRandomTexts: the counts are the same however small the blocks and buffers are,
// and however often parts of them are merged.
func TestRandomTexts(t *testing.T) {
	cases := rapid.Custom(draw)
	for seed := range 16 {
		d := cases.Example(seed)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			for i, content := range d.texts {
				d.job.Corpora = append(d.job.Corpora, writeFile(t, dir, fmt.Sprintf("%d.txt", i), []byte(content)))
			}
			got, want := filepath.Join(dir, "got"), filepath.Join(dir, "want")
			var e *expected
			if d.vocabulary != nil {
				d.job.Vocabulary = writeFile(t, dir, "vocab", []byte(strings.Join(d.vocabulary, "\n")))
				e = byVocabulary(d.job, d.vocabulary, d.texts)
			} else {
				e = byData(t, d.job, d.texts)
			}
			e.write(t, want)
			if err := (&options{job: d.job, out: got}).count(t.Context(), io.Discard); err != nil {
				t.Fatal(err)
			}
			sameDirectory(t, got, want)
			if t.Failed() {
				t.Logf("%+v", d)
			}
		})
	}
}

// TestMetrics: the metrics of a job are those of its text.
func TestMetrics(t *testing.T) {
	j := standardJob()
	j.Corpora, j.Staging = []string{"diary", "coat"}, t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	j.build(s)
	result, err := beamx.RunWithMetrics(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, c := range result.Metrics().AllMetrics().Counters() {
		if c.Namespace() == "qk" {
			got[c.Name()] += c.Result()
		}
	}
	for name, want := range map[string]int64{"words": 23 + 50, "sentences": 2 + 10, "positions": 21 + 40} {
		if got[name] != want {
			t.Errorf("metric %s is %d, want %d", name, got[name], want)
		}
	}
}

// TestStaged: the directory can be written later, from what the workers wrote, which
// is kept when a job is done and the directory cannot be written.
func TestStaged(t *testing.T) {
	dir := t.TempDir()
	staging := filepath.Join(dir, "staging")
	quiet(io.Discard, false)
	o := options{job: standardJob(), out: dir} // which is there
	o.Corpora, o.Staging = []string{"diary"}, staging
	err := o.count(t.Context(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "exists already") || !strings.Contains(err.Error(), "qk-beam --staged "+o.Staging+" --out DIR") {
		t.Fatalf("got %v", err)
	}
	out := filepath.Join(dir, "out")
	if code, _, stderr := runCommand("--staged", o.Staging, "--out", out); code != exitOK {
		t.Fatal(stderr)
	}
	want := filepath.Join(dir, "want")
	byData(t, standardJob(), []string{builtIn(t, "diary")}).write(t, want)
	sameDirectory(t, out, want)

	files, err := filepath.Glob(filepath.Join(o.Staging, "*.run"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the staging folder holds %v, %v", files, err)
	}
	pairs := files[slices.IndexFunc(files, func(f string) bool { return strings.HasPrefix(filepath.Base(f), "pairs-") })]
	good, err := os.ReadFile(pairs)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"a byte changed": append([]byte{good[0] ^ 4}, good[1:]...),
		"cut off":        good[:len(good)-1],
		"one more":       append(slices.Clone(good), 0),
		"empty":          {},
	} {
		if err := os.WriteFile(pairs, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := runCommand("--staged", o.Staging, "--out", filepath.Join(dir, "bad"))
		if code != exitBad || !strings.Contains(stderr, pairs+": it is damaged or not complete: count again") {
			t.Errorf("%s: exit code %d, %s", name, code, stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "bad")); err == nil {
			t.Errorf("%s: a directory is written", name)
		}
	}
	manifest := filepath.Join(o.Staging, manifestFile)
	for content, want := range map[string]string{"{": "it is damaged", `{"version":7}`: "it is of version 7, not 1"} {
		if err := os.WriteFile(manifest, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, stderr := runCommand("--staged", o.Staging, "--out", filepath.Join(dir, "bad")); code != exitBad || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit code %d, %s", content, code, stderr)
		}
	}
}
