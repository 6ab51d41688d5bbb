package data

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"strings"
	"testing"

	"qk/data/text"

	"pgregory.net/rapid"
)

func TestVocabulary(t *testing.T) {
	given := []string{"b", "é", "a", "Z", "b", "<unk>", "世", "ab"}
	v := NewVocabulary(given)
	// Byte order: < is 3C, Z 5A, a 61, é C3 A9, 世 E4 B8 96.
	want := []string{"<unk>", "Z", "a", "ab", "b", "é", "世"}
	if !slices.Equal(v.All(), want) || v.Len() != 7 {
		t.Fatalf("%q, length %d; want %q", v.All(), v.Len(), want)
	}
	for i, content := range want {
		w, ok := v.Lookup(content)
		found, err := v.Find(content)
		if w != Word(i) || !ok || v.Text(w) != content || found != w || err != nil {
			t.Errorf("%q is %d (%v), found as %d (%v), whose text is %q; want %d", content, w, ok, found, err, v.Text(w), i)
		}
	}
	if got := v.Texts([]Word{4, 0, 4}); !slices.Equal(got, []string{"b", "<unk>", "b"}) {
		t.Errorf("texts %q", got)
	}
	if got := v.Texts(nil); len(got) != 0 {
		t.Errorf("texts %q", got)
	}
	if _, ok := v.Lookup("c"); ok {
		t.Error("c is found")
	}
	if given[0] != "b" || given[1] != "é" {
		t.Errorf("the words given have become %q", given)
	}
	v.All()[0] = "changed"
	if v.Text(0) != "<unk>" {
		t.Error("All hands out the vocabulary's own words")
	}
	if NewVocabulary(nil).Len() != 0 {
		t.Error("no words make a vocabulary with words")
	}
}

func TestFindErrors(t *testing.T) {
	v := NewVocabulary([]string{"candle", "out", "again", "train", "brain", "drain"})
	for _, c := range []struct {
		word, want string
		nearest    string
	}{
		{"cadle", `word "cadle" is not in the vocabulary: the nearest words are "candle"`, "candle"},
		{"grain", `word "grain" is not in the vocabulary: the nearest words are "brain", "drain", "train"`, "brain drain train"}, // and again is the fourth
		{"x\ny", "word \"x\\ny\" is not in the vocabulary: `qk count` lists the words of a corpus", ""},
	} {
		_, err := v.Find(c.word)
		var unknown *UnknownWordError
		if err == nil || err.Error() != c.want || !errors.As(err, &unknown) || unknown.Word != c.word || strings.Join(unknown.Nearest, " ") != c.nearest {
			t.Errorf("%q gives %v;\nwant %s", c.word, err, c.want)
		}
	}
}

// TestVocabularyLimits compares min-count and max-vocab with a plain sort of
// all words of the text.
func TestVocabularyLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := drawText(t)
		opts := Options{MinCount: uint64(rapid.IntRange(0, 4).Draw(t, "min-count")), MaxVocab: rapid.IntRange(0, 6).Draw(t, "max-vocab")}

		counts := map[string]int{}
		for _, word := range strings.Fields(content) {
			counts[word]++
		}
		var frequent []string
		for word, n := range counts {
			if n >= int(opts.MinCount) {
				frequent = append(frequent, word)
			}
		}
		sort.Strings(frequent)
		sort.SliceStable(frequent, func(i, j int) bool { return counts[frequent[i]] > counts[frequent[j]] })
		if opts.MaxVocab > 0 {
			frequent = frequent[:min(len(frequent), opts.MaxVocab)]
		}
		known := 0
		for _, word := range frequent {
			known += counts[word]
		}
		want := slices.Clone(frequent)
		if len(frequent) < len(counts) {
			want = append(want, Unknown)
		}
		sort.Strings(want)

		opts.Tokens = text.Fields
		corpus, err := Load(text.FromText("x", content), opts)
		if len(frequent) == 0 {
			if err == nil {
				t.Fatalf("no error, though no word is left of %q", content)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(corpus.Vocab.All(), want) || int(corpus.Tokens-corpus.Unknown) != known {
			t.Fatalf("%+v: %q gives the words %q, %d known; want %q, %d", opts, content, corpus.Vocab.All(), corpus.Tokens-corpus.Unknown, want, known)
		}
		// Word by word, the text is the same but for the unknown ones.
		var all [2][]string
		for _, s := range corpus.Sentences {
			all[0] = append(all[0], slices.Repeat([]string{strings.Join(corpus.Vocab.Texts(s.Words), " ")}, int(s.N))...)
		}
		for line := range strings.SplitSeq(content, "\n") {
			words := strings.Fields(line)
			for i, word := range words {
				if !slices.Contains(frequent, word) {
					words[i] = Unknown
				}
			}
			all[1] = append(all[1], strings.Join(words, " "))
		}
		sort.Strings(all[0])
		sort.Strings(all[1])
		if !slices.Equal(all[0], all[1]) {
			t.Fatalf("%+v: %q gives the sentences %q, want %q", opts, content, all[0], all[1])
		}
	})
}

// TestWordsKey: two sequences have one key only if they are equal, whatever the
// bytes of their numbers.
func TestWordsKey(t *testing.T) {
	var buffer bytes.Buffer
	sequences := [][]Word{nil, {0}, {0, 0}, {1}, {256}, {1, 0}, {0, 1}, {65536}, {1 << 24}, {1<<31 - 1}, {255}, {-1}, {1, 256}, {256, 1}}
	keys := map[string]int{}
	for i, s := range sequences {
		key := wordsKey(&buffer, s)
		if j, ok := keys[key]; ok {
			t.Errorf("%v and %v have the same key", s, sequences[j])
		}
		keys[key] = i
		if wordsKey(&buffer, slices.Clone(s)) != key {
			t.Errorf("%v has two keys", s)
		}
	}
}

func TestCompareWords(t *testing.T) {
	ordered := [][]Word{nil, {0}, {0, 1}, {0, 1, 2}, {0, 2}, {1}, {1, 3}, {2}}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := compareWords(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%v against %v gives %d", a, b, got)
			}
		}
	}
}
