package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"qk/data/text"
)

// lineError is a mistake in a line of a text that can be read.
type lineError struct {
	Name   string
	Line   int // counted from 1
	Reason string
}

func (e *lineError) Error() string { return fmt.Sprintf("%s: line %d %s", e.Name, e.Line, e.Reason) }

// lines visits the lines of the block as [text.Lines] does and returns how many bytes
// of text, not compressed, belong to the block. Line numbers are those within the
// block until an error, a [*text.Error] or a [*lineError] of visit, makes it worth
// counting the lines before.
func (b block) lines(ctx context.Context, visit func(line int, text []byte) error) (int64, error) {
	in, err := b.open(ctx)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	if b.BuiltIn || b.Compressed {
		return b.allLines(in, visit)
	}
	r := &blockReader{in: in, at: b.Start, end: b.End}
	if b.Start > 0 {
		if err := b.skip(in, r); err != nil || r.at >= b.End {
			return b.End - b.Start, err
		}
	}
	begin := r.at
	if begin == 0 {
		err = text.Lines(r, b.Name, visit)
	} else {
		// The empty line before them makes the first line an ordinary one: it is not
		// the start of the file, where a byte-order mark may be.
		err = text.Lines(io.MultiReader(strings.NewReader("\n"), r), b.Name, func(line int, text []byte) error {
			if line == 1 {
				return nil
			}
			return visit(line-1, text)
		})
	}
	if err != nil {
		return 0, b.relocated(ctx, err, begin)
	}
	if r.at < b.End || b.End == b.Size && r.at > b.End {
		return 0, b.changed()
	}
	return b.End - b.Start, nil
}

// allLines visits the lines of a text that is one block.
func (b block) allLines(in io.Reader, visit func(line int, text []byte) error) (int64, error) {
	if b.Compressed {
		unpacked, err := gzip.NewReader(bufio.NewReader(in))
		if err != nil {
			return 0, fmt.Errorf("corpus %s: %w: it is called .gz but is no gzip file: rename it, or compress it again", b.Name, err)
		}
		in = unpacked
	}
	counted := &blockReader{in: in, end: 1<<63 - 1}
	err := text.Lines(counted, b.Name, visit)
	return counted.at, err
}

// skip moves to the first line that begins in the block.
func (b block) skip(in io.ReadCloser, r *blockReader) error {
	s, ok := in.(io.Seeker)
	if !ok {
		return fmt.Errorf("corpus %s: this text cannot be read in blocks", b.Name)
	}
	if _, err := s.Seek(b.Start-1, io.SeekStart); err != nil {
		if err == io.EOF {
			return b.changed()
		}
		return fmt.Errorf("corpus %s: %w", b.Name, withoutPath(err))
	}
	buffered := bufio.NewReader(in)
	r.in, r.at = buffered, b.Start-1
	for {
		piece, err := buffered.ReadSlice('\n')
		r.at += int64(len(piece))
		switch err {
		case nil:
			return nil
		case bufio.ErrBufferFull:
			if r.at >= b.End {
				return nil
			}
		case io.EOF:
			if r.at < b.End {
				return b.changed()
			}
			return nil
		default:
			return fmt.Errorf("corpus %s: %w", b.Name, withoutPath(err))
		}
	}
}

func (b block) changed() error {
	return fmt.Errorf("corpus %s: the file changed while it was read, it had %d bytes at first: wait until it is complete, then count again", b.Name, b.Size)
}

// relocated turns a place in the block, whose first line begins at an offset, into
// a place in the file.
func (b block) relocated(ctx context.Context, err error, begin int64) error {
	var inText *text.Error
	var inLine *lineError
	if begin == 0 || !errors.As(err, &inText) && !errors.As(err, &inLine) {
		return err
	}
	before, cause := b.linesBefore(ctx, begin)
	if cause != nil {
		return cause
	}
	if inLine != nil {
		moved := *inLine
		moved.Line += before
		return &moved
	}
	moved := *inText
	moved.Line += before - 1 // for the line that is not in the file
	moved.Offset += begin - 1
	return &moved
}

// linesBefore returns the number of lines that end before an offset.
func (b block) linesBefore(ctx context.Context, offset int64) (int, error) {
	in, err := b.open(ctx)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	n, buffer, rest := 0, make([]byte, 1<<16), io.LimitReader(in, offset)
	for {
		k, err := rest.Read(buffer)
		n += bytes.Count(buffer[:k], []byte("\n"))
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return 0, fmt.Errorf("corpus %s: %w", b.Name, withoutPath(err))
		}
	}
}

// blockReader reads up to the end of the line that the byte before an offset is in,
// and knows how far it came.
type blockReader struct {
	in   io.Reader
	at   int64 // offset of the next byte
	end  int64
	done bool
}

func (r *blockReader) Read(p []byte) (int, error) {
	if r.done {
		return 0, io.EOF
	}
	n, err := r.in.Read(p)
	if from := max(0, r.end-1-r.at); from < int64(n) {
		if i := bytes.IndexByte(p[from:n], '\n'); i >= 0 {
			r.done = true
			n = int(from) + i + 1
			err = nil
		}
	}
	r.at += int64(n)
	return n, err
}
