package runs

import (
	"bytes"
	"errors"
	"io"
	"math"
)

// errOverflow says that a count left the numbers that a table can hold.
var errOverflow = errors.New("a count is above 2^63-1")

// Merge adds up runs and calls visit for every key in ascending order with the sum
// of its counts. The order of the runs makes no difference.
func Merge(runs [][]byte, visit func(key uint64, n int64) error) error {
	h := make(heap, 0, len(runs))
	for _, run := range runs {
		d := NewDecoder(bytes.NewReader(run))
		switch err := d.Next(); err {
		case nil:
			h = append(h, d)
		case io.EOF:
		default:
			return err
		}
	}
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
	for len(h) > 0 {
		key, n := h[0].Key, int64(0)
		for len(h) > 0 && h[0].Key == key {
			if h[0].N > math.MaxInt64-n {
				return errOverflow
			}
			n += h[0].N
			if err := h.advance(); err != nil {
				return err
			}
		}
		if err := visit(key, n); err != nil {
			return err
		}
	}
	return nil
}

// heap holds runs, the one with the lowest key first.
type heap []*Decoder

// advance moves the first run on, and takes it out at its end.
func (h *heap) advance() error {
	switch err := (*h)[0].Next(); err {
	case nil:
	case io.EOF:
		last := len(*h) - 1
		(*h)[0] = (*h)[last]
		*h = (*h)[:last]
	default:
		return err
	}
	h.down(0)
	return nil
}

// down puts the run at i in its place below.
func (h heap) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if h[child].Key < h[least].Key {
				least = child
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
