package disk

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// errSharingViolation is ERROR_SHARING_VIOLATION, which package syscall does
// not name: another program has the file open.
const errSharingViolation = syscall.Errno(32)

// rename puts from in the place of to. Virus scanners and indexers open a new
// file for a moment, during which Windows refuses to replace it; so a refusal
// of that kind is tried again for about half a second in all.
func rename(from, to string) error {
	const tries = 10
	for try := range tries {
		err := os.Rename(from, to)
		busy := errors.Is(err, errSharingViolation) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
		if !busy || try == tries-1 {
			return err
		}
		time.Sleep(time.Millisecond << try)
	}
	return nil // not reached
}
