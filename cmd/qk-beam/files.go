package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"qk/data/text"
)

// blockSize is the length in bytes of the pieces that a file is read in, each by
// one worker at a time.
const blockSize = 16 << 20

// block is a piece of a text: the lines whose first byte is in [Start, End). A text
// that can only be read from its start is one block.
type block struct {
	Name       string // file, or built-in corpus
	BuiltIn    bool
	Compressed bool
	Start, End int64
	Size       int64 // of the file, when it was found
}

// matchFn finds the files that a corpus names and cuts them into blocks.
type matchFn struct {
	BlockSize int64
}

// ProcessElement emits the blocks of the corpus spec: a built-in corpus, a file or
// a glob on any of Beam's file systems.
func (f *matchFn) ProcessElement(ctx context.Context, spec string, emit func(block)) error {
	names, err := match(ctx, spec)
	if err != nil {
		return reported(err)
	}
	for _, name := range names {
		if err := f.cut(ctx, name, emit); err != nil {
			return reported(err)
		}
	}
	return nil
}

// cut emits the blocks of a file or a built-in corpus.
func (f *matchFn) cut(ctx context.Context, name string, emit func(block)) error {
	b := block{Name: name, BuiltIn: isBuiltIn(name), Compressed: strings.HasSuffix(name, ".gz")}
	if b.BuiltIn {
		emit(b)
		return nil
	}
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return fmt.Errorf("corpus %s: %w", name, err)
	}
	defer files.Close()
	if b.Size, err = files.Size(ctx, name); err != nil {
		return fmt.Errorf("corpus %s: %w", name, withoutPath(err))
	}
	if b.Compressed {
		b.End = b.Size
		emit(b)
		return nil
	}
	for b.End = min(f.BlockSize, b.Size); ; b.End = min(b.Start+f.BlockSize, b.Size) {
		emit(b)
		if b.Start = b.End; b.Start >= b.Size {
			return nil
		}
	}
}

// match returns the files of a corpus in ascending order.
func match(ctx context.Context, spec string) ([]string, error) {
	if isBuiltIn(spec) {
		return []string{spec}, nil
	}
	files, err := filesystem.New(ctx, spec)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", spec, err)
	}
	defer files.Close()
	if info, err := os.Stat(spec); err == nil { // a local file, whatever characters its name has
		if info.IsDir() {
			return nil, fmt.Errorf("corpus %s: this is a directory: give its files, such as '%s/*.txt'", spec, strings.TrimRight(spec, "/"))
		}
		return []string{spec}, nil
	}
	names, err := files.List(ctx, spec)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", spec, withoutPath(err))
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && info.IsDir()
	})
	if len(names) == 0 {
		if strings.ContainsAny(spec, "*?[") {
			return nil, fmt.Errorf("corpus %s: no file is called like this: check the folder and the pattern", spec)
		}
		return nil, fmt.Errorf("corpus %s: no such file, and not a built-in corpus: built in are %s", spec, strings.Join(text.BuiltIn(), ", "))
	}
	slices.Sort(names)
	return names, nil
}

func isBuiltIn(name string) bool { return slices.Contains(text.BuiltIn(), name) }

// open opens the text that a block is part of, at its very start.
func (b block) open(ctx context.Context) (io.ReadCloser, error) {
	if b.BuiltIn {
		source, err := text.Open(b.Name, nil)
		if err != nil {
			return nil, err
		}
		return source.Reader()
	}
	return openFile(ctx, "corpus", b.Name)
}

// openFile opens a file on any of Beam's file systems. What says in the error what
// it is for.
func openFile(ctx context.Context, what, name string) (io.ReadCloser, error) {
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", what, name, err)
	}
	r, err := files.OpenRead(ctx, name)
	if err != nil {
		files.Close()
		return nil, fmt.Errorf("%s %s: %w", what, name, withoutPath(err))
	}
	return openedFile{ReadCloser: r, files: files}, nil
}

// openedFile closes the file system with the file.
type openedFile struct {
	io.ReadCloser
	files io.Closer
}

// Seek moves to an offset from the start, if the file system can.
func (f openedFile) Seek(offset int64, whence int) (int64, error) {
	if s, ok := f.ReadCloser.(io.Seeker); ok {
		return s.Seek(offset, whence)
	}
	if whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	return io.CopyN(io.Discard, f.ReadCloser, offset)
}

func (f openedFile) Close() error { return errors.Join(f.ReadCloser.Close(), f.files.Close()) }

// withoutPath drops the operation and the path that os puts before an error, as the
// caller's message names the file already.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
