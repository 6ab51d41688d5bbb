package disk

import (
	"errors"
	"os"
)

// ErrLocked says that another process holds a lock.
var ErrLocked = errors.New("another process is at work here")

// Lock makes this process the only one that holds the lock file at path, which is
// made if it is not there and stays. The system gives the lock back when the process
// ends in whatever way, so that none is ever left behind. The error is [ErrLocked] if
// another holds it, or an [*Error]. On systems without such locks nothing is locked.
func Lock(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, failed(path, StepOpen, err)
	}
	if err := lockFile(file); err != nil {
		_ = file.Close()
		if errors.Is(err, ErrLocked) {
			return nil, err
		}
		return nil, failed(path, StepOpen, err)
	}
	return file.Close, nil
}
