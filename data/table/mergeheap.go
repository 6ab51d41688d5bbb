package table

import "fmt"

// cursor is the place in a table up to which it has been merged.
type cursor struct {
	scanner *scanner
	order   int // of the count, so that ties go one way
	rows    Rows
	at      int
	a       uint64 // the first two keys of the current row
	b       int32  // the third, if there is one
}

// key takes the keys of the current row.
func (c *cursor) key() {
	k := c.rows.Keys
	c.a = uint64(uint32(k[0][c.at]))<<32 | uint64(uint32(k[1][c.at]))
	if len(k) == 3 {
		c.b = k[2][c.at]
	}
}

func (c *cursor) less(d *cursor) bool {
	switch {
	case c.a != d.a:
		return c.a < d.a
	case c.b != d.b:
		return c.b < d.b
	}
	return c.order < d.order
}

// tooMuch says that a row's counts add up to more than a file can hold.
func (c *cursor) tooMuch(t Name, keys [3]int32, n, more int64) error {
	count := c.scanner.file.count
	text := ""
	for i, name := range t.Keys() {
		text += fmt.Sprintf(" %s=%q", name, count.words[keys[i]].Text)
	}
	return &Error{Dir: count.dir, File: t.fileName(), Row: c.scanner.check.rows - int64(c.rows.Len()-c.at) + 1,
		Reason: fmt.Sprintf("the row%s counts %d, which with the %d of the counts before it is above 2^63−1", text, more, n), Hint: "merge fewer counts"}
}

// cursorHeap is a binary heap with the least cursor first. container/heap would
// call an interface for every row.
type cursorHeap []*cursor

func newHeap(cursors []*cursor) cursorHeap {
	h := cursorHeap(cursors)
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
	return h
}

// down moves the cursor at i down to its place.
func (h cursorHeap) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if h[child].less(h[least]) {
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
