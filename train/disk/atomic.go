package disk

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// bufferSize is how much WriteFile gathers before it writes: large enough that
// the cost of a system call does not show.
const bufferSize = 1 << 16

var errNotRegular = errors.New("exists and is not a regular file")

// WriteFile gives the file at path the content that fill writes, all of it or
// none. The content goes to a temporary file in the same directory, which is
// synced, closed and renamed over path; then the directory is synced. The
// writer that fill receives is buffered, and it must not be used after fill has
// returned.
//
// A file that is replaced hands on its permission bits as far as the file
// system allows; a new one gets 0666 less the process's umask. A symbolic link
// at path is itself replaced, and what it points to is left alone. Anything
// else that is not a regular file (a directory, a device) is refused.
//
// Every failure is an [*Error] that names path and the step:
//
//   - [StepFill] if fill returned an error while all its writes had gone well;
//     the cause is that error;
//   - [StepOpen], [StepCreate], [StepWrite], [StepSync], [StepClose] or
//     [StepRename] if the system refused that step (a full disk can show itself
//     at write, at sync or at close).
//
// After any of these the file at path is what it was before, and the temporary
// has been removed. This is also so if fill panics. The one exception is
// [StepSyncDir]: the new content is then in place and whole, but a power cut
// might yet bring back the former content, whole as well.
func WriteFile(path string, fill func(w io.Writer) error) error {
	return writeFile(osOps{}, path, fill)
}

func writeFile(ops fileOps, path string, fill func(w io.Writer) error) error {
	perm, former, err := formerMode(path)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	temp := filepath.Join(dir, tempName())
	file, err := ops.Create(temp, perm)
	if err != nil {
		return failed(path, StepCreate, err)
	}
	open, placed := true, false
	defer func() { // runs on a panic in fill too
		if open {
			_ = file.Close()
		}
		if !placed {
			_ = ops.Remove(temp) // at worst RemoveStale finds it later
		}
	}()
	if former {
		keepMode(file, perm)
	}

	if step, err := pour(file, fill); err != nil {
		return failed(path, step, err)
	}
	if err := file.Sync(); err != nil {
		// The system may have dropped the unwritten pages, so that a second
		// sync would succeed without having saved them: never try again.
		return failed(path, StepSync, err)
	}
	open = false
	if err := file.Close(); err != nil {
		return failed(path, StepClose, err)
	}
	if err := ops.Rename(temp, path); err != nil {
		return failed(path, StepRename, err)
	}
	placed = true
	if err := ops.SyncDir(dir); err != nil {
		return failed(path, StepSyncDir, err)
	}
	return nil
}

// pour runs fill on a buffered writer over file. A failed write is told from an
// error of fill's own, even if fill dropped or rewrote the error it was given.
func pour(file io.Writer, fill func(w io.Writer) error) (Step, error) {
	sticky := &stickyWriter{w: file}
	buffered := bufio.NewWriterSize(sticky, bufferSize)
	fillErr := fill(onlyWriter{buffered})
	if fillErr == nil {
		fillErr = buffered.Flush()
	}
	if sticky.err != nil {
		return StepWrite, sticky.err
	}
	return StepFill, fillErr
}

// stickyWriter remembers the first error of the writer below it.
type stickyWriter struct {
	w   io.Writer
	err error
}

func (s *stickyWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}

// onlyWriter hides every method but Write, so that a callback cannot reset or
// flush the buffer behind it.
type onlyWriter struct{ io.Writer }

// formerMode gives the permission bits for the new file and whether there is a
// former file that they come from.
func formerMode(path string) (perm fs.FileMode, former bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0o666, false, nil
	case err != nil:
		return 0, false, failed(path, StepOpen, err)
	case !info.Mode().IsRegular():
		return 0, false, failed(path, StepOpen, errNotRegular)
	}
	return info.Mode().Perm(), true, nil
}

// keepMode undoes what the umask took off the permission bits. Not every file
// system has such bits, and the file is of use without them, so a refusal is no
// failure; the file's mode is then narrower than the former one, never wider.
func keepMode(file tempFile, perm fs.FileMode) {
	if f, ok := file.(interface{ Chmod(fs.FileMode) error }); ok {
		_ = f.Chmod(perm)
	}
}
