package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// linesOf returns every line that readLines visits, and its error.
func linesOf(r io.Reader, buffer, limit int) ([]string, error) {
	var lines []string
	err := readLines(bufio.NewReaderSize(r, buffer), "corpus.txt", limit, func(line int, text []byte) error {
		if line != len(lines)+1 {
			return fmt.Errorf("line %d is visited after %d lines", line, len(lines))
		}
		lines = append(lines, string(text))
		return nil
	})
	return lines, err
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"empty file", "", nil},
		{"byte-order mark alone", "\ufeff", nil},
		{"one blank line", "\n", []string{""}},
		{"LF", "a b\nc\n", []string{"a b", "c"}},
		{"CRLF", "a b\r\nc\r\n", []string{"a b", "c"}},
		{"both kinds", "a\nb\r\nc\n", []string{"a", "b", "c"}},
		{"last line without an end", "a\nb", []string{"a", "b"}},
		{"last line blank without an end", "a\n\n", []string{"a", ""}},
		{"blank lines are lines", "\n\r\n\na", []string{"", "", "", "a"}},
		{"byte-order mark", "\ufeffa\nb\n", []string{"a", "b"}},
		{"byte-order mark and CRLF", "\ufeff\r\nb\r\n", []string{"", "b"}},
		{"only the first mark is one", "\ufeff\ufeffa\n\ufeffb\n", []string{"\ufeffa", "\ufeffb"}},
		{"CR within a line", "a\rb\nc\r", []string{"a\rb", "c\r"}},
		{"one CR belongs to CRLF", "a\r\r\nb\n", []string{"a\r", "b"}},
		{"LF CR is not a line end of its own", "a\n\rb", []string{"a", "\rb"}},
		{"other separators", "a\u2028b\u0085c\vd\fe\n", []string{"a\u2028b\u0085c\vd\fe"}},
		{"two, three and four bytes a character", "é€😀\n😀€é", []string{"é€😀", "😀€é"}},
		{"the replacement character is valid", "a\ufffdb", []string{"a\ufffdb"}},
		{"longer than the smallest buffer", strings.Repeat("é", 40) + "\n" + strings.Repeat("x", 50), []string{strings.Repeat("é", 40), strings.Repeat("x", 50)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for way, r := range readers(c.in) {
				for _, buffer := range []int{16, lineBuffer} {
					got, err := linesOf(r(), buffer, MaxLine)
					if err != nil || !slices.Equal(got, c.want) {
						t.Errorf("%s, buffer of %d: got %q, %v; want %q", way, buffer, got, err, c.want)
					}
				}
			}
		})
	}
}

// readers returns readers of one text that hand it out in different pieces.
func readers(text string) map[string]func() io.Reader {
	plain := func() io.Reader { return strings.NewReader(text) }
	return map[string]func() io.Reader{
		"at once":            plain,
		"byte by byte":       func() io.Reader { return iotest.OneByteReader(plain()) },
		"by halves":          func() io.Reader { return iotest.HalfReader(plain()) },
		"data with the end":  func() io.Reader { return iotest.DataErrReader(plain()) },
		"end twice over":     func() io.Reader { return io.MultiReader(plain(), strings.NewReader("")) },
		"bytes with the end": func() io.Reader { return iotest.DataErrReader(iotest.OneByteReader(plain())) },
	}
}

func TestLinesErrors(t *testing.T) {
	const (
		convert = "convert the file first, for example with iconv -f windows-1252 -t utf-8"
		nul     = "NUL byte: looks like a binary file, not text"
		nulHint = "give a text file; text in UTF-16 must be converted first, for example with iconv -f utf-16le -t utf-8"
	)
	for _, c := range []struct {
		name, in     string
		line         int
		offset       int64
		reason, hint string
	}{
		{"NUL", "ab\nc\x00d\n", 2, 4, nul, nulHint},
		{"NUL first", "\x00", 1, 0, nul, nulHint},
		{"NUL before a bad byte", "a\x00\xff\n", 1, 1, nul, nulHint},
		{"bad byte before a NUL", "a\xff\x00\n", 1, 1, "not valid UTF-8 (0xff)", convert},
		{"Latin-1", "ab\ncaf\xe9 au lait\n", 2, 6, "not valid UTF-8 (0xe9)", convert},
		{"after a byte-order mark", "\ufeffab\n\xff", 2, 6, "not valid UTF-8 (0xff)", convert},
		{"after CRLF", "ab\r\n\xff", 2, 4, "not valid UTF-8 (0xff)", convert},
		{"half a character at the line end", "ab\n€\xe2\x82\nc", 2, 6, "not valid UTF-8 (0xe2)", convert},
		{"half a character at the end of the file", "ab\n\xf0\x9f\x98", 2, 3, "not valid UTF-8 (0xf0)", convert},
		{"continuation byte alone", "\x80", 1, 0, "not valid UTF-8 (0x80)", convert},
		{"overlong form of /", "a\xc0\xaf", 1, 1, "not valid UTF-8 (0xc0)", convert},
		{"surrogate U+D800", "a\xed\xa0\x80", 1, 1, "not valid UTF-8 (0xed)", convert},
		{"beyond U+10FFFF", "a\xf4\x90\x80\x80", 1, 1, "not valid UTF-8 (0xf4)", convert},
		{"UTF-16, low byte first", "\xff\xfea\x00\n\x00", 1, 0, "UTF-16 byte-order mark: the text is UTF-16, not UTF-8", "convert the file first, for example with iconv -f UTF-16 -t utf-8"},
		{"UTF-16, high byte first", "\xfe\xff\x00a\x00\n", 1, 0, "UTF-16 byte-order mark: the text is UTF-16, not UTF-8", "convert the file first, for example with iconv -f UTF-16 -t utf-8"},
		{"UTF-32, low byte first", "\xff\xfe\x00\x00a\x00\x00\x00", 1, 0, "UTF-32 byte-order mark: the text is UTF-32, not UTF-8", "convert the file first, for example with iconv -f UTF-32 -t utf-8"},
		{"UTF-32, high byte first", "\x00\x00\xfe\xff\x00\x00\x00a", 1, 0, "UTF-32 byte-order mark: the text is UTF-32, not UTF-8", "convert the file first, for example with iconv -f UTF-32 -t utf-8"},
		{"UTF-16 without a mark", "a\x00b\x00\n\x00", 1, 1, nul, nulHint},
		{"a mark of UTF-16 later on is a bad byte", "a\n\xff\xfe", 2, 2, "not valid UTF-8 (0xff)", convert},
		{"line too long", "short\n" + strings.Repeat("x", 41) + "\nshort", 2, 6, "line longer than 40 bytes", "a sentence is a line: put a line break between sentences"},
		{"bad byte before a line is too long", strings.Repeat("x", 39) + "\xff", 1, 39, "not valid UTF-8 (0xff)", convert},
		{"bad byte where a line is too long", strings.Repeat("x", 40) + "\xff", 1, 0, "line longer than 40 bytes", "a sentence is a line: put a line break between sentences"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := Error{Name: "corpus.txt", Line: c.line, Offset: c.offset, Reason: c.reason, Hint: c.hint}
			for way, r := range readers(c.in) {
				for _, buffer := range []int{16, lineBuffer} {
					lines, err := linesOf(r(), buffer, 40)
					var got *Error
					if !errors.As(err, &got) || *got != want {
						t.Errorf("%s, buffer of %d: got %v; want %v", way, buffer, err, &want)
					}
					if len(lines) != c.line-1 {
						t.Errorf("%s, buffer of %d: visited %q before the error in line %d", way, buffer, lines, c.line)
					}
				}
			}
		})
	}
}

func TestTextErrorMessage(t *testing.T) {
	const want = "corpus.txt: line 3, byte offset 57: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"
	text := strings.Repeat("x", 30) + "\n" + strings.Repeat("y", 20) + "\nzzzzz\xff\n"
	none := func(int, []byte) error { return nil }
	err := Lines(strings.NewReader(text), "corpus.txt", none)
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	err = Lines(strings.NewReader(text), "-", none)
	if err == nil || !strings.HasPrefix(err.Error(), "standard input: line 3, ") {
		t.Errorf("got %v; want the name standard input", err)
	}
	err = Lines(strings.NewReader(strings.Repeat("x", MaxLine+1)), "corpus.txt", none)
	if err == nil || !strings.Contains(err.Error(), "line longer than 16 MiB") {
		t.Errorf("got %v; want the limit as 16 MiB", err)
	}
}

// TestLinesLimit has lines of exactly the limit, and one byte more, with every
// line end, around the sizes of the buffers.
func TestLinesLimit(t *testing.T) {
	for _, limit := range []int{4, 14, 15, 16, 17, 30, 31, 32, 33, 1000} {
		for _, end := range []string{"\n", "\r\n", "", "\nnext", "\r\nnext"} {
			for _, mark := range []string{"", "\ufeff"} {
				fits := strings.Repeat("x", limit)
				long := fits + "x"
				for _, buffer := range []int{16, 17, 64} {
					lines, err := linesOf(strings.NewReader(mark+fits+end), buffer, limit)
					if err != nil || lines[0] != fits {
						t.Errorf("limit %d, end %q, buffer %d: got %q, %v; want the line", limit, end, buffer, lines, err)
					}
					lines, err = linesOf(strings.NewReader(mark+long+end), buffer, limit)
					var e *Error
					if !errors.As(err, &e) || e.Line != 1 || e.Offset != int64(len(mark)) || len(lines) != 0 {
						t.Errorf("limit %d, end %q, buffer %d: got %q, %v; want a line too long", limit, end, buffer, lines, err)
					}
				}
			}
		}
	}
	// A CR that no LF follows is text, and counts.
	if _, err := linesOf(strings.NewReader("xxxx\r"), 16, 4); err == nil {
		t.Error("a CR at the end of the file is not counted")
	}
	if _, err := linesOf(strings.NewReader("xxxx\rx\n"), 16, 4); err == nil {
		t.Error("a CR in mid-line is not counted")
	}
}

// endless gives the same bytes again and again and counts them.
type endless struct {
	pattern string
	given   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.pattern[(e.given+i)%len(e.pattern)]
	}
	e.given += len(p)
	return len(p), nil
}

func TestLinesOfAnEndlessReader(t *testing.T) {
	for _, c := range []struct {
		pattern, reason string
		most            int // bytes that may be read
	}{
		{"x", "line longer than 16 MiB", MaxLine + 2*lineBuffer},
		{"€", "line longer than 16 MiB", MaxLine + 2*lineBuffer},
		{"\x00", "NUL byte: looks like a binary file, not text", lineBuffer},
		{"\xff", "not valid UTF-8 (0xff)", lineBuffer},
	} {
		in := &endless{pattern: c.pattern}
		err := Lines(in, "endless", func(int, []byte) error { return errors.New("a line was visited") })
		var e *Error
		if !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%q: got %v; want %s", c.pattern, err, c.reason)
		}
		if in.given > c.most {
			t.Errorf("%q: %d bytes were read; want at most %d", c.pattern, in.given, c.most)
		}
	}
}

func TestLinesReadError(t *testing.T) {
	broken := errors.New("the cable came out")
	for _, c := range []struct {
		before  string
		cause   error
		message string
		visited int
	}{
		{"", broken, "corpus.txt: line 1, byte offset 0: reading failed: the cable came out: ", 0},
		{"ab\ncd", broken, "corpus.txt: line 2, byte offset 5: reading failed: the cable came out: ", 1},
		{"ab\n", broken, "corpus.txt: line 2, byte offset 3: reading failed: the cable came out: ", 1},
		{"ab\n\xe2\x82", broken, "corpus.txt: line 2, byte offset 5: reading failed: the cable came out: ", 1},
		{"\ufeffab", broken, "corpus.txt: line 1, byte offset 5: reading failed: the cable came out: ", 0},
		{"", &fs.PathError{Op: "read", Path: "corpus.txt", Err: broken}, "corpus.txt: line 1, byte offset 0: reading failed: the cable came out: ", 0},
		{"a", io.ErrUnexpectedEOF, "corpus.txt: line 1, byte offset 1: reading failed: unexpected EOF: ", 0},
	} {
		lines, err := linesOf(io.MultiReader(strings.NewReader(c.before), iotest.ErrReader(c.cause)), 16, MaxLine)
		if err == nil || !strings.HasPrefix(err.Error(), c.message) {
			t.Errorf("after %q: got %v; want %s…", c.before, err, c.message)
		}
		if !errors.Is(err, c.cause) {
			t.Errorf("after %q: %v does not wrap its cause", c.before, err)
		}
		if len(lines) != c.visited {
			t.Errorf("after %q: visited %q", c.before, lines)
		}
	}
	_, err := linesOf(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("ab\n"))), 16, MaxLine)
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("got %v; want the time-out, although the reader works again after it", err)
	}
}

func TestLinesStopsAtAnErrorOfVisit(t *testing.T) {
	stop := errors.New("enough")
	n := 0
	err := Lines(strings.NewReader("a\nb\nc\n"), "corpus.txt", func(line int, _ []byte) error {
		n++
		if line == 2 {
			return stop
		}
		return nil
	})
	if err != stop || n != 2 {
		t.Errorf("got %v after %d lines; want the same error after 2", err, n)
	}
}

// TestLinesReadsTheEndOnce pins that a terminal needs one Ctrl-D, also after a
// last line without an end.
func TestLinesReadsTheEndOnce(t *testing.T) {
	for _, text := range []string{"", "a", "a\n", "ab\ncd"} {
		in := &countsEnds{Reader: strings.NewReader(text)}
		if _, err := linesOf(in, 16, MaxLine); err != nil {
			t.Error(err)
		}
		if in.ends != 1 {
			t.Errorf("%q: the end of the file was read %d times", text, in.ends)
		}
	}
}

type countsEnds struct {
	io.Reader
	ends int
}

func (c *countsEnds) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		c.ends++
	}
	return n, err
}

// expectedLines is what Lines must do, on a text in memory: its lines up to the
// first bad byte, and the index of that byte, or -1.
func expectedLines(text string) ([]string, int) {
	bad := -1
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			bad = i
			break
		}
	}
	if bad >= 0 {
		text = text[:strings.LastIndexByte(text[:bad], '\n')+1]
	}
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	last := len(lines) - 1
	for i := range lines[:last] {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	if lines[last] == "" {
		lines = lines[:last]
	}
	return lines, bad
}

// checkLines compares Lines with expectedLines, for every way to read a text.
func checkLines(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	want, bad := expectedLines(text)
	for way, r := range readers(text) {
		for _, buffer := range []int{16, 23, lineBuffer} {
			got, err := linesOf(r(), buffer, MaxLine)
			if !slices.Equal(got, want) {
				t.Fatalf("%s, buffer of %d: %q gives %q; want %q", way, buffer, text, got, want)
			}
			if bad < 0 {
				if err != nil {
					t.Fatalf("%s, buffer of %d: %q gives %v", way, buffer, text, err)
				}
				continue
			}
			var e *Error
			line := 1 + strings.Count(text[:bad], "\n")
			if !errors.As(err, &e) || e.Offset != int64(bad) || e.Line != line {
				t.Fatalf("%s, buffer of %d: %q gives %v; want line %d, byte offset %d", way, buffer, text, err, line, bad)
			}
		}
	}
}

// TestLinesProperties draws texts from pieces that matter to lines.
func TestLinesProperties(t *testing.T) {
	pieces := []string{"a", "word ", "\n", "\r\n", "\r", "é", "€", "😀", "\ufeff", "\ufffd", "\u2028",
		"\x00", "\xff", "\xff\xfe", "\xe2", "\x82", "\xf0\x9f", strings.Repeat("x", 15), strings.Repeat("é", 9)}
	rapid.Check(t, func(t *rapid.T) {
		// Bad pieces end a text, so most texts do without.
		some := pieces[:11]
		if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			some = pieces
		}
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(some)).Draw(t, "text"), "")
		checkLines(t, text)
	})
}

// TestLinesLimitProperties draws texts around a small limit: the verdict is the
// same for every buffer.
func TestLinesLimitProperties(t *testing.T) {
	pieces := []string{"a", "\n", "\r\n", "\r", "é", "€", "😀", "\ufeff", "\x00", "\xff", "\xe2\x82", "\xf0\x9f", "xxxxxxxxxxxx"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "text"), "")
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		want, wantErr := linesOf(strings.NewReader(text), lineBuffer, limit)
		for _, line := range want {
			if len(line) > limit {
				t.Fatalf("%q is longer than %d", line, limit)
			}
		}
		for way, r := range readers(text) {
			for _, buffer := range []int{16, 17, 19, 24, 31, 40} {
				got, err := linesOf(r(), buffer, limit)
				if !slices.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
					t.Fatalf("%s, buffer of %d: %q gives %q, %v; want %q, %v", way, buffer, text, got, err, want, wantErr)
				}
			}
		}
	})
}

// TestLinesEndsProperty has the same lines with LF and with CRLF.
func TestLinesEndsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.StringMatching(`[a-zé€ ]{0,20}`)).Draw(t, "lines")
		for _, end := range []string{"\n", "\r\n"} {
			text := ""
			for _, line := range lines {
				text += line + end
			}
			got, err := linesOf(strings.NewReader(text), 16, MaxLine)
			if err != nil || !slices.Equal(got, lines) {
				t.Fatalf("%q gives %q, %v", text, got, err)
			}
		}
	})
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{
		"", "a", "a\nb", "a\r\nb\r\n", "\ufeffa\n", "a\rb", "\xff\xfea\x00", "\x00\x00\xfe\xff", "caf\xe9\n", "é€😀\n",
		strings.Repeat("é", 30) + "\n\xe2", "\n\n\r\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		checkLines(t, string(text))
		if !bytes.Equal(text, before) {
			t.Error("the input was changed")
		}
	})
}

func BenchmarkLines(b *testing.B) {
	text := []byte(strings.Repeat("see whether the candle went out yet\n", 10_000))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Lines(bytes.NewReader(text), "corpus.txt", func(int, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
