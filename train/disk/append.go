package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// What can be wrong with a line log or a line for it.
var (
	// ErrLineBreak: a line handed to [Log.WriteLine] holds a line break.
	ErrLineBreak = errors.New("line holds a line break")
	// ErrTornLine: a log ends, or would end, in the middle of a line.
	ErrTornLine = errors.New("not at the end of a line")
	// ErrShortLog: a log is shorter than the offset it is to be cut back to.
	ErrShortLog = errors.New("shorter than the recorded offset")
)

// Log is a file of lines that is only ever added to, such as a file of metrics.
// It is not for use by several goroutines at once.
type Log struct {
	path   string
	file   logFile
	offset int64  // length of the file in whole lines
	line   []byte // the line being written, kept for its capacity
	broken error  // set once the end of the file is not known to be whole
}

// logFile is what Log needs of an open file.
type logFile interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

// OpenLog opens the line log at path for appending and creates it if it is not
// there, in which case the directory is synced as well.
//
// A log whose last line has no end was left by a process killed in mid-write. It
// is refused with an [*Error] that wraps [ErrTornLine], since a line added to it
// would be joined to the torn one; [TruncateAfter] repairs it. Any other failure
// is an [*Error] with [StepOpen] or [StepSyncDir].
func OpenLog(path string) (*Log, error) {
	_, err := os.Stat(path)
	isNew := errors.Is(err, fs.ErrNotExist)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, failed(path, StepOpen, err)
	}
	size, err := wholeSize(file)
	if err != nil {
		return nil, errors.Join(failed(path, StepOpen, err), file.Close())
	}
	if isNew {
		if err := syncDir(filepath.Dir(path)); err != nil {
			return nil, errors.Join(failed(path, StepSyncDir, err), file.Close())
		}
	}
	return &Log{path: path, file: file, offset: size}, nil
}

// wholeSize gives the size of a log that ends with a whole line.
func wholeSize(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errNotRegular
	}
	return info.Size(), lineEndsAt(file, info.Size())
}

// lineEndsAt returns ErrTornLine unless offset is at the end of a line.
func lineEndsAt(file io.ReaderAt, offset int64) error {
	if offset == 0 {
		return nil
	}
	var last [1]byte
	if _, err := file.ReadAt(last[:], offset-1); err != nil {
		return err
	}
	if last[0] != '\n' {
		return fmt.Errorf("%w: byte %d", ErrTornLine, offset)
	}
	return nil
}

// Offset gives the length of the log in bytes, counting whole lines only. It is
// what a checkpoint records, after [Log.Sync].
func (l *Log) Offset() int64 { return l.offset }

// WriteLine appends line and a line break in one write.
//
// The error is [ErrLineBreak], with nothing written, if line holds a line break
// itself; otherwise it is an [*Error] with [StepWrite]. After a failed write the
// log is cut back to its last whole line and can be written to again. If that
// fails too, the end of the file is not known to be whole: this call and every
// later one to WriteLine and Sync return an error.
func (l *Log) WriteLine(line []byte) error {
	if l.broken != nil {
		return l.broken
	}
	if bytes.IndexByte(line, '\n') >= 0 {
		return ErrLineBreak
	}
	l.line = append(append(l.line[:0], line...), '\n')
	n, err := l.file.Write(l.line)
	if err == nil && n < len(l.line) {
		err = io.ErrShortWrite
	}
	if err == nil {
		l.offset += int64(n)
		return nil
	}
	err = failed(l.path, StepWrite, err)
	if cutErr := l.file.Truncate(l.offset); cutErr != nil {
		l.broken = errors.Join(err, failed(l.path, StepTruncate, cutErr))
		return l.broken
	}
	return err
}

// Sync forces the lines written so far to the disk. Only after that may a
// checkpoint record [Log.Offset]. The error is an [*Error] with [StepSync], or
// that of the failed write that spoilt the log. A failed sync spoils the log
// too, because the system may have dropped what it could not save: open the log
// again after cutting it back with [TruncateAfter].
func (l *Log) Sync() error {
	if l.broken != nil {
		return l.broken
	}
	if err := l.file.Sync(); err != nil {
		l.broken = failed(l.path, StepSync, err)
		return l.broken
	}
	return nil
}

// Close closes the log without syncing it. The error is an [*Error] with
// [StepClose]. The log cannot be used afterwards.
func (l *Log) Close() error {
	if err := l.file.Close(); err != nil {
		return failed(l.path, StepClose, err)
	}
	return nil
}
