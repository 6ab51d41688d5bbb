package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"qk/train/disk"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is the largest window of a zstd frame that is accepted, which is that of
// the command line tool: so much memory it takes to decompress.
const maxWindow = 128 << 20

// decompress returns the text that in holds, which it takes for compressed if it
// begins like that: neither gzip nor zstd begins like UTF-8. Several gzip members,
// or zstd frames, are one text. The closer is nil if there is nothing to close.
func decompress(in *counter, name string) (io.Reader, io.Closer) {
	head := &headReader{in: in}
	switch begin := head.peek(4); {
	case bytes.HasPrefix(begin, gzipMagic):
		// A reader that gives bytes, so that no more is read than the member has.
		buffered := bufio.NewReaderSize(head, lineBuffer)
		d := &decoder{source: in, name: name, format: "gzip", at: func() int64 { return in.n.Load() - int64(buffered.Buffered()) }}
		r, err := gzip.NewReader(buffered)
		if err != nil {
			d.err = d.failed(err)
			return d, nil
		}
		d.in = r
		return d, r
	case isZstd(begin):
		d := &decoder{source: in, name: name, format: "zstd", at: in.n.Load}
		r, err := zstd.NewReader(head, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			d.err = d.failed(err)
			return d, nil
		}
		d.in = r
		return d, r.IOReadCloser()
	}
	return head, nil
}

// isZstd reports whether a file begins with a frame of zstd, or with one that is
// to be skipped.
func isZstd(begin []byte) bool {
	if len(begin) < 4 {
		return false
	}
	return bytes.HasPrefix(begin, []byte{0x28, 0xb5, 0x2f, 0xfd}) || begin[0]&0xf0 == 0x50 && bytes.HasPrefix(begin[1:], []byte{0x2a, 0x4d, 0x18})
}

// decoder says where compressed data is damaged.
type decoder struct {
	in     io.Reader
	source *counter
	name   string
	format string
	at     func() int64 // bytes read
	err    error
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	n, err := d.in.Read(p)
	if err != nil && err != io.EOF {
		err = d.failed(err)
	}
	d.err = err
	return n, err
}

// failed describes an error of the library.
func (d *decoder) failed(cause error) error {
	if d.source.err != nil {
		return d.source.err // the data is not to blame
	}
	e := &Error{Name: d.name, Offset: d.at(), Err: cause, Hint: "the file is damaged: copy or download it once more"}
	switch {
	case errors.Is(cause, io.ErrUnexpectedEOF), errors.Is(cause, io.EOF):
		e.Reason = fmt.Sprintf("the %s data ends too early", d.format)
		e.Hint = "the file is not whole: copy or download it once more"
	case errors.Is(cause, gzip.ErrChecksum), errors.Is(cause, zstd.ErrCRCMismatch):
		e.Reason = fmt.Sprintf("the %s data has a wrong checksum", d.format)
	case errors.Is(cause, zstd.ErrWindowSizeExceeded), errors.Is(cause, zstd.ErrDecoderSizeExceeded):
		e.Reason = fmt.Sprintf("the %s data needs more than %d MiB to be decompressed", d.format, maxWindow>>20)
		e.Hint = "compress it anew with a smaller window, for example with zstd --long=27"
	case (errors.Is(cause, gzip.ErrHeader) || errors.Is(cause, zstd.ErrMagicMismatch)) && d.in != nil:
		e.Reason = fmt.Sprintf("after the %s data comes something else", d.format)
		e.Hint = "cut that off, or decompress the file first"
	default:
		e.Reason = fmt.Sprintf("the %s data is damaged (%v)", d.format, disk.WithoutPath(cause))
	}
	return e
}

// headReader reads on after its first bytes were looked at.
type headReader struct {
	in   io.Reader
	head []byte
	err  error // how the reading of the head ended
}

// peek returns the first n bytes, or fewer if there are no more.
func (h *headReader) peek(n int) []byte {
	buffer := make([]byte, n)
	var read int
	read, h.err = io.ReadFull(h.in, buffer)
	h.head = buffer[:read]
	if h.err == io.ErrUnexpectedEOF {
		h.err = io.EOF
	}
	return h.head
}

func (h *headReader) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		h.head = h.head[n:]
		return n, nil
	}
	if h.err != nil {
		return 0, h.err
	}
	return h.in.Read(p)
}
