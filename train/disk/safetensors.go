package disk

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The safetensors format, as its project describes it under "Format" in
// https://github.com/huggingface/safetensors/blob/main/README.md:
//
//   - 8 bytes: N, a u64 integer (little-endian), the size of the header.
//   - N bytes: a JSON UTF-8 string, the header: a dict from the tensors' names to
//     {"dtype": "F64", "shape": [2, 3], "data_offsets": [BEGIN, END]}, where the
//     offsets are relative to the start of the byte buffer, END being one past
//     the last byte. It starts with {, and may be padded at its end with spaces.
//     A special key __metadata__ is allowed to contain a map of text to text.
//   - The rest of the file: the byte buffer, values little-endian and in row-major
//     order, entirely indexed by the header and without holes.
//
// Duplicate keys are disallowed there. Empty tensors (some dimension is 0) and
// tensors of rank 0 (scalars) are allowed, and values may be NaN or infinite.
const (
	maxHeaderSize = 100_000_000 // the limit of the reference implementation
	headerAlign   = 8
	metadataKey   = "__metadata__"
)

// Tensor is a named array of numbers in row-major order.
type Tensor struct {
	Name  string
	Shape []int // an empty shape is that of a scalar, which holds one number
	Data  []float64
	// Single has the numbers stored as F32, each rounded to the nearest. A tensor
	// that was read does not say how it was stored.
	Single bool
}

// width is how many bytes a number takes.
func (t Tensor) width() int {
	if t.Single {
		return 4
	}
	return 8
}

// Tensors is the content of a safetensors file.
type Tensors struct {
	Metadata map[string]string // free text, may be nil
	List     []Tensor          // in the order of their data in the file
}

// Lookup gives the tensor called name and whether there is one.
func (t Tensors) Lookup(name string) (Tensor, bool) {
	i := slices.IndexFunc(t.List, func(x Tensor) bool { return x.Name == name })
	if i < 0 {
		return Tensor{}, false
	}
	return t.List[i], true
}

// EncodeTensors writes t to w in the safetensors format, every number as an F64
// with its bits unchanged, or as the nearest F32 where [Tensor.Single] is set. The bytes depend on nothing but t: metadata is sorted
// by key, tensors keep their order, and the data starts at a multiple of 8 bytes.
//
// What the format cannot hold is refused with a [*FormatError] before anything
// is written: a name used twice or reserved ([BadName]), text that is not UTF-8
// ([BadHeader]), a shape that is negative or too large, or that does not agree
// with the number of values ([BadShape]), a header above 100 MB
// ([HeaderTooLarge]). An error from w is returned as it is.
func EncodeTensors(w io.Writer, t Tensors) error {
	header, err := encodeHeader(t)
	if err != nil {
		return err
	}
	start := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+len(header)), uint64(len(header)))
	if _, err := w.Write(append(start, header...)); err != nil {
		return err
	}
	var chunk [1 << 15]byte
	for _, tensor := range t.List {
		for values := range slices.Chunk(tensor.Data, len(chunk)/8) {
			buf := chunk[:0]
			for _, v := range values {
				if tensor.Single {
					buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(float32(v)))
				} else {
					buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
				}
			}
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
	}
	return nil
}

// encodeHeader checks t and gives the padded JSON header.
func encodeHeader(t Tensors) ([]byte, error) {
	h := []byte{'{'}
	var err error
	if len(t.Metadata) > 0 {
		h = append(h, `"`+metadataKey+`":{`...)
		for i, key := range slices.Sorted(maps.Keys(t.Metadata)) {
			if i > 0 {
				h = append(h, ',')
			}
			if h, err = appendText(h, key, ""); err != nil {
				return nil, err
			}
			h = append(h, ':')
			if h, err = appendText(h, t.Metadata[key], ""); err != nil {
				return nil, err
			}
		}
		h = append(h, '}')
	}
	offset := 0
	seen := make(map[string]bool, len(t.List))
	for _, tensor := range t.List {
		if err := checkTensor(tensor, seen); err != nil {
			return nil, err
		}
		if len(h) > 1 {
			h = append(h, ',')
		}
		if h, err = appendText(h, tensor.Name, tensor.Name); err != nil {
			return nil, err
		}
		h = fmt.Appendf(h, `:{"dtype":"F%d","shape":[`, 8*tensor.width())
		for i, dim := range tensor.Shape {
			if i > 0 {
				h = append(h, ',')
			}
			h = strconv.AppendInt(h, int64(dim), 10)
		}
		end := offset + tensor.width()*len(tensor.Data)
		h = fmt.Appendf(h, `],"data_offsets":[%d,%d]}`, offset, end)
		offset = end
	}
	h = append(h, '}')
	for len(h)%headerAlign != 0 {
		h = append(h, ' ')
	}
	if len(h) > maxHeaderSize {
		return nil, formatErr(HeaderTooLarge, "", "%d bytes, the limit is %d", len(h), maxHeaderSize)
	}
	return h, nil
}

// checkTensor tells whether the format can hold a tensor after those in seen,
// to which it adds the tensor's name.
func checkTensor(t Tensor, seen map[string]bool) error {
	if t.Name == metadataKey {
		return formatErr(BadName, t.Name, "the name is reserved")
	}
	if seen[t.Name] {
		return formatErr(BadName, t.Name, "the name is used twice")
	}
	seen[t.Name] = true
	shape := make([]uint64, len(t.Shape))
	for i, dim := range t.Shape {
		if dim < 0 {
			return formatErr(BadShape, t.Name, "shape %v has a negative dimension", t.Shape)
		}
		shape[i] = uint64(dim)
	}
	width := uint64(t.width())
	size, ok := byteSize(shape, width)
	if !ok {
		return formatErr(BadShape, t.Name, "shape %v overflows", t.Shape)
	}
	if size != width*uint64(len(t.Data)) {
		return formatErr(BadShape, t.Name, "shape %v has %d values, and %d are given", t.Shape, size/width, len(t.Data))
	}
	return nil
}

// byteSize gives the number of bytes of a tensor with values of the given width
// and whether its shape is within bounds: the product of the dimensions other
// than 0 must not overflow, wherever a 0 stands among them.
func byteSize(shape []uint64, width uint64) (size uint64, ok bool) {
	size, empty := width, false
	for _, dim := range shape {
		if dim == 0 {
			empty = true
			continue
		}
		hi, lo := bits.Mul64(size, dim)
		if hi != 0 || lo > math.MaxInt {
			return 0, false
		}
		size = lo
	}
	if empty {
		size = 0
	}
	return size, true
}

// appendText appends s as a JSON string; tensor names the tensor at fault.
func appendText(h []byte, s, tensor string) ([]byte, error) {
	if len(s) > maxHeaderSize { // refused without being looked at
		return nil, formatErr(HeaderTooLarge, "", "a text of %d bytes, the limit is %d", len(s), maxHeaderSize)
	}
	if !utf8.ValidString(s) {
		return nil, formatErr(BadHeader, tensor, "text %q is not UTF-8", s)
	}
	h = append(h, '"')
	plain := 0 // where the text not yet copied starts
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		h = append(h, s[plain:i]...)
		plain = i + 1
		if c < ' ' {
			h = fmt.Appendf(h, `\u%04x`, c)
		} else {
			h = append(h, '\\', c)
		}
	}
	return append(append(h, s[plain:]...), '"'), nil
}
