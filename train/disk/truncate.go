package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// TruncateAfter cuts the line log at path back to its first offset bytes and
// syncs it. It is how a run that is resumed drops the lines written after its
// checkpoint. A log that has that length already is only synced, and one that is
// not there has length 0.
//
// The log is left as it is, and the error is an [*Error] with [StepTruncate], if
//
//   - the log is shorter than offset: it wraps [ErrShortLog] and names both
//     lengths;
//   - offset is not at the end of a line, so that it cannot be the length of
//     this log at any time: it wraps [ErrTornLine];
//   - offset is negative: it wraps [fs.ErrInvalid].
//
// If the system refuses a step, the error is an [*Error] with [StepOpen],
// [StepTruncate], [StepSync] or [StepClose].
func TruncateAfter(path string, offset int64) (err error) {
	if offset < 0 {
		return failed(path, StepTruncate, fmt.Errorf("%w: offset %d", fs.ErrInvalid, offset))
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return short(path, 0, offset)
	}
	if err != nil {
		return failed(path, StepOpen, err)
	}
	defer func() {
		if closeErr := file.Close(); closeErr != nil && err == nil {
			err = failed(path, StepClose, closeErr)
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return failed(path, StepOpen, err)
	}
	if !info.Mode().IsRegular() {
		return failed(path, StepOpen, errNotRegular)
	}
	if err := short(path, info.Size(), offset); err != nil {
		return err
	}
	if err := lineEndsAt(file, offset); err != nil {
		return failed(path, StepTruncate, err)
	}
	if info.Size() > offset {
		if err := file.Truncate(offset); err != nil {
			return failed(path, StepTruncate, err)
		}
	}
	if err := file.Sync(); err != nil {
		return failed(path, StepSync, err)
	}
	return nil
}

// short returns an error if a log of the given size has no such offset.
func short(path string, size, offset int64) error {
	if size >= offset {
		return nil
	}
	return failed(path, StepTruncate, fmt.Errorf("%w: it has %d bytes, and %d were recorded", ErrShortLog, size, offset))
}
