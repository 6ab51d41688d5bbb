package text

import (
	"bytes"
	"io"
)

// FromOpener makes a source, under a name of its own, of what open opens: a text
// that is not on this machine, say. Its size is not known. Compressed data is
// decompressed as that of a file is.
func FromOpener(name string, open func() (io.ReadCloser, error)) *Source {
	return &Source{Name: name, size: -1, open: open}
}

// Compressed reports whether data that begins with the given bytes, four or all of
// it, is taken for compressed by [Source.Reader] and [Number].
func Compressed(begin []byte) bool {
	return bytes.HasPrefix(begin, gzipMagic) || isZstd(begin)
}

// gzipMagic is what gzip data begins with.
var gzipMagic = []byte{0x1f, 0x8b}
