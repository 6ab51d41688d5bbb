package runs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Encoder writes one run. Of every row it stores the distance from the key
// before, doubled, as a varint; where the count is above 1 that number is odd, and
// the count less 2 follows.
type Encoder struct {
	next uint64 // lowest key that may follow
	Rows int64  // rows so far
}

// Append appends a row to dst, the run so far. Keys ascend and have at most 63
// bits; the count is at least 1.
func (e *Encoder) Append(dst []byte, key uint64, n int64) ([]byte, error) {
	if key < e.next || key>>keyBits != 0 || n < 1 {
		return dst, fmt.Errorf("row %d of a run has the key %d, after %d, and the count %d: this is a bug", e.Rows, key, int64(e.next)-1, n)
	}
	distance := (key - e.next) << 1
	e.next = key + 1
	e.Rows++
	if n == 1 {
		return binary.AppendUvarint(dst, distance), nil
	}
	return binary.AppendUvarint(binary.AppendUvarint(dst, distance|1), uint64(n-2)), nil
}

// errDamaged says that bytes are no run.
var errDamaged = errors.New("damaged run: it ends in the middle of a row, or a number is out of range")

// Decoder reads a run.
type Decoder struct {
	in   io.ByteReader
	next uint64
	Key  uint64 // of the current row
	N    int64  // its count
}

// NewDecoder returns a decoder of the run in r, before its first row.
func NewDecoder(r io.ByteReader) *Decoder { return &Decoder{in: r} }

// Next reads the next row into Key and N. It returns io.EOF after the last one.
func (d *Decoder) Next() error {
	first, err := d.in.ReadByte()
	if err != nil {
		return err // io.EOF between rows is the end
	}
	distance, err := d.rest(first)
	if err != nil {
		return err
	}
	d.N = 1
	if distance&1 != 0 {
		if first, err = d.in.ReadByte(); err != nil {
			return damaged(err)
		}
		more, err := d.rest(first)
		if err != nil {
			return err
		}
		if more > math.MaxInt64-2 {
			return errDamaged
		}
		d.N = int64(more) + 2
	}
	d.Key = d.next + distance>>1
	if d.Key < d.next || d.Key>>keyBits != 0 {
		return errDamaged
	}
	d.next = d.Key + 1
	return nil
}

// rest reads what follows the first byte of a varint.
func (d *Decoder) rest(first byte) (uint64, error) {
	x := uint64(first & 0x7f)
	for shift := 7; first >= 0x80; shift += 7 {
		var err error
		if first, err = d.in.ReadByte(); err != nil {
			return 0, damaged(err)
		}
		if shift == 63 && first > 1 {
			return 0, errDamaged
		}
		x |= uint64(first&0x7f) << shift
	}
	return x, nil
}

// damaged makes an end of the file within a row an error.
func damaged(err error) error {
	if err == io.EOF {
		return errDamaged
	}
	return err
}
