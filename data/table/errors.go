package table

import (
	"fmt"
	"strings"
)

// Error says where a count is not what it should be, why, and what to do next.
type Error struct {
	Dir    string // directory of the count
	File   string // file in it, or ""
	Row    int64  // row of the table, counted from 1, or 0
	Reason string // what is wrong
	Hint   string // what to do next
	Err    error  // cause, or nil
}

// Error gives directory, file, row, reason and hint in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "count %s", e.Dir)
	if e.File != "" {
		fmt.Fprintf(&b, ", %s", e.File)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, ", row %d", e.Row)
	}
	fmt.Fprintf(&b, ": %s", e.Reason)
	if e.Hint != "" {
		fmt.Fprintf(&b, ": %s", e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Hints that several errors share.
const (
	hintRecount  = "count the text again, or take a copy of the directory that is whole"
	hintOwn      = "write the table again; the README says what each holds"
	hintNewer    = "use the qk that wrote it, or a newer one"
	hintWhole    = "take the whole directory that it is from"
	hintExisting = "give another --out, or remove it first"
)
