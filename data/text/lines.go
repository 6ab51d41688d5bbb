package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"qk/train/disk"
)

// MaxLine is the length in bytes of the longest line that [Lines] accepts, and of
// the longest run without a place to cut that [Number] does, a line end not counted.
const MaxLine = 16 << 20

// lineBuffer is the size in bytes of the read buffer. Only a line that does not
// fit is copied.
const lineBuffer = 64 << 10

// Lines calls visit for every line of r in turn, with its number, counted from
// 1, and its text without the line end. The text is valid only during the call.
// An error of visit ends the reading and is returned as it is; every other
// error is a [*Error]. The name, for messages, is a file name or "-" for
// standard input.
//
// A line ends with LF or CRLF; the last one need not. No other character ends a
// line: a CR elsewhere, a form feed or U+2028 is white space within it. Blank
// lines are lines. A UTF-8 byte-order mark at the very start is dropped.
//
// Text is UTF-8 without NUL. The first byte that breaks this is an error, and
// so is a line longer than [MaxLine], which is found without reading the rest.
// A line is visited only after it has been read and checked as a whole.
func Lines(r io.Reader, name string, visit func(line int, text []byte) error) error {
	return readLines(bufio.NewReaderSize(r, lineBuffer), name, MaxLine, visit)
}

// readLines is Lines with a buffer and a limit of choice; neither the size of
// the buffer nor that of the reads shows in the result.
func readLines(in *bufio.Reader, name string, limit int, visit func(line int, text []byte) error) error {
	l := lineReader{in: in, name: DisplayName(name), limit: limit}
	for {
		raw, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(l.line, withoutLineEnd(raw)); err != nil {
			return err
		}
	}
}

// withoutLineEnd drops one LF or CRLF at the end.
func withoutLineEnd(raw []byte) []byte {
	text, ok := bytes.CutSuffix(raw, []byte("\n"))
	if ok {
		text = bytes.TrimSuffix(text, []byte("\r"))
	}
	return text
}

// lineReader reads and checks one line after another.
type lineReader struct {
	in    *bufio.Reader
	name  string
	limit int

	line   int    // number of the current line
	start  int64  // offset of its first byte
	length int    // its bytes, with the line end
	long   []byte // holds it when it does not fit into the buffer of in
	ended  bool   // the end of the file has been seen
}

// next returns the next line with its line end, or io.EOF after the last one.
func (l *lineReader) next() ([]byte, error) {
	if l.ended {
		return nil, io.EOF
	}
	l.line++
	l.start += int64(l.length)
	l.long = l.long[:0]
	for checked := 0; ; {
		piece, err := l.in.ReadSlice('\n')
		if l.start == 0 && len(l.long) == 0 {
			rest, markErr := l.dropMark(piece)
			if markErr != nil {
				return nil, markErr
			}
			piece = rest
		}
		raw := piece
		if len(l.long) > 0 || err == bufio.ErrBufferFull {
			l.long = append(l.long, piece...)
			raw = l.long
		}
		whole := err == nil || err == io.EOF
		n, checkErr := l.check(raw, checked, whole)
		if checkErr != nil {
			return nil, checkErr
		}
		checked = n
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF:
			l.ended = true
			if len(raw) == 0 {
				return nil, io.EOF
			}
		case err != nil:
			return nil, l.readError(len(raw), err)
		}
		l.length = len(raw)
		return raw, nil
	}
}

// dropMark drops a UTF-8 byte-order mark from the first bytes of the file and
// refuses every other one.
func (l *lineReader) dropMark(head []byte) ([]byte, error) {
	mark, encoding := byteOrderMark(head)
	if encoding != "" {
		return nil, l.encodingError(encoding)
	}
	l.start += int64(mark)
	return head[mark:], nil
}

// byteOrderMark returns the length of the UTF-8 byte-order mark that a text begins
// with, or the name of the encoding whose mark it begins with instead.
func byteOrderMark(head []byte) (length int, encoding string) {
	const utf8Mark = "\xef\xbb\xbf"
	has := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	switch {
	case has(utf8Mark):
		return len(utf8Mark), ""
	case has("\xff\xfe\x00\x00"), has("\x00\x00\xfe\xff"): // before UTF-16, whose mark is the first half of this one
		return 0, "UTF-32"
	case has("\xff\xfe"), has("\xfe\xff"):
		return 0, "UTF-16"
	}
	return 0, ""
}

// check looks for the first bad byte of a line from raw[from:] on, then at its
// length, and returns how far it came. The end of a line that is not whole may
// be half a character, which is left for the next time.
//
// It sees two bytes past the limit, room for CRLF, and no more, so that the
// verdict is the same however much of an overlong line has been read.
func (l *lineReader) check(raw []byte, from int, whole bool) (int, error) {
	seen := raw
	if room := l.limit + 2; len(seen) > room {
		seen, whole = seen[:room], false
	}
	from = min(from, len(seen))
	to := len(seen)
	if !whole {
		to = max(from, to-halfCharacter(seen))
	}
	if at := firstBad(seen[from:to]); at >= 0 && from+at < l.limit {
		return 0, l.byteError(from+at, seen[from+at])
	}
	if len(withoutLineEnd(seen)) > l.limit && (whole || len(seen) == l.limit+2) {
		return 0, l.lengthError()
	}
	return to, nil
}

// halfCharacter returns the length of an unfinished UTF-8 sequence at the end
// of text, which may be 0.
func halfCharacter(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// firstBad returns the index of the first byte that is NUL or not part of valid
// UTF-8, or -1.
func firstBad(text []byte) int {
	nul := bytes.IndexByte(text, 0)
	if nul >= 0 {
		text = text[:nul]
	}
	if utf8.Valid(text) {
		return nul
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

func (l *lineReader) byteError(at int, b byte) error {
	e := &Error{
		Name: l.name, Line: l.line, Offset: l.start + int64(at),
		Reason: fmt.Sprintf("not valid UTF-8 (0x%02x)", b),
		Hint:   "convert the file first, for example with iconv -f windows-1252 -t utf-8",
	}
	if b == 0 {
		e.Reason = "NUL byte: looks like a binary file, not text"
		e.Hint = "give a text file; text in UTF-16 must be converted first, for example with iconv -f utf-16le -t utf-8"
	}
	return e
}

func (l *lineReader) encodingError(encoding string) error {
	return &Error{
		Name: l.name, Line: l.line, Offset: 0,
		Reason: encoding + " byte-order mark: the text is " + encoding + ", not UTF-8",
		Hint:   "convert the file first, for example with iconv -f " + encoding + " -t utf-8",
	}
}

func (l *lineReader) lengthError() error {
	return &Error{
		Name: l.name, Line: l.line, Offset: l.start,
		Reason: "line longer than " + l.limitText(),
		Hint:   "a sentence is a line: put a line break between sentences",
	}
}

// runError is of a run that begins where the line does and is too long to be held
// in memory until it can be cut.
func (l *lineReader) runError() error {
	return &Error{
		Name: l.name, Line: l.line, Offset: l.start,
		Reason: "no white space for " + l.limitText(),
		Hint:   "put a line break between sentences, and white space between words",
	}
}

func (l *lineReader) limitText() string {
	if l.limit%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", l.limit>>20)
	}
	return fmt.Sprintf("%d bytes", l.limit)
}

// readError wraps the cause of a read that failed after n bytes of the line, unless
// the cause says all that there is to say.
func (l *lineReader) readError(n int, cause error) error {
	var told *Error
	if errors.As(cause, &told) {
		return told
	}
	return &Error{
		Name: l.name, Line: l.line, Offset: l.start + int64(n),
		Reason: fmt.Sprintf("reading failed: %v", disk.WithoutPath(cause)),
		Hint:   "check that the input is a readable file and try again",
		Err:    cause,
	}
}
