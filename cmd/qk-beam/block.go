package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"qk/data/text"
	"qk/train/disk"
)

// blockSize is the length in bytes of the pieces that a text is counted in.
const blockSize = 16 << 20

// block is a part of a text: the lines whose first byte is in [Start, End). A text
// that can only be read from its start is one block.
type block struct {
	Name       string // file, or built-in corpus
	BuiltIn    bool
	Compressed bool
	Start, End int64
	Size       int64 // of the file, when it was found
}

// piece is the result of [text.Number] for some lines of a block, and the words.
type piece struct {
	*text.Numbered
	Words []uint32
}

// pieces numbers the words of a block, some lines at a time, and visits them. A
// compressed text has many pieces, any other block has one. The words are valid only
// during the call. Errors name the line in the whole text.
func (b block) pieces(ctx context.Context, o text.NumberOptions, visit func(piece) error) error {
	source := text.FromOpener(b.Name, func() (io.ReadCloser, error) { return b.open(ctx) })
	var in io.ReadCloser
	var err error
	if b.Compressed {
		in, err = source.Reader()
	} else {
		in, err = b.open(ctx)
	}
	if err != nil {
		return err
	}
	defer in.Close()
	r := &lineReader{in: bufio.NewReaderSize(in, 1<<16)}
	if b.Start > 0 {
		if err := b.skip(in, r); err != nil {
			return err
		}
	}
	n := numbering{ctx: ctx, b: b, o: o, r: r, visit: visit}
	if b.BuiltIn || b.Compressed {
		for r.err == nil {
			if err := n.next(r.at + blockSize); err != nil {
				return err
			}
		}
		return nil
	}
	if r.at < b.End {
		if err := n.next(b.End); err != nil {
			return err
		}
	}
	if r.at < b.End || b.End == b.Size && r.at > b.Size {
		return b.changed()
	}
	return nil
}

// numbering numbers one piece of a block after another.
type numbering struct {
	ctx   context.Context
	b     block
	o     text.NumberOptions
	r     *lineReader
	visit func(piece) error
	words []uint32
}

// next numbers the next piece, which has the byte before an offset.
func (n *numbering) next(end int64) error {
	n.r.upTo(end)
	begin, lines := n.r.at, n.r.lines
	in, extra := io.Reader(n.r), uint64(0)
	if begin > 0 {
		// An empty line before it makes the first line an ordinary one: it is not the
		// start of a text, where a byte-order mark may be.
		in, extra = io.MultiReader(strings.NewReader("\n"), n.r), 1
	}
	n.words = n.words[:0]
	source := text.FromOpener(n.b.Name, func() (io.ReadCloser, error) { return io.NopCloser(in), nil })
	numbered, err := text.Number(n.ctx, []*text.Source{source}, n.o, func(c text.Chunk) error {
		n.words = append(n.words, c.Words...)
		return nil
	})
	if err != nil {
		return n.b.relocated(n.ctx, err, begin, lines)
	}
	numbered.Bytes -= extra
	return n.visit(piece{Numbered: numbered, Words: n.words})
}

// skip moves to the first line that begins in the block.
func (b block) skip(in io.Reader, r *lineReader) error {
	s, ok := in.(io.Seeker)
	if !ok {
		return fmt.Errorf("corpus %s: this text cannot be read in blocks", b.Name)
	}
	switch _, err := s.Seek(b.Start-1, io.SeekStart); {
	case err == io.EOF:
		return b.changed()
	case err != nil:
		return fmt.Errorf("corpus %s: %w", b.Name, disk.WithoutPath(err))
	}
	r.at = b.Start - 1
	r.upTo(b.Start)
	if _, err := io.Copy(io.Discard, r); err != nil {
		return fmt.Errorf("corpus %s: %w", b.Name, disk.WithoutPath(err))
	}
	r.lines = -1 // nobody knows
	return nil
}

func (b block) changed() error {
	return fmt.Errorf("corpus %s: the file was changed while it was read, it had %d bytes at first: wait until nothing writes to it, or copy it first", b.Name, b.Size)
}

// relocated turns the place that an error names within a piece, which begins at an
// offset after so many lines, into one in the text. Lines that nobody knows are
// counted now that it is worth it.
func (b block) relocated(ctx context.Context, err error, begin int64, lines int) error {
	var inText *text.Error
	var inLine *text.BoundaryError
	switch {
	case begin == 0:
		return err
	case errors.As(err, &inText) && inText.Line > 0:
	case errors.As(err, &inLine):
	default:
		return err
	}
	if lines < 0 {
		var failed error
		if lines, failed = b.linesBefore(ctx, begin); failed != nil {
			return failed
		}
	}
	lines-- // the empty line is not in the text
	if inLine != nil {
		moved := *inLine
		moved.Line += lines
		return &moved
	}
	moved := *inText
	moved.Line += lines
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
	r := &lineReader{in: bufio.NewReaderSize(in, 1<<16)}
	r.upTo(offset)
	if _, err := io.Copy(io.Discard, r); err != nil {
		return 0, fmt.Errorf("corpus %s: %w", b.Name, disk.WithoutPath(err))
	}
	return r.lines, nil
}

// lineReader reads up to the end of the line that the byte before an offset is in,
// and not one byte more. The end can be moved on then.
type lineReader struct {
	in    *bufio.Reader
	at    int64  // offset of the next byte
	end   int64  // set by upTo
	lines int    // line ends so far
	rest  []byte // of a line, to be handed out
	whole bool   // the last line has been read with its end
	err   error  // how the text ended
}

// upTo moves the end on.
func (r *lineReader) upTo(end int64) { r.end, r.whole = end, false }

// Read reads up to the end.
func (r *lineReader) Read(p []byte) (n int, err error) {
	switch {
	case len(r.rest) > 0:
	case r.whole:
		return 0, io.EOF
	case r.err != nil:
		return 0, r.err
	case r.at < r.end-1:
		n, r.err = r.in.Read(p[:min(int64(len(p)), r.end-1-r.at)])
		r.pass(p[:n])
		return n, nil
	default:
		var err error
		r.rest, err = r.in.ReadSlice('\n')
		r.whole = err == nil
		if err != bufio.ErrBufferFull {
			r.err = err
		}
	}
	n = copy(p, r.rest)
	r.rest = r.rest[n:]
	r.pass(p[:n])
	return n, nil
}

// pass counts bytes that are handed out.
func (r *lineReader) pass(p []byte) {
	r.at += int64(len(p))
	r.lines += bytes.Count(p, []byte("\n"))
}
