package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// TestBinaryText gives files that are not text: the message names the file and
// the byte.
func TestBinaryText(t *testing.T) {
	t.Chdir(t.TempDir())
	encode := func(order binary.ByteOrder, mark string, text string) []byte {
		b := []byte(mark)
		for _, unit := range utf16.Encode([]rune(text)) {
			b = append(b, 0, 0)
			order.PutUint16(b[len(b)-2:], unit)
		}
		return b
	}
	for name, c := range map[string]struct {
		content []byte
		say     []string
	}{
		"nul.bin":       {make([]byte, 5000), []string{"nul.bin: line 1, byte offset 0: NUL byte: looks like a binary file, not text"}},
		"some.bin":      {[]byte("a b\nc d\x00e\n"), []string{"some.bin: line 2, byte offset 7: NUL byte"}},
		"utf16le.txt":   {encode(binary.LittleEndian, "\xff\xfe", "it went"), []string{"utf16le.txt: line 1, byte offset 0: UTF-16 byte-order mark", "iconv"}},
		"utf16be.txt":   {encode(binary.BigEndian, "\xfe\xff", "it went"), []string{"utf16be.txt: line 1, byte offset 0: UTF-16 byte-order mark"}},
		"unmarked.txt":  {encode(binary.LittleEndian, "", "it went"), []string{"unmarked.txt: line 1, byte offset 1: NUL byte", "iconv -f utf-16le"}},
		"latin.txt":     {[]byte("it went\na caf\xe9 here\n"), []string{"latin.txt: line 2, byte offset 13: not valid UTF-8 (0xe9)", "iconv -f windows-1252"}},
		"overlong.txt":  {[]byte("a \xc0\xaf b\n"), []string{"overlong.txt: line 1, byte offset 2: not valid UTF-8 (0xc0)"}},
		"surrogate.txt": {[]byte("a \xed\xa0\x80 b\n"), []string{"surrogate.txt: line 1, byte offset 2: not valid UTF-8 (0xed)"}},
		"cut.txt":       {[]byte("a b \xe2\x82"), []string{"cut.txt: line 1, byte offset 4: not valid UTF-8 (0xe2)"}},
		"far.txt":       {append(bytes.Repeat([]byte("a b c d e f\n"), 100000), "x \xff y"...), []string{"far.txt: line 100001, byte offset 1200002: not valid UTF-8 (0xff)"}},
	} {
		write(t, name, c.content)
		for _, command := range []string{"train", "count", "gradcheck"} {
			wantRefusal(t, session{}.run(command, "--corpus", name), c.say...)
		}
	}
	if runs, err := listRuns("runs"); len(runs) > 0 || err != nil {
		t.Errorf("%d runs were made, %v", len(runs), err)
	}
}

// TestGoodEncodings are texts with a mark, with Windows line ends, and without a
// last line end: all count the same.
func TestGoodEncodings(t *testing.T) {
	want := session{stdin: strings.NewReader("a b\nc d\n")}.run("count", "--corpus", "-", "--csv")
	for _, text := range []string{"\ufeffa b\nc d\n", "a b\r\nc d\r\n", "a b\nc d", "\n\na b\n\nc d\n\n"} {
		if got := (session{stdin: strings.NewReader(text)}).run("count", "--corpus", "-", "--csv"); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// TestFailingInput is a standard input that breaks off.
func TestFailingInput(t *testing.T) {
	t.Chdir(t.TempDir())
	broken := func() io.Reader {
		return io.MultiReader(strings.NewReader("it went\nit "), iotest.ErrReader(errors.New("the wire was cut")))
	}
	for _, command := range []string{"train", "count"} {
		r := session{stdin: broken()}.run(command, "--corpus", "-")
		wantRefusal(t, r, "standard input: line 2, byte offset 11: reading failed: the wire was cut")
	}
	if files := snapshot(t, "."); len(files) > 0 {
		t.Errorf("files were written: %v", files)
	}
}
