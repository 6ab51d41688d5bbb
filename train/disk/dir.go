package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir is a new directory that comes into being as a whole: its files are written
// in a temporary directory beside it, which [Dir.Commit] syncs and renames. Its
// methods may be called by several goroutines, Commit and Discard by one.
type Dir struct {
	// Hasty leaves the syncing out, for a directory that a power cut may damage. It
	// is to be set before anything else is done.
	Hasty bool

	path, temp string
	done       bool
}

// NewDir begins the directory at path, in an existing parent. Whatever is at path
// already, be it an empty directory, is refused with an [*Error] that wraps
// [fs.ErrExist]. The others have [StepCreate] too.
func NewDir(path string) (*Dir, error) {
	path = filepath.Clean(path)
	switch _, err := os.Lstat(path); {
	case err == nil:
		return nil, failed(path, StepCreate, fs.ErrExist)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, failed(path, StepCreate, err)
	}
	temp := filepath.Join(filepath.Dir(path), tempName())
	if err := os.Mkdir(temp, 0o777); err != nil {
		return nil, failed(path, StepCreate, err)
	}
	return &Dir{path: path, temp: temp}, nil
}

// Path returns where the directory will be.
func (d *Dir) Path() string { return d.path }

// Create begins a file of the directory. Errors of it and of the file name the
// path that the file will have.
func (d *Dir) Create(name string) (*File, error) {
	path := filepath.Join(d.path, name)
	file, err := os.OpenFile(filepath.Join(d.temp, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, failed(path, StepCreate, err)
	}
	return &File{path: path, file: file, hasty: d.Hasty}, nil
}

// Commit puts the directory in its place. All its files must be closed. If it
// fails, the directory is discarded; the one exception is an [*Error] with
// [StepSyncDir] for the parent, after which the directory is in place, though a
// power cut might yet undo that.
func (d *Dir) Commit() error {
	if d.done {
		return failed(d.path, StepRename, fs.ErrClosed)
	}
	if err := d.sync(d.temp); err != nil {
		return errors.Join(failed(d.path, StepSync, err), d.Discard())
	}
	// A rename would replace an empty directory that came up meanwhile.
	if _, err := os.Lstat(d.path); err == nil {
		return errors.Join(failed(d.path, StepRename, fs.ErrExist), d.Discard())
	}
	if err := rename(d.temp, d.path); err != nil {
		return errors.Join(failed(d.path, StepRename, err), d.Discard())
	}
	d.done = true
	if err := d.sync(filepath.Dir(d.path)); err != nil {
		return failed(d.path, StepSyncDir, err)
	}
	return nil
}

func (d *Dir) sync(dir string) error {
	if d.Hasty {
		return nil
	}
	return syncDir(dir)
}

// Discard removes what was written. After [Dir.Commit] it does nothing.
func (d *Dir) Discard() error {
	if d.done {
		return nil
	}
	d.done = true
	if err := os.RemoveAll(d.temp); err != nil {
		return failed(d.temp, StepRemove, err)
	}
	return nil
}

// File is a file of a [Dir] that is being written.
type File struct {
	path  string
	file  tempFile
	hasty bool
}

// Path returns where the file will be.
func (f *File) Path() string { return f.path }

// Write writes to the file; the error is an [*Error] with [StepWrite].
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	if err != nil {
		err = failed(f.path, StepWrite, err)
	}
	return n, err
}

// Finish syncs and closes the file; the error is an [*Error] with [StepSync] or
// [StepClose].
func (f *File) Finish() error {
	if f.hasty {
		return f.Close()
	}
	if err := f.file.Sync(); err != nil {
		return errors.Join(failed(f.path, StepSync, err), f.Close())
	}
	return f.Close()
}

// Close closes the file without syncing it; the error is an [*Error] with
// [StepClose].
func (f *File) Close() error {
	if err := f.file.Close(); err != nil {
		return failed(f.path, StepClose, err)
	}
	return nil
}
