package disk

import (
	"errors"
	"io/fs"
)

// WithoutPath drops the operation and the path that package os puts before an
// error, for messages that name the file already.
func WithoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
