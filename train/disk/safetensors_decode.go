package disk

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// headerEntry is a tensor as the header describes it.
type headerEntry struct {
	name       string
	dtype      string
	shape      []uint64
	begin, end uint64
}

// widths are the bytes of a value of every dtype that has whole ones.
var widths = map[string]uint64{
	"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "C64": 8, "BOOL": 1,
	"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1,
}

// DecodeTensors reads a whole safetensors file whose tensors are of dtype F64 or
// F32. F64 values keep all their bits; F32 values become the float64 of the same
// value, and a NaN among them keeps its sign and its payload. The tensors come
// in the order of their data, whatever the header's order; those that share an
// offset because they are empty keep the header's.
//
// The file is taken to be hostile. Every number is checked before it is used,
// and the memory used is bounded by a small multiple of len(data). Beyond what
// the format asks for, unknown fields of a tensor and numbers that are not plain
// decimal integers are refused. Every error is a [*FormatError]:
//
//   - [FileTooShort]: the header or a tensor's data goes past the end;
//   - [HeaderTooLarge]: the header's size is given as more than 100 MB;
//   - [BadHeader]: the header is not the JSON that the format describes;
//   - [BadName]: a name or a metadata key is used twice;
//   - [BadDType]: a dtype is neither F64 nor F32;
//   - [BadShape]: a shape's product overflows;
//   - [BadOffsets]: the data of a tensor has not the size of its shape, overlaps
//     that of another or leaves a hole;
//   - [TrailingBytes]: there are bytes that belong to no tensor at the end.
func DecodeTensors(data []byte) (Tensors, error) {
	if len(data) < 8 {
		return Tensors{}, formatErr(FileTooShort, "", "%d bytes do not hold the header's size", len(data))
	}
	size := binary.LittleEndian.Uint64(data)
	data = data[8:]
	if size > maxHeaderSize {
		return Tensors{}, formatErr(HeaderTooLarge, "", "%d bytes, the limit is %d", size, maxHeaderSize)
	}
	if size > uint64(len(data)) {
		return Tensors{}, formatErr(FileTooShort, "", "the header has %d bytes, and %d are there", size, len(data))
	}
	metadata, entries, err := parseHeader(data[:size])
	if err != nil {
		return Tensors{}, err
	}
	for _, e := range entries {
		if e.dtype != "F64" && e.dtype != "F32" {
			return Tensors{}, formatErr(BadDType, e.name, "%q is neither F64 nor F32", e.dtype)
		}
	}
	data = data[size:]
	slices.SortStableFunc(entries, func(a, b headerEntry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	if err := checkLayout(entries, uint64(len(data))); err != nil {
		return Tensors{}, err
	}
	list := make([]Tensor, len(entries))
	for i, e := range entries {
		shape := make([]int, len(e.shape))
		for j, dim := range e.shape {
			shape[j] = int(dim)
		}
		list[i] = Tensor{Name: e.name, Shape: shape, Data: decodeValues(data[e.begin:e.end], widths[e.dtype])}
	}
	return Tensors{Metadata: metadata, List: list}, nil
}

// checkLayout tells whether the entries, sorted by their offsets, cover a buffer
// of the given size exactly, each with the number of bytes its shape asks for.
func checkLayout(entries []headerEntry, size uint64) error {
	var next uint64
	for _, e := range entries {
		width, known := widths[e.dtype]
		want, ok := byteSize(e.shape, max(1, width))
		if !known && ok && e.end >= e.begin { // of a dtype that is not read the size is not known
			want = e.end - e.begin
		}
		switch {
		case !ok:
			return formatErr(BadShape, e.name, "shape %v overflows", e.shape)
		case e.end < e.begin:
			return formatErr(BadOffsets, e.name, "it ends at %d, before its start at %d", e.end, e.begin)
		case e.end-e.begin != want:
			return formatErr(BadOffsets, e.name, "%d to %d hold %d bytes, and shape %v takes %d",
				e.begin, e.end, e.end-e.begin, e.shape, want)
		case e.begin < next:
			return formatErr(BadOffsets, e.name, "it starts at %d and overlaps the tensor that ends at %d", e.begin, next)
		case e.begin > next:
			return formatErr(BadOffsets, e.name, "it starts at %d and leaves a hole from %d", e.begin, next)
		case e.end > size:
			return formatErr(FileTooShort, e.name, "its data ends at %d, and there are %d bytes of data", e.end, size)
		}
		next = e.end
	}
	if next < size {
		return formatErr(TrailingBytes, "", "the tensors end at %d, and there are %d bytes of data", next, size)
	}
	return nil
}

// decodeValues gives the little-endian values of the given width in data.
func decodeValues(data []byte, width uint64) []float64 {
	values := make([]float64, uint64(len(data))/width)
	for i := range values {
		if width == 4 {
			values[i] = widen(binary.LittleEndian.Uint32(data[4*i:]))
		} else {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
	}
	return values
}

// widen gives the float64 of the float32 with the given bits. A NaN is moved bit
// by bit, because the conversion instruction of some processors makes a
// signalling NaN quiet and that of others drops the payload.
func widen(b uint32) float64 {
	const exponent, fraction = 0x7f800000, 0x007fffff
	if b&exponent != exponent || b&fraction == 0 {
		return float64(math.Float32frombits(b))
	}
	sign, payload := uint64(b>>31), uint64(b&fraction)
	return math.Float64frombits(sign<<63 | 0x7ff<<52 | payload<<(52-23))
}
