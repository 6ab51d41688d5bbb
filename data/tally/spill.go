package tally

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"qk/train/disk"
)

// spillFile is what is needed of an [os.File].
type spillFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// temporary opens temporary files. Where the system allows, a file loses its name as
// soon as it is open, so that nothing is left of it even if the program is killed.
type temporary struct {
	dir  string
	open func(dir string) (file spillFile, path string, err error)
}

// newTemporary takes the directory of the system for "".
func newTemporary(dir string) temporary {
	if dir == "" {
		dir = os.TempDir()
	}
	return temporary{dir: dir, open: openSpill}
}

func openSpill(dir string) (spillFile, string, error) {
	f, err := os.CreateTemp(dir, "qk-count-*.tmp")
	if err != nil {
		return nil, "", err
	}
	path := f.Name()
	if os.Remove(path) == nil {
		path = ""
	}
	return f, path, nil
}

// tempFile is a temporary file of frames: a header with the length and the
// checksums, and the contents.
type tempFile struct {
	file spillFile
	path string // while it has a name
	dir  string
	what string // is in it, for messages
	end  int64

	frame []byte // that is written
}

const (
	frameMagic  = "qkt1" // of this version of the form
	frameHeader = 16     // magic, length, checksum of the contents, checksum of these three
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (t temporary) create(what string) (*tempFile, error) {
	file, path, err := t.open(t.dir)
	if err != nil {
		return nil, fmt.Errorf("temporary directory %s: a file for %s cannot be made: %w: name a directory that can be written to with --temp, or raise --memory", t.dir, what, disk.WithoutPath(err))
	}
	return &tempFile{file: file, path: path, dir: t.dir, what: what}, nil
}

// write appends a frame and returns its place.
func (f *tempFile) write(contents []byte) (int64, error) {
	at := f.end
	head := binary.LittleEndian.AppendUint32([]byte(frameMagic), uint32(len(contents)))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(contents, castagnoli))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(head, castagnoli))
	f.frame = append(append(f.frame[:0], head...), contents...)
	if _, err := f.file.WriteAt(f.frame, f.end); err != nil {
		return 0, fmt.Errorf("temporary directory %s: %s cannot be written: %w: free some space there, name another directory with --temp, or raise --memory", f.dir, f.what, disk.WithoutPath(err))
	}
	f.end += int64(len(f.frame))
	return at, nil
}

// read reads the frame at a place, whose contents have that many bytes, with a
// buffer that it may use. It may be called by several at a time.
func (f *tempFile) read(at int64, length int, buffer []byte) ([]byte, error) {
	if whole := frameHeader + length; cap(buffer) < whole {
		buffer = make([]byte, whole)
	} else {
		buffer = buffer[:whole]
	}
	if n, err := f.file.ReadAt(buffer, at); n < len(buffer) {
		if errors.Is(err, io.EOF) {
			return buffer, f.damaged(at, "it ends too early")
		}
		return buffer, fmt.Errorf("temporary directory %s: %s cannot be read: %w: name another directory with --temp", f.dir, f.what, disk.WithoutPath(err))
	}
	head, contents := buffer[:frameHeader], buffer[frameHeader:]
	switch {
	case string(head[:4]) != frameMagic,
		binary.LittleEndian.Uint32(head[12:]) != crc32.Checksum(head[:12], castagnoli),
		binary.LittleEndian.Uint32(head[4:]) != uint32(length):
		return buffer, f.damaged(at, "no frame begins there")
	case binary.LittleEndian.Uint32(head[8:]) != crc32.Checksum(contents, castagnoli):
		return buffer, f.damaged(at, "the checksum is wrong")
	}
	return buffer, nil
}

func (f *tempFile) damaged(at int64, why string) error {
	return fmt.Errorf("temporary directory %s: the file of %s was changed while it was in use (at byte %d: %s): count again, with --temp in a directory that nothing else writes to", f.dir, f.what, at, why)
}

// close removes the file.
func (f *tempFile) close() error {
	err := f.file.Close()
	if f.path != "" {
		err = errors.Join(err, os.Remove(f.path))
	}
	if err != nil {
		return fmt.Errorf("temporary directory %s: the file of %s cannot be removed: %w", f.dir, f.what, err)
	}
	return nil
}
