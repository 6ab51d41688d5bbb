package export

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// The NPY format, version 1.0, as numpy describes it in
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html:
//
//   - the bytes \x93NUMPY, then the version, 1 and 0;
//   - the length of the header, little-endian u16;
//   - the header: a Python dict literal with the keys descr, fortran_order and shape,
//     padded with spaces and ended by \n, so that the data start at a multiple of 64;
//   - the data, here little-endian and in the order of C.
//
// A .npz is a zip file with one .npy for each array. The package sbinet/npyio, which
// reads both, writes two dimensions of float64 alone, and needs all of an array in
// memory; the [V,V] tables here are written row by row.

// The types of numbers in an array.
const (
	float64s = "<f8"
	float32s = "<f4"
	uint64s  = "<u8"
	int64s   = "<i8"
	bytes8   = "|u1"
)

// archive writes a .npz.
type archive struct{ zip *zip.Writer }

// zipTime is the time of all files in an archive, the first that zip can tell.
func zipTime() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// array adds an array whose numbers fill writes, as many as the shape has.
func (a archive) array(name, descr string, shape []int, fill func(*numbers) error) error {
	// Nothing is compressed, as numpy.savez does: the bytes then depend on no
	// compressor.
	file, err := a.zip.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store, Modified: zipTime()})
	if err != nil {
		return err
	}
	n := &numbers{w: bufio.NewWriterSize(file, 1<<16)}
	if _, err := n.w.Write(npyHeader(descr, shape)); err != nil {
		return err
	}
	if err := fill(n); err != nil {
		return err
	}
	want := int64(width(descr))
	for _, dim := range shape {
		want *= int64(dim)
	}
	if n.bytes != want {
		return fmt.Errorf("array %s %v of %s: %d bytes were written, not %d", name, shape, descr, n.bytes, want)
	}
	return n.w.Flush()
}

// npyHeader returns everything before the data.
func npyHeader(descr string, shape []int) []byte {
	dims := make([]string, len(shape))
	for i, d := range shape {
		dims[i] = fmt.Sprint(d)
	}
	list := strings.Join(dims, ", ")
	if len(shape) == 1 {
		list += ","
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, list)
	const before = 10 // magic, version, length
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	start := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(start, header...)
}

// width returns the bytes of a number of a type.
func width(descr string) int {
	var n int
	if _, err := fmt.Sscanf(descr[2:], "%d", &n); err != nil {
		return 0
	}
	if descr[1] == 'U' {
		return 4 * n
	}
	return n
}

// numbers writes numbers one after the other. The first error is kept by the writer
// and returned at its end.
type numbers struct {
	w     *bufio.Writer
	bytes int64
}

func (n *numbers) put(b []byte) {
	k, _ := n.w.Write(b)
	n.bytes += int64(k)
}

func (n *numbers) u32(x uint32) {
	n.put(binary.LittleEndian.AppendUint32(n.w.AvailableBuffer(), x))
}
func (n *numbers) u64(x uint64) {
	n.put(binary.LittleEndian.AppendUint64(n.w.AvailableBuffer(), x))
}
func (n *numbers) f64(x float64) { n.u64(math.Float64bits(x)) }
func (n *numbers) f32(x float32) { n.u32(math.Float32bits(x)) }

// text writes a string in a field of so many characters, UTF-32.
func (n *numbers) text(s string, characters int) {
	for _, r := range s {
		n.u32(uint32(r))
		characters--
	}
	for ; characters > 0; characters-- {
		n.u32(0)
	}
}

// newArchive begins a .npz.
func newArchive(w io.Writer) archive { return archive{zip.NewWriter(w)} }

func (a archive) close() error { return a.zip.Close() }
