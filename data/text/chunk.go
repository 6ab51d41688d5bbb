package text

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// chunkSize is about how many bytes are split at a time, and minChunk where all
// texts together are short.
const (
	chunkSize = 1 << 20
	minChunk  = 1 << 10
)

// chunk is a piece of a text on its way from the reader through a worker to the
// collector.
type chunk struct {
	// From the reader.
	piece
	source int   // number of the text
	offset int64 // of the first byte in the text
	read   int64 // bytes of all sources read so far, as they are stored
	last   bool  // the text ends here
	// What is wrong after the piece: the text goes on for too long without a place
	// to cut, it is in another encoding, or it could not be read.
	tooLong  bool
	encoding string
	failed   error

	// From the worker.
	lexicon   int
	words     []uint32
	sentences uint64
	digest    digest
	head      int // as in scanner
	tail      int
	led       bool
	lines     int // line feeds
	bad       int // index of the first bad byte, or −1
	clash     int // line feeds before the boundary, or −1

	err error // what else went wrong, in either of them

	ready chan struct{} // the worker is done with it
}

// broken reports whether the text cannot be read on after the piece.
func (k *chunk) broken() bool {
	return k.tooLong || k.encoding != "" || k.failed != nil || k.err != nil
}

// cutter reads one text and cuts it into pieces.
type cutter struct {
	in        io.Reader
	tokenizer Tokenizer
	size      int // bytes of a piece
	limit     int // bytes of the longest piece, above size if there is no place to cut

	offset int64  // of the next piece
	rest   []byte // read, and belongs to the next piece
	inside bool   // the next piece begins within a line
	blank  bool   // and after white space
	err    error  // how the text ended: io.EOF, or what went wrong
}

// newCutter cuts what a reader gives into pieces of a size.
func newCutter(in io.Reader, o NumberOptions) *cutter {
	size := max(o.chunk, 2*utf8.UTFMax)
	// A line of the greatest length has an end as well.
	return &cutter{in: in, tokenizer: o.Tokenizer, size: size, limit: o.limit + len("\r\n")}
}

// next puts the next piece into a chunk.
func (c *cutter) next(k *chunk) {
	buffer := k.text[:0]
	if cap(buffer) < c.size+padding {
		buffer = make([]byte, 0, c.size+padding)
	}
	buffer = append(buffer, c.rest...)
	first := c.offset == 0
	k.offset, k.inside, k.blank, k.last, k.tooLong = c.offset, c.inside, c.blank, false, false
	k.encoding, k.failed, k.err = "", nil, nil

	cut, searched := 0, 0
	for want := c.size; ; want = min(2*want, c.limit+utf8.UTFMax) {
		if cap(buffer) < want+padding {
			buffer = append(make([]byte, 0, want+padding), buffer...)
		}
		buffer = c.fill(buffer, want)
		if first {
			mark, encoding := byteOrderMark(buffer)
			if encoding != "" {
				k.encoding, k.n, k.text = encoding, 0, pad(buffer[:0])
				return
			}
			buffer = buffer[:copy(buffer, buffer[mark:])]
			k.offset += int64(mark)
			c.offset = k.offset
			first = false
		}
		if c.err != nil && len(buffer) <= c.limit {
			cut = len(buffer)
			k.last = true
			if c.err != io.EOF {
				k.failed = c.err
			}
			break
		}
		if cut = c.tokenizer.lastCut(buffer, searched, c.limit); cut > 0 {
			break
		}
		if len(buffer) >= c.limit+utf8.UTFMax || c.err != nil {
			cut, k.tooLong = len(buffer), true
			break
		}
		// A text that is none is not to be read for long.
		if firstBad(buffer[searched:len(buffer)-halfCharacter(buffer)]) >= 0 {
			cut, k.last, c.err = len(buffer), true, io.EOF
			break
		}
		searched = max(0, len(buffer)-2*utf8.UTFMax)
		for searched > 0 && !utf8.RuneStart(buffer[searched]) {
			searched--
		}
	}
	c.rest = append(c.rest[:0], buffer[cut:]...)
	if cut > 0 {
		c.inside = buffer[cut-1] != '\n'
		c.blank = classOf[buffer[cut-1]]&white != 0
	}
	c.offset += int64(cut)
	k.text, k.n = pad(buffer[:cut]), cut
}

// fill reads until so many bytes are there, or the text ends.
func (c *cutter) fill(buffer []byte, want int) []byte {
	for len(buffer) < want && c.err == nil {
		var n int
		n, c.err = c.in.Read(buffer[len(buffer):want])
		buffer = buffer[:len(buffer)+n]
	}
	return buffer
}

// pad puts line feeds after the text, which has room for them.
func pad(text []byte) []byte {
	return append(text, lineFeeds[:padding]...)
}

var lineFeeds = bytes.Repeat([]byte("\n"), padding)
