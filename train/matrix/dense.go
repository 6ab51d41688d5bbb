// Package matrix reads matrices that other programs wrote: .npy and .npz of NumPy,
// and safetensors. It knows nothing of words.
package matrix

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxEntries is the largest number of entries that a matrix may have.
const MaxEntries = 1 << 27

// Dense is a matrix as a file holds it.
type Dense struct {
	Rows, Cols int
	Data       []float64 // [Rows,Cols], row-major
	DType      string    // of the numbers in the file: float64, float32, float16 or bfloat16
}

// Row returns row i, which shares its memory with the matrix.
func (m *Dense) Row(i int) []float64 { return m.Data[i*m.Cols : (i+1)*m.Cols] }

// array is what a file says of an array, before its numbers are read.
type array struct {
	shape   []int
	number  number
	columns bool // stored column by column, as Fortran does
}

// errCutShort says that numbers are missing.
var errCutShort = errors.New("the file is cut short")

// read reads the numbers of an array that is a matrix. size is how many bytes they
// have according to the file, or below 0 if it is not known. Memory grows with what
// is there, not with what a header promises.
func (a array) read(in io.Reader, size int64) (*Dense, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	m := &Dense{Rows: a.shape[0], Cols: a.shape[1], DType: a.number.name}
	want := int64(m.Rows) * int64(m.Cols) * int64(a.number.width)
	if size >= 0 && size < want {
		return nil, fmt.Errorf("%w: shape %s of %s takes %d bytes, and %d are there: copy it once more", errCutShort, shapeText(a.shape), a.number.name, want, size)
	}
	if size > want {
		return nil, fmt.Errorf("the file goes on after the numbers: shape %s of %s takes %d bytes, and %d are there: write it anew", shapeText(a.shape), a.number.name, want, size)
	}
	var chunk [1 << 15]byte
	for left := want; left > 0; {
		part := chunk[:min(left, int64(len(chunk)))]
		if n, err := io.ReadFull(in, part); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("%w: shape %s of %s takes %d bytes, and %d are there: copy it once more", errCutShort, shapeText(a.shape), a.number.name, want, want-left+int64(n))
		} else if err != nil {
			return nil, err
		}
		m.Data = a.number.appendTo(m.Data, part)
		left -= int64(len(part))
	}
	if a.columns {
		m.transpose()
	}
	return m, nil
}

// check tells whether the array is a matrix that fits into memory.
func (a array) check() error {
	if len(a.shape) != 2 {
		return fmt.Errorf("its shape is %s: a matrix has two dimensions, a row for each word", shapeText(a.shape))
	}
	switch rows, cols := a.shape[0], a.shape[1]; {
	case rows == 0 || cols == 0:
		return fmt.Errorf("its shape is %s: it holds no numbers", shapeText(a.shape))
	case rows > MaxEntries/cols:
		return fmt.Errorf("its shape is %s: more than %d numbers do not fit into memory", shapeText(a.shape), MaxEntries)
	}
	return nil
}

// transpose puts numbers that are in the order of columns into that of rows.
func (m *Dense) transpose() {
	data := make([]float64, len(m.Data))
	for j := range m.Cols {
		for i, x := range m.Data[j*m.Rows : (j+1)*m.Rows] {
			data[i*m.Cols+j] = x
		}
	}
	m.Data = data
}

// shapeText writes a shape as the rest of the program does: [13,8].
func shapeText(shape []int) string {
	dims := make([]string, len(shape))
	for i, d := range shape {
		dims[i] = fmt.Sprint(d)
	}
	return "[" + strings.Join(dims, ",") + "]"
}

// expectEnd is an error if anything follows.
func expectEnd(in *bufio.Reader) error {
	switch _, err := in.ReadByte(); {
	case err == nil:
		return errors.New("it goes on after the numbers")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}
