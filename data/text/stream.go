package text

import (
	"io"
	"sync/atomic"
)

// stream is a source that is being read: the text of it, decompressed if need be.
type stream struct {
	io.Reader
	source io.Closer
	decode io.Closer // or nil
	count  *counter
}

// stream opens the source for reading from its start.
func (s *Source) stream() (*stream, error) {
	in, err := s.open()
	if err != nil {
		return nil, err
	}
	count := &counter{in: in}
	text, decode := decompress(count, DisplayName(s.Name))
	if s.tee != nil {
		text = io.TeeReader(text, s.tee)
	}
	return &stream{Reader: text, source: in, decode: decode, count: count}, nil
}

// stored returns how many bytes of the source have been read.
func (s *stream) stored() int64 { return s.count.n.Load() }

// Close closes the source.
func (s *stream) Close() error {
	if s.decode != nil {
		s.decode.Close()
	}
	return s.source.Close()
}

// maxEmptyReads is how often a reader may give nothing, and no reason for it.
const maxEmptyReads = 100

// counter counts the bytes that are read, and keeps why reading failed.
type counter struct {
	in  io.Reader
	n   atomic.Int64
	err error
}

func (c *counter) Read(p []byte) (n int, err error) {
	for range maxEmptyReads {
		if n, err = c.in.Read(p); n > 0 || err != nil || len(p) == 0 {
			break
		}
		err = io.ErrNoProgress
	}
	c.n.Add(int64(n))
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
