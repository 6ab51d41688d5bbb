package disk

import (
	"errors"
	"io/fs"
	"os"
)

// Step names the part of a file operation that failed. Its text is a verb that
// reads well before a path.
type Step string

// The steps that an [Error] can name.
const (
	StepOpen     Step = "open"      // opening an existing file, or looking at it
	StepCreate   Step = "create"    // creating the temporary file
	StepFill     Step = "fill"      // the caller's callback gave up
	StepWrite    Step = "write"     // writing bytes
	StepSync     Step = "sync"      // forcing the bytes to the disk
	StepClose    Step = "close"     // closing the file
	StepRename   Step = "rename to" // putting the temporary in the file's place
	StepSyncDir  Step = "sync directory of"
	StepTruncate Step = "truncate" // cutting the file back
	StepRemove   Step = "remove"   // removing a stale temporary
)

// Error is what a failed operation on a file gives back: which file, which step
// of the work, and why. Its text is short enough to be followed by advice, for
// example "write run/model.safetensors: no space left on device".
type Error struct {
	Path string // the file the caller named, never a temporary's name
	Step Step   // the step that failed
	Err  error  // the cause, without the path that the os package adds to it
}

// Error gives the step, the path and the cause on one line.
func (e *Error) Error() string {
	return string(e.Step) + " " + e.Path + ": " + e.Err.Error()
}

// Unwrap gives the cause, so that errors.Is finds syscall.ENOSPC, fs.ErrExist
// and the callback's own errors.
func (e *Error) Unwrap() error { return e.Err }

// failed builds an Error. The os package wraps the cause in the path it was
// given, which may be a temporary's: that wrapping is taken off.
func failed(path string, step Step, err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr) && step != StepFill:
		err = pathErr.Err
	case errors.As(err, &linkErr) && step != StepFill:
		err = linkErr.Err
	}
	return &Error{Path: path, Step: step, Err: err}
}
