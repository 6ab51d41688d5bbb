package tensorboard

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"

	"qk/train/disk"
)

// Update gives the event file at path its content. A file that holds the beginning of
// it is continued in place, so that a TensorBoard which reads it goes on reading; one
// that goes further, because its run is under way, is left alone if further is set,
// and cut else. Any other is replaced as a whole. The errors are those of
// [disk.WriteFile].
func Update(path string, content []byte, further bool) error {
	now, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !bytes.HasPrefix(now, content) && !bytes.HasPrefix(content, now):
		return disk.WriteFile(path, func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		})
	case err != nil:
		return &disk.Error{Path: path, Step: disk.StepOpen, Err: disk.WithoutPath(err)}
	case len(now) == len(content), len(now) > len(content) && further:
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return &disk.Error{Path: path, Step: disk.StepOpen, Err: disk.WithoutPath(err)}
	}
	return errors.Join(extend(file, path, len(now), content), file.Close())
}

// extend makes content of a file that is a beginning of it, or has it as its own.
func extend(file *os.File, path string, size int, content []byte) error {
	if size > len(content) {
		if err := file.Truncate(int64(len(content))); err != nil {
			return &disk.Error{Path: path, Step: disk.StepTruncate, Err: disk.WithoutPath(err)}
		}
	} else if _, err := file.WriteAt(content[size:], int64(size)); err != nil {
		return &disk.Error{Path: path, Step: disk.StepWrite, Err: disk.WithoutPath(err)}
	}
	if err := file.Sync(); err != nil {
		return &disk.Error{Path: path, Step: disk.StepSync, Err: disk.WithoutPath(err)}
	}
	return nil
}
