package data

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"qk/data/text"
)

// checkCorpus checks what holds for every corpus.
func checkCorpus(t tb, c *Corpus, opts Options) {
	t.Helper()
	V := c.Vocab.Len()
	for w := range V {
		text := c.Vocab.Text(Word(w))
		if at, ok := c.Vocab.Lookup(text); !ok || at != Word(w) || text == "" || !utf8.ValidString(text) || w > 0 && c.Vocab.Text(Word(w-1)) >= text {
			t.Fatalf("word %d of %q is %q", w, c.Vocab.All(), text)
		}
	}
	limit := opts.MaxVocab
	_, unknown := c.Vocab.Lookup(Unknown)
	if unknown {
		limit++
	}
	if opts.Boundary {
		limit++
	}
	if opts.MaxVocab > 0 && V > limit || opts.Boundary != (c.Boundary >= 0) || c.Unknown > 0 && !unknown || c.Unknown >= c.Tokens {
		t.Fatalf("%d words, boundary %d, %d of %d tokens unknown with %+v", V, c.Boundary, c.Unknown, c.Tokens, opts)
	}
	if opts.Boundary && c.Vocab.Text(c.Boundary) != Boundary {
		t.Fatalf("the boundary is %q", c.Vocab.Text(c.Boundary))
	}

	occurs := make([]uint64, V)
	seen := map[string]bool{}
	var key bytes.Buffer
	var tokens uint64
	for _, s := range c.Sentences {
		inner := s.Words
		if opts.Boundary {
			last := len(inner) - 1
			if last < 2 || inner[0] != c.Boundary || inner[last] != c.Boundary {
				t.Fatalf("sentence %v", s)
			}
			occurs[c.Boundary] += 2 * s.N
			inner = inner[1:last]
		}
		k := wordsKey(&key, s.Words)
		if s.N == 0 || len(inner) == 0 || seen[k] {
			t.Fatalf("sentence %v, seen before: %v", s, seen[k])
		}
		seen[k] = true
		for _, w := range inner {
			if w == c.Boundary {
				t.Fatalf("sentence %v", s)
			}
			occurs[w] += s.N
		}
		tokens += uint64(len(inner)) * s.N
	}
	for w, n := range occurs {
		text := c.Vocab.Text(Word(w))
		if n == 0 || n < opts.MinCount && text != Unknown && text != Boundary {
			t.Fatalf("%q occurs %d times with %+v", text, n, opts)
		}
	}
	if tokens != c.Tokens || len(c.SHA256) != 64 {
		t.Fatalf("%d tokens, want %d; sum %q", c.Tokens, tokens, c.SHA256)
	}
}

// FuzzLoad: any bytes give an error or a corpus, and counts, in order.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"open the train diary\nopen the candle diary\r\n", "", "\n \n", "\ufeffa b\n", "\xff", "a\x00b", "<s> <unk> a\n<S>", "a\na\nb",
		"Don't — 3.14!\n世界 👩‍👧\n", "a a a b a a\na b a b", "\xff\xfea\x00", "x y\nz y\nx y\n\n\n",
	} {
		for kind := range uint8(3) {
			f.Add([]byte(seed), kind, kind == 1, uint64(kind), 2*int(kind), int(kind)+1)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte, kind uint8, boundary bool, minCount uint64, maxVocab, context int) {
		if len(content) > 4096 {
			t.Skip("a long text takes long and shows nothing more")
		}
		opts := Options{
			Tokenizer: text.Tokenizer{Tokens: text.KnownTokens()[kind%3], KeepCase: kind&4 != 0, Punctuation: kind&8 != 0},
			Boundary:  boundary, MinCount: minCount, MaxVocab: maxVocab,
		}
		given := bytes.Clone(content)
		corpus, err := Load(text.FromBytes("fuzz", content), opts)
		if !bytes.Equal(content, given) {
			t.Fatal("the text has changed")
		}
		if err != nil {
			if corpus != nil || err.Error() == "" {
				t.Fatalf("%v, %v", corpus, err)
			}
			return
		}
		checkCorpus(t, corpus, opts)
		counts, err := Count(corpus, context)
		if err != nil {
			if counts != nil || err.Error() == "" {
				t.Fatalf("%v, %v", counts, err)
			}
			return
		}
		checkCounts(t, counts)
	})
}
