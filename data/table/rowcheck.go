package table

import (
	"fmt"
	"math"
)

// rowCheck holds rows of a table against what every table obeys: keys ascending
// and never negative, none twice, counts above zero, a sum that 63 bits hold. It
// is fed one batch after another.
type rowCheck struct {
	keys        int      // number of key columns, 2 or 3
	rows        int64    // so far
	sum         int64    // of n
	largest     int32    // key
	first, last [3]int32 // keys of the first and the last row
}

// add checks some rows. If one is wrong it returns its index among them and what
// is wrong with it, else −1.
func (c *rowCheck) add(r Rows) (int, string) {
	if r.Len() == 0 {
		return -1, ""
	}
	ok := false
	if c.keys == 3 {
		ok = c.addTriples(r.Keys[0], r.Keys[1], r.Keys[2], r.N)
	} else {
		ok = c.addPairs(r.Keys[0], r.Keys[1], r.N)
	}
	if !ok {
		return c.find(r)
	}
	for i, key := range r.Keys {
		if c.rows == 0 {
			c.first[i] = key[0]
		}
		c.last[i] = key[r.Len()-1]
	}
	c.rows += int64(r.Len())
	return -1, ""
}

// addTriples and addPairs are the quick check, which only tells whether all is
// well.
func (c *rowCheck) addTriples(w, y, u []int32, n []int64) bool {
	w, y, u = w[:len(n)], y[:len(n)], u[:len(n)]
	a, b := c.before()
	sum, largest, signs := c.sum, c.largest, int64(0)
	ordered := true
	for i, count := range n {
		k := uint64(uint32(w[i]))<<32 | uint64(uint32(y[i]))
		if k <= a && (k < a || u[i] <= b) {
			ordered = false
		}
		a, b = k, u[i]
		largest = max(largest, w[i], y[i], u[i])
		sum += count
		signs |= int64(w[i]|y[i]|u[i]) | (count - 1) | sum
	}
	if !ordered || signs < 0 {
		return false
	}
	c.sum, c.largest = sum, largest
	return true
}

func (c *rowCheck) addPairs(w, y []int32, n []int64) bool {
	w, y = w[:len(n)], y[:len(n)]
	a, b := c.before()
	sum, largest, signs := c.sum, c.largest, int64(0)
	ordered := true
	for i, count := range n {
		k := uint64(uint32(w[i]))<<32 | uint64(uint32(y[i]))
		if k <= a && (k < a || b >= 0) {
			ordered = false
		}
		a, b = k, 0
		largest = max(largest, w[i], y[i])
		sum += count
		signs |= int64(w[i]|y[i]) | (count - 1) | sum
	}
	if !ordered || signs < 0 {
		return false
	}
	c.sum, c.largest = sum, largest
	return true
}

// before returns keys that the next row has to be above: those of the last row,
// or, at the start, some that are below every row.
func (c *rowCheck) before() (a uint64, b int32) {
	if c.rows == 0 {
		return 0, -1
	}
	return uint64(c.last[0])<<32 | uint64(c.last[1]), c.last[2]
}

// find says which row is wrong, and how.
func (c *rowCheck) find(r Rows) (int, string) {
	sum, last, any := c.sum, c.last, c.rows > 0
	for i, n := range r.N {
		var keys [3]int32
		for k, column := range r.Keys {
			keys[k] = column[i]
			if column[i] < 0 {
				return i, fmt.Sprintf("a word number is %d, below zero", column[i])
			}
		}
		if order := compareKeys(last, keys); any && order >= 0 {
			if order == 0 {
				return i, fmt.Sprintf("has the same keys %v as the row before", keys[:c.keys])
			}
			return i, fmt.Sprintf("has the keys %v, and the row before has %v: rows have to be in ascending order", keys[:c.keys], last[:c.keys])
		}
		if n < 1 {
			return i, fmt.Sprintf("n is %d, and counts are above zero", n)
		}
		if sum > math.MaxInt64-n {
			return i, "the sum of n is above 2^63−1 from here on"
		}
		sum, last, any = sum+n, keys, true
	}
	return -1, ""
}

// compareKeys compares keys, the first one first.
func compareKeys(a, b [3]int32) int {
	for i := range a {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}
