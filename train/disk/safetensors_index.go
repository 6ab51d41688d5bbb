package disk

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// TensorInfo describes a tensor of a safetensors file.
type TensorInfo struct {
	Name  string
	DType string // as the file has it, such as "F32"
	Shape []int  // an empty shape is that of a scalar
}

// TensorIndex is what the header of a safetensors file says, with the place of
// every tensor's bytes. No data has been read.
type TensorIndex struct {
	file    io.ReaderAt
	start   int64 // of the data
	entries []headerEntry
}

// ReadTensorIndex reads the header of a safetensors file of the given size. Unlike
// [DecodeTensors] it lets tensors of any dtype pass; the size of those whose dtype it
// does not know is not checked. It is as strict in everything else, and its errors
// are the same, but for those of the reader, which are returned as they are.
func ReadTensorIndex(file io.ReaderAt, size int64) (*TensorIndex, error) {
	if size < 8 {
		return nil, formatErr(FileTooShort, "", "%d bytes do not hold the header's size", size)
	}
	var first [8]byte
	if err := readAt(file, first[:], 0); err != nil {
		return nil, err
	}
	length, rest := binary.LittleEndian.Uint64(first[:]), uint64(size)-8
	if length > maxHeaderSize {
		return nil, formatErr(HeaderTooLarge, "", "%d bytes, the limit is %d", length, maxHeaderSize)
	}
	if length > rest {
		return nil, formatErr(FileTooShort, "", "the header has %d bytes, and %d are there", length, rest)
	}
	header := make([]byte, length)
	if err := readAt(file, header, 8); err != nil {
		return nil, err
	}
	_, entries, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(entries, func(a, b headerEntry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	if err := checkLayout(entries, rest-length); err != nil {
		return nil, err
	}
	return &TensorIndex{file, 8 + int64(length), entries}, nil
}

// readAt fills b. A file that is shorter than it was said to be is cut short.
func readAt(file io.ReaderAt, b []byte, at int64) error {
	n, err := file.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return formatErr(FileTooShort, "", "%d bytes at %d, and %d are there", len(b), at, n)
	}
	return err
}

// List describes the tensors, in the order of their data.
func (x *TensorIndex) List() []TensorInfo {
	list := make([]TensorInfo, len(x.entries))
	for i, e := range x.entries {
		list[i] = TensorInfo{Name: e.name, DType: e.dtype, Shape: make([]int, len(e.shape))}
		for j, dim := range e.shape {
			list[i].Shape[j] = int(dim)
		}
	}
	return list
}

// Bytes returns the bytes of tensor i of the list, little-endian in row-major order.
func (x *TensorIndex) Bytes(i int) *io.SectionReader {
	e := x.entries[i]
	return io.NewSectionReader(x.file, x.start+int64(e.begin), int64(e.end-e.begin))
}
