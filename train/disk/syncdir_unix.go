//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes the names in dir durable. Some file systems (network ones
// mostly) know no such operation for a directory and say EINVAL or "not
// supported"; there is nothing better to do on them, so that is not an error.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
