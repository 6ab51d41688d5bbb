package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/text"
)

// show writes a corpus out: its vocabulary, and its sentences with their
// numbers of lines.
func show(c *Corpus) string {
	var sentences []string
	for _, s := range c.Sentences {
		sentences = append(sentences, fmt.Sprintf("%d× %s", s.N, strings.Join(c.Vocab.Texts(s.Words), " ")))
	}
	return strings.Join(c.Vocab.All(), " ") + " | " + strings.Join(sentences, ", ")
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		name, content   string
		opts            Options
		want            string
		tokens, unknown uint64
	}{
		{"the order of first occurrence", "b a\na b\nb a\n", Options{}, "a b | 2× b a, 1× a b", 6, 0},
		{"blank lines", "\n \nb a\n\n\t\n", Options{}, "a b | 1× b a", 2, 0},
		{"a line of one word is a sentence", "b a\nc\n", Options{}, "a b c | 1× b a, 1× c", 3, 0},
		{"case and punctuation", "The train, the TRAIN!\n", Options{}, "the train | 1× the train the train", 4, 0},
		{"capitals kept", "The the\n", Options{Tokenizer: text.Tokenizer{KeepCase: true}}, "The the | 1× The the", 2, 0},
		{"a line of marks only", "?!\na\n", Options{}, "a | 1× a", 1, 0},
		{"punctuation kept", "?!\na\n", Options{Tokenizer: text.Tokenizer{Punctuation: true}}, "! ? a | 1× ? !, 1× a", 3, 0},
		{"lines that differ in white space", "a b\n a  b \na\tb\n", Options{}, "a b | 3× a b", 6, 0},
		{"characters", "ab\nba\n", Options{Tokenizer: text.Tokenizer{Tokens: text.Chars}}, "a b | 1× a b, 1× b a", 4, 0},
		{"boundary", "b a\nc\n", Options{Boundary: true}, "<s> a b c | 1× <s> b a <s>, 1× <s> c <s>", 3, 0},
		{"words are split before they could be a boundary", "<s> a\n", Options{Boundary: true}, "<s> a s | 1× <s> s a <s>", 2, 0},
		{"without the boundary its name is a word like any other", "<s> a\n", Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}}, "<s> a | 1× <s> a", 2, 0},
		{"min-count 1", "b a a\n", Options{MinCount: 1}, "a b | 1× b a a", 3, 0},
		{"min-count 2", "b a a\n", Options{MinCount: 2}, "<unk> a | 1× <unk> a a", 3, 1},
		{"unknown words make sentences equal", "x a a\ny a a\nz a\n", Options{MinCount: 3}, "<unk> a | 2× <unk> a a, 1× <unk> a", 8, 3},
		{"max-vocab, ties in byte order", "c b a d d\n", Options{MaxVocab: 2}, "<unk> a d | 1× <unk> <unk> a d d", 5, 2},
		{"max-vocab as large as the vocabulary", "c b a d d\n", Options{MaxVocab: 4}, "a b c d | 1× c b a d d", 5, 0},
		{"both limits", "c c c b b b a a d\n", Options{MinCount: 2, MaxVocab: 2}, "<unk> b c | 1× c c c b b b <unk> <unk> <unk>", 9, 3},
		{"boundary and unknown come on top", "b a a\n", Options{MaxVocab: 1, Boundary: true}, "<s> <unk> a | 1× <s> <unk> a a <s>", 3, 1},
		{"the text has a word for unknown ones already", "<unk> <unk> a b b\n", Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, MinCount: 2}, "<unk> b | 1× <unk> <unk> <unk> b b", 5, 1},
	} {
		corpus, err := Load(text.FromText("a name", c.content), c.opts)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(corpus); got != c.want {
			t.Errorf("%s: got %s\nwant %s", c.name, got, c.want)
		}
		if corpus.Tokens != c.tokens || corpus.Unknown != c.unknown || corpus.Name != "a name" {
			t.Errorf("%s: %d tokens, %d unknown, name %q; want %d, %d", c.name, corpus.Tokens, corpus.Unknown, corpus.Name, c.tokens, c.unknown)
		}
		wantBoundary := Word(-1)
		if c.opts.Boundary {
			wantBoundary, _ = corpus.Vocab.Lookup(Boundary)
		}
		if corpus.Boundary != wantBoundary {
			t.Errorf("%s: the boundary is word %d, want %d", c.name, corpus.Boundary, wantBoundary)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	const (
		empty = "the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too"
		clash = "holds the word <s> itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out"
		utf8  = "not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"
	)
	fields := Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, Boundary: true}
	for _, c := range []struct {
		name, content string
		opts          Options
		want          string
	}{
		{"a.txt", "", Options{}, "corpus a.txt: " + empty},
		{"a.txt", "\ufeff", Options{}, "corpus a.txt: " + empty},
		{"a.txt", " \n\n\t\r\n", Options{}, "corpus a.txt: " + empty},
		{"a.txt", "?!\n", Options{MinCount: 3}, "corpus a.txt: " + empty},
		{"-", "", Options{Boundary: true}, "corpus standard input: " + empty},
		{"a.txt", "a b\n", Options{MinCount: 2}, "corpus a.txt: no word occurs 2 times, so --min-count 2 leaves none: lower it"},
		{"-", "a b a\n", Options{MinCount: 3, MaxVocab: 1}, "corpus standard input: no word occurs 3 times, so --min-count 3 leaves none: lower it"},
		{"a.txt", "a\n\nb <s> c\n", fields, "a.txt: line 3 " + clash},
		{"-", "<s>", fields, "standard input: line 1 " + clash},
		{"a.txt", "<S>", fields, "a.txt: line 1 " + clash},
		{"a.txt", "a\nb\xff\n", Options{}, "a.txt: line 2, byte offset 3: " + utf8},
		{"-", "a\nb\xff\n", Options{}, "standard input: line 2, byte offset 3: " + utf8},
	} {
		corpus, err := Load(text.FromText(c.name, c.content), c.opts)
		if err == nil || err.Error() != c.want || corpus != nil {
			t.Errorf("%q gives %v;\nwant %s", c.content, err, c.want)
		}
	}
}

// TestLoadLineEnds: how a text ends its lines, whether it ends the last one, and
// a byte-order mark, make no difference but to the sum of its bytes.
func TestLoadLineEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawText(t)
		crlf := strings.ReplaceAll(content, "\n", "\r\n")
		for _, opts := range []Options{{}, {Boundary: true}, {MinCount: 1, MaxVocab: 2}, {Tokenizer: text.Tokenizer{Tokens: text.Chars}}} {
			load := func(content string) *Corpus {
				corpus, err := Load(text.FromText("x", content), opts)
				if err != nil {
					t.Fatal(err)
				}
				return corpus
			}
			want := load(content)
			for _, other := range []string{content + "\n", content + "\n\n \n", crlf, crlf + "\r\n", "\ufeff" + content, "\ufeff" + crlf} {
				got := load(other)
				if show(got) != show(want) || got.Tokens != want.Tokens || got.Unknown != want.Unknown || got.SHA256 == want.SHA256 {
					t.Fatalf("%q gives %s\n%q gives %s", other, show(got), content, show(want))
				}
			}
		}
	})
}

// TestLoadWeights: lines repeated are one sentence with a weight, wherever they
// stand, and the lines and tokens are counted all the same.
func TestLoadWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		weights := map[string]uint64{}
		var tokens uint64
		for range rapid.IntRange(1, 4).Draw(t, "sentences") {
			line := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 4).Draw(t, "line"), " ")
			n := rapid.IntRange(1, 5).Draw(t, "n")
			weights[line] += uint64(n)
			tokens += uint64(n * len(strings.Fields(line)))
			lines = append(lines, slices.Repeat([]string{line}, n)...)
		}
		lines = rapid.Permutation(lines).Draw(t, "order")
		c := loadText(t, strings.Join(lines, "\n"), Options{})
		if c.Lines() != uint64(len(lines)) || c.Tokens != tokens || len(c.Sentences) != len(weights) {
			t.Fatalf("%d lines, %d tokens, %d sentences; want %d, %d, %d", c.Lines(), c.Tokens, len(c.Sentences), len(lines), tokens, len(weights))
		}
		at := -1
		for _, s := range c.Sentences {
			text := strings.Join(c.Vocab.Texts(s.Words), " ")
			first := slices.Index(lines, text)
			if s.N != weights[text] || first <= at {
				t.Fatalf("%q has the weight %d at place %d, want %d after place %d", text, s.N, first, weights[text], at)
			}
			at = first
		}
	})
}

// TestLoadSHA256: the sum is that of the bytes, line ends, byte-order mark and
// all.
func TestLoadSHA256(t *testing.T) {
	for _, content := range []string{"a b\n", "a b\r\n", "\ufeffa b", strings.Repeat("word ", 50000) + "\n\n \n"} {
		sum := sha256.Sum256([]byte(content))
		corpus, err := Load(text.FromBytes("x", bytes.Clone([]byte(content))), Options{})
		if err != nil || corpus.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes: %v, %v", len(content), corpus, err)
		}
	}
	// printf 'a b\n' | sha256sum
	corpus, err := Load(text.FromText("x", "a b\n"), Options{})
	if want := "01186fcf04b4b447f393e552964c08c7b419c1ad7a25c342a0b631b1967d3a27"; err != nil || corpus.SHA256 != want {
		t.Errorf("sum %v, %v; want %s", corpus, err, want)
	}
}

// TestLoadGone: a file that was there when it was named may be gone when it is
// read.
func TestLoadGone(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("gone.txt", []byte("one two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := text.Open("gone.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("gone.txt"); err != nil {
		t.Fatal(err)
	}
	const want = "corpus gone.txt: no such file or directory"
	if _, err := Load(source, Options{}); err == nil || err.Error() != want {
		t.Errorf("Load gives %v; want %s", err, want)
	}
}

// TestLoadAll: several texts are one corpus, as their texts one after another are,
// but that the end of a text ends a sentence.
func TestLoadAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return drawText(t) }), 1, 4).Draw(t, "texts")
		opts := Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, Boundary: rapid.Bool().Draw(t, "boundary"), MaxVocab: rapid.IntRange(0, 3).Draw(t, "words")}
		var sources []*text.Source
		for i, content := range texts {
			sources = append(sources, text.FromText(fmt.Sprint("text", i), content))
		}
		got, err := LoadAll(context.Background(), sources, opts, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Load(text.FromText("x", strings.Join(texts, "\n")), opts)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(strings.Join(texts, "")))
		if show(got) != show(want) || got.Tokens != want.Tokens || got.Unknown != want.Unknown || got.Boundary != want.Boundary || got.SHA256 != hex.EncodeToString(sum[:]) {
			t.Fatalf("%q give %s, want %s", texts, show(got), show(want))
		}
		if got.Name != text.Names(sources) {
			t.Fatalf("the name is %q", got.Name)
		}
	})
}

// TestLoadAllErrors name the text that is to blame, or all of them.
func TestLoadAllErrors(t *testing.T) {
	load := func(contents ...string) error {
		var sources []*text.Source
		for i, content := range contents {
			sources = append(sources, text.FromText(fmt.Sprint("text", i), content))
		}
		_, err := LoadAll(context.Background(), sources, Options{Tokenizer: text.Tokenizer{Tokens: text.Fields}, Boundary: true}, nil)
		return err
	}
	for _, c := range []struct {
		contents []string
		want     string
	}{
		{[]string{"", "\n"}, "corpus text0, text1: " + ErrNoWords.Error()},
		{[]string{"a b\n", "a\n\xff"}, "text1: line 2, byte offset 2: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"},
		{[]string{"a\nb\nc", "a\n<s>"}, "text1: line 2 holds the word <s> itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out"},
	} {
		if err := load(c.contents...); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v; want %s", c.contents, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := LoadAll(ctx, []*text.Source{text.FromText("x", "a b")}, Options{}, nil); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// TestLoadALongLine has a line longer than any that is held at a time.
func TestLoadALongLine(t *testing.T) {
	const n = text.MaxLine/8 + 1
	corpus := loadText(t, strings.Repeat("one two ", n), Options{})
	if len(corpus.Sentences) != 1 || corpus.Tokens != 2*n || corpus.Lines() != 1 {
		t.Errorf("%d sentences, %d tokens", len(corpus.Sentences), corpus.Tokens)
	}
}
