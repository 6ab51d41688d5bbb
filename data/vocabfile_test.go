package data

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestReadVocabulary(t *testing.T) {
	for _, c := range []struct {
		content string
		want    []string
		err     string
	}{
		{"b\na\r\nc", []string{"b", "a", "c"}, ""},
		{"\ufeffnew york\n \n<unk>\n", []string{"new york", " ", "<unk>"}, ""},
		{"", nil, "--vocab words: the file is empty: give one word a line"},
		{"a\n\nb\n", nil, "--vocab words: line 2 is empty: give one word a line"},
		{"a\n\t\n", nil, "--vocab words: line 2 holds nothing but white space: give one word a line"},
		{"a\nb \n", nil, "--vocab words: line 2 holds \"b \", with white space at an end: give one word a line"},
		{"a\nb\na\n", nil, "--vocab words: line 3 holds \"a\", which is in line 1 already: give each word once"},
		{"a\n\xff\n", nil, "--vocab words: line 2, byte offset 2: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"},
	} {
		got, err := ReadVocabulary(strings.NewReader(c.content), "words")
		if !slices.Equal(got, c.want) || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
			t.Errorf("%q gives %q, %v; want %q, %s", c.content, got, err, c.want, c.err)
		}
	}
}

// FuzzReadVocabulary: what is read, written one a line, is read again.
func FuzzReadVocabulary(f *testing.F) {
	f.Add([]byte("b\na\r\nc"))
	f.Add([]byte("\ufeff \n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		words, err := ReadVocabulary(bytes.NewReader(content), "words")
		if err != nil {
			return
		}
		again, err := ReadVocabulary(strings.NewReader(strings.Join(words, "\n")+"\n"), "words")
		if err != nil || !slices.Equal(again, words) {
			t.Errorf("%q gives %q, and then %q, %v", content, words, again, err)
		}
	})
}

func TestEarlierWords(t *testing.T) {
	for _, c := range []struct {
		window   []Word
		boundary Word
		want     []Word
	}{
		{nil, -1, nil},
		{[]Word{3, 1, 3, 2, 1}, -1, []Word{1, 2, 3}},
		{[]Word{0, 3, 1, 0}, 0, []Word{1, 3}},
		{[]Word{0, 0}, 0, nil},
		{[]Word{0, 3}, -1, []Word{0, 3}},
	} {
		window := slices.Clone(c.window)
		got := EarlierWords(make([]Word, 0, 1), window, c.boundary)
		if !slices.Equal(got, c.want) || !slices.Equal(window, c.window) {
			t.Errorf("%v with the boundary %d gives %v, want %v", c.window, c.boundary, got, c.want)
		}
	}
}
