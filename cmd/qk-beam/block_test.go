package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/text"
)

// readBlocks numbers the words of a file in blocks of a size. It returns the words
// with a bar after each sentence, and what adds up.
func readBlocks(name string, size int64, o text.NumberOptions) (words string, sum text.Numbered, err error) {
	ctx := context.Background()
	var all strings.Builder
	var blocks []block
	if err := (&cutFn{BlockSize: size}).ProcessElement(ctx, name, func(b block) { blocks = append(blocks, b) }); err != nil {
		return "", sum, reportOf(err)
	}
	for _, b := range blocks {
		if err := b.pieces(ctx, o, func(p piece) error {
			for _, id := range p.Words {
				if id == text.EndOfSentence {
					all.WriteString("| ")
					continue
				}
				fmt.Fprintf(&all, "%s ", p.Lexicons[0].Text(id))
			}
			sum.Bytes += p.Bytes
			sum.Sentences += p.Sentences
			sum.Tokens += p.Tokens
			sum.Digest = [digestBytes]byte(addDigests(sum.Digest[:], p.Digest[:]))
			return nil
		}); err != nil {
			return "", text.Numbered{}, err
		}
	}
	return all.String(), sum, nil
}

// readWhole is readBlocks by text.Number, without blocks.
func readWhole(t testing.TB, name string, o text.NumberOptions) (words string, sum text.Numbered, err error) {
	source, err := text.Open(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []uint32
	n, err := text.Number(context.Background(), []*text.Source{source}, o, func(c text.Chunk) error {
		ids = append(ids, c.Words...)
		return nil
	})
	if err != nil {
		return "", sum, err
	}
	var all strings.Builder
	for _, id := range ids {
		if id == text.EndOfSentence {
			all.WriteString("| ")
			continue
		}
		fmt.Fprintf(&all, "%s ", n.Lexicons[0].Text(id))
	}
	return all.String(), *n, nil
}

// TestBlocks: the blocks of a text hold its lines, each once, whatever their size and
// wherever they are cut. A mistake is reported as it is in the whole text.
func TestBlocks(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		content := []byte(drawLines(rt))
		at := func(label string) int { return rapid.IntRange(0, len(content)).Draw(rt, label) }
		insert := func(i int, s string) { content = append(content[:i:i], append([]byte(s), content[i:]...)...) }
		if rapid.Bool().Draw(rt, "mark") {
			insert(0, "\ufeff")
		}
		switch rapid.IntRange(0, 5).Draw(rt, "mistake") {
		case 0:
			insert(at("bad byte"), "\xff")
		case 1:
			insert(at("NUL"), "\x00")
		case 2:
			insert(at("boundary"), " <s> ")
		case 3:
			insert(at("mark in the middle"), "\n\ufeff")
		}
		o := settings{Tokens: string(rapid.SampledFrom([]text.Tokens{text.Words, text.Fields}).Draw(rt, "tokens")), Boundary: true}.numbering()
		name := writeFile(t, dir, "text", content)
		size := rapid.Int64Range(1, 40).Draw(rt, "block size")
		words, sum, err := readBlocks(name, size, o)
		wantWords, want, wantErr := readWhole(t, name, o)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			rt.Fatalf("%q in blocks of %d: %v; want %v", content, size, err, wantErr)
		}
		if words != wantWords || sum.Bytes != want.Bytes || sum.Tokens != want.Tokens || sum.Sentences != want.Sentences || sum.Digest != want.Digest {
			rt.Fatalf("%q in blocks of %d: %s, %+v; want %s, %+v", content, size, words, sum, wantWords, want)
		}
	})
}

// TestLongLine: a line is not cut, and neither is the sentence, however small the
// blocks are.
func TestLongLine(t *testing.T) {
	line := strings.Repeat("word ", 40000)
	name := writeFile(t, t.TempDir(), "text", []byte("a b\n"+line+"\nc d"))
	words, sum, err := readBlocks(name, 1000, settings{}.numbering())
	if want := "a b | " + line + "| c d | "; err != nil || words != want || sum.Bytes != uint64(len(line)+8) {
		t.Errorf("%d bytes of words, %d of text, %v; want %d, %d", len(words), sum.Bytes, err, len(want), len(line)+8)
	}
}

// TestCompressedPieces: a compressed text is one block, counted some lines at a time.
func TestCompressedPieces(t *testing.T) {
	line := strings.Repeat("some words ", 1000) + "\n"
	lines := 3*blockSize/2/len(line) + 1
	dir := t.TempDir()
	zip := func(name, content string) string {
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return writeFile(t, dir, name, packed.Bytes())
	}
	content := strings.Repeat(line, lines)
	_, sum, err := readBlocks(zip("good.gz", content), blockSize, settings{}.numbering())
	if err != nil || sum.Tokens != uint64(2000*lines) || sum.Sentences != uint64(lines) || sum.Bytes != uint64(len(content)) {
		t.Errorf("%+v, %v; want %d lines of 2000 words", sum, err, lines)
	}
	name := zip("bad", content+"a \xff b\n")
	_, _, err = readBlocks(name, blockSize, settings{}.numbering())
	want := fmt.Sprintf("%s: line %d, byte offset %d: not valid UTF-8 (0xff): convert", name, lines+1, len(content)+2)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// TestChangedFile: a file that is longer or shorter than it was is noticed, unless
// whole lines were added, which were not there when the counting began.
func TestChangedFile(t *testing.T) {
	const first = "a b\nc d\ne f"
	for _, c := range []struct {
		name, later string
		changed     bool
	}{
		{"as it was", first, false},
		{"another last line", first + "g\n", true},
		{"shorter by a line", "a b\nc d\n", true},
		{"shorter by a letter", first[:len(first)-1], true},
		{"empty", "", true},
	} {
		name := writeFile(t, t.TempDir(), "text", []byte(first))
		for _, size := range []int64{4, 5, 100} {
			if err := os.WriteFile(name, []byte(first), 0o600); err != nil {
				t.Fatal(err)
			}
			var blocks []block
			if err := (&cutFn{BlockSize: size}).ProcessElement(t.Context(), name, func(b block) { blocks = append(blocks, b) }); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(c.later), 0o600); err != nil {
				t.Fatal(err)
			}
			var err error
			for _, b := range blocks {
				if err == nil {
					err = b.pieces(t.Context(), settings{}.numbering(), func(piece) error { return nil })
				}
			}
			if changed := err != nil && strings.Contains(err.Error(), "was changed while it was read"); changed != c.changed || err != nil && !changed {
				t.Errorf("%s, blocks of %d: %v", c.name, size, err)
			}
		}
	}
}
