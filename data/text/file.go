package text

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"qk/train/disk"
)

// file is a file that is being read. When it has been read to the end it must be
// as it was at the beginning.
type file struct {
	*os.File
	name  string
	first fs.FileInfo
	read  int64
}

func openFile(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", name, disk.WithoutPath(err))
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("corpus %s: %w", name, disk.WithoutPath(err))
	}
	if !info.Mode().IsRegular() {
		return f, nil // of which nothing is known
	}
	return &file{File: f, name: name, first: info}, nil
}

// Read reads on, and has an error instead of the end if the file has changed.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.read += int64(n)
	if err != io.EOF {
		return n, err
	}
	last, err := f.Stat()
	if err != nil {
		return n, err
	}
	if f.read < f.first.Size() || last.Size() != f.first.Size() || !last.ModTime().Equal(f.first.ModTime()) {
		return n, &Error{
			Name: f.name, Offset: f.read,
			Reason: "the file was changed while it was read",
			Hint:   "wait until nothing writes to it, or copy it first",
		}
	}
	return n, io.EOF
}
