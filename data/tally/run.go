package tally

import (
	"encoding/binary"
	"fmt"

	"qk/data/table"
)

// item is a row: the keys in two numbers of the same order, and the count.
type item struct {
	high uint64 // w, or w and y
	low  uint32 // the last key
	n    int64
}

func (a *item) less(b *item) bool {
	return a.high < b.high || a.high == b.high && a.low < b.low
}

// item returns row i.
func (c *columns) item(i, keys int) item {
	r := item{high: uint64(c.keys[0][i]), low: uint32(c.keys[keys-1][i]), n: c.count[i]}
	if keys == 3 {
		r.high = r.high<<32 | uint64(c.keys[1][i])
	}
	return r
}

// add appends a row.
func (c *columns) add(r item, keys int) {
	i := c.room(keys, 1)
	c.keys[keys-1][i], c.count[i] = int32(r.low), r.n
	if keys == 3 {
		c.keys[0][i], c.keys[1][i] = int32(r.high>>32), int32(uint32(r.high))
	} else {
		c.keys[0][i] = int32(r.high)
	}
	c.n++
}

// run is the rows of a segment in a temporary file, or those of several segments
// that were added up.
type run struct {
	file   *tempFile
	frames map[table.Name][]frame
	rows   map[table.Name]int64
}

// frame is some rows of a run.
type frame struct {
	first  item // row
	at     int64
	length int
	rows   int
}

// encoded is the rows of an output as frames that are not written yet.
type encoded struct {
	table    table.Name
	frame    frame
	contents []byte
}

// encode turns the rows of an output into frames of about so many bytes. A worker
// does it, so that several are encoded at a time.
func encode(o *output, wanted func(table.Name) bool, size int) {
	for _, t := range o.tables() {
		keys := len(t.name.Keys())
		for i := 0; i < t.rows.n && wanted(t.name); {
			e := encoded{table: t.name, frame: frame{first: t.rows.item(i, keys)}}
			last := item{}
			for ; i < t.rows.n && len(e.contents) < size; i++ {
				r := t.rows.item(i, keys)
				e.contents = appendItem(e.contents, last, r)
				last = r
				e.frame.rows++
			}
			e.frame.length = len(e.contents)
			o.encoded = append(o.encoded, e)
		}
	}
}

// appendItem appends a row as it differs from the one before: the lowest bit says
// that high is the same, the next that the count is 1.
func appendItem(to []byte, last, r item) []byte {
	var flags uint64
	low := uint64(r.low)
	if r.high == last.high {
		flags |= 1
		low = uint64(r.low - last.low)
	}
	if r.n == 1 {
		flags |= 2
	}
	to = binary.AppendUvarint(to, low<<2|flags)
	if flags&1 == 0 {
		to = binary.AppendUvarint(to, r.high-last.high)
	}
	if flags&2 == 0 {
		to = binary.AppendUvarint(to, uint64(r.n))
	}
	return to
}

// write appends the frames of an output.
func (r *run) write(o *output) error {
	for _, e := range o.encoded {
		at, err := r.file.write(e.contents)
		if err != nil {
			return err
		}
		e.frame.at = at
		r.frames[e.table] = append(r.frames[e.table], e.frame)
		r.rows[e.table] += int64(e.frame.rows)
	}
	o.encoded = o.encoded[:0]
	return nil
}

// read appends those rows of a frame that are not below from and below to, if these
// are not nil.
func (r *run) read(f frame, from, to *item, items []item, buffer []byte) ([]item, []byte, error) {
	buffer, err := r.file.read(f.at, f.length, buffer)
	if err != nil {
		return items, buffer, err
	}
	in := decoder{left: buffer[frameHeader:]}
	var x item
	for range f.rows {
		a := in.uvarint()
		low := uint32(a >> 2)
		if a&1 != 0 {
			x.low += low
		} else {
			x.low = low
			x.high += in.uvarint()
		}
		x.n = 1
		if a&2 == 0 {
			x.n = int64(in.uvarint())
		}
		if (from == nil || !x.less(from)) && (to == nil || x.less(to)) {
			items = append(items, x)
		}
	}
	if in.failed || len(in.left) > 0 {
		return items, buffer, r.file.damaged(f.at, fmt.Sprintf("it does not have %d rows", f.rows))
	}
	return items, buffer, nil
}

// decoder reads numbers.
type decoder struct {
	left   []byte
	failed bool
}

func (d *decoder) uvarint() uint64 {
	if len(d.left) > 0 && d.left[0] < 1<<7 {
		x := d.left[0]
		d.left = d.left[1:]
		return uint64(x)
	}
	x, n := binary.Uvarint(d.left)
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.left = d.left[n:]
	return x
}
