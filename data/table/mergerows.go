package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// merger merges tables.
type merger struct {
	ctx         context.Context
	to          *Writer
	progress    func(done, total int64)
	done, total int64
	least       int64 // rows with a smaller n are left out
	batch       Rows
}

// batchRows is how many rows are handed to the writer at a time.
const batchRows = 8192

// table merges one table and returns the sum of n in each count.
func (m *merger) table(t Name, counts []*Count) ([]int64, error) {
	m.batch = Rows{Keys: make([][]int32, len(t.Keys()))}
	var all, active []*cursor
	defer func() {
		for _, c := range all {
			c.scanner.close()
		}
	}()
	for _, c := range counts {
		s, err := c.scanner(t)
		if err != nil {
			return nil, err
		}
		cur := &cursor{scanner: s, order: len(all)}
		all = append(all, cur)
		if err := m.load(cur); err == nil {
			active = append(active, cur)
		} else if !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	heap := newHeap(active)
	for len(heap) > 0 {
		if err := m.row(t, &heap); err != nil {
			return nil, err
		}
	}
	sums := make([]int64, len(all))
	var sum int64
	for i, c := range all {
		sums[i] = c.scanner.check.sum
		if sum > math.MaxInt64-sums[i] {
			return nil, fmt.Errorf("the sum of n in the table %s of all counts is above 2^63−1 with %s: merge fewer of them", t, counts[i].dir)
		}
		sum += sums[i]
	}
	return sums, m.flush(t)
}

// row moves the next row of the sum to the batch: the least keys, and the sum of
// what all counts have for them.
func (m *merger) row(t Name, heap *cursorHeap) error {
	top := (*heap)[0]
	a, b := top.a, top.b
	keys := [3]int32{int32(a >> 32), int32(uint32(a)), b}
	var n int64
	for len(*heap) > 0 && (*heap)[0].a == a && (*heap)[0].b == b {
		c := (*heap)[0]
		more := c.rows.N[c.at]
		if n > math.MaxInt64-more {
			return c.tooMuch(t, keys, n, more)
		}
		n += more
		c.at++
		if err := m.advance(heap, c); err != nil {
			return err
		}
	}
	if n < m.least {
		return nil
	}
	for i := range m.batch.Keys {
		m.batch.Keys[i] = append(m.batch.Keys[i], keys[i])
	}
	if m.batch.N = append(m.batch.N, n); len(m.batch.N) == batchRows {
		return m.flush(t)
	}
	return nil
}

// advance puts the first cursor of the heap, which has moved on, in its place.
func (m *merger) advance(heap *cursorHeap, c *cursor) error {
	if c.at < c.rows.Len() {
		c.key()
	} else if err := m.load(c); errors.Is(err, io.EOF) {
		last := len(*heap) - 1
		(*heap)[0] = (*heap)[last]
		*heap = (*heap)[:last]
	} else if err != nil {
		return err
	}
	heap.down(0)
	return nil
}

// load reads the next rows of a cursor.
func (m *merger) load(c *cursor) error {
	m.done += int64(c.rows.Len())
	if m.progress != nil {
		m.progress(m.done, m.total)
	}
	if err := m.ctx.Err(); err != nil {
		return err
	}
	rows, err := c.scanner.next()
	if err != nil {
		return err
	}
	c.rows, c.at = rows, 0
	c.key()
	return nil
}

// flush hands the batch to the writer.
func (m *merger) flush(t Name) error {
	err := m.to.Append(t, m.batch)
	for i := range m.batch.Keys {
		m.batch.Keys[i] = m.batch.Keys[i][:0]
	}
	m.batch.N = m.batch.N[:0]
	return err
}
