package text

import "fmt"

// Error says where a text cannot be read, why, and what to do next.
type Error struct {
	Name   string // file name, or "standard input"
	Line   int    // line, counted from 1; 0 if Offset is one in the file as it is stored
	Offset int64  // byte offset in the text, counted from 0; of a line too long, that of its first byte
	Reason string // what is wrong
	Hint   string // what to do next
	Err    error  // cause of a failed read, else nil
}

// Error gives name, line, offset, reason and hint in one line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: byte offset %d: %s: %s", e.Name, e.Offset, e.Reason, e.Hint)
	}
	return fmt.Sprintf("%s: line %d, byte offset %d: %s: %s", e.Name, e.Line, e.Offset, e.Reason, e.Hint)
}

// Unwrap returns the cause of a failed read, or nil.
func (e *Error) Unwrap() error { return e.Err }
