package disk

import (
	"io"
	"io/fs"
	"os"
)

// fileOps are the operations on the file system that an atomic write is made
// of. Tests put failures in their way.
type fileOps interface {
	// Create makes a new file for writing; it fails if name exists.
	Create(name string, perm fs.FileMode) (tempFile, error)
	// Rename puts from in the place of to.
	Rename(from, to string) error
	// Remove deletes a file.
	Remove(name string) error
	// SyncDir makes the names in dir durable.
	SyncDir(dir string) error
}

// tempFile is a file that is being written.
type tempFile interface {
	io.WriteCloser
	Sync() error
}

// osOps are the real operations.
type osOps struct{}

func (osOps) Create(name string, perm fs.FileMode) (tempFile, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (osOps) Rename(from, to string) error { return rename(from, to) }

func (osOps) Remove(name string) error { return os.Remove(name) }

func (osOps) SyncDir(dir string) error { return syncDir(dir) }
