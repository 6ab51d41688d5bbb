package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"qk/data/text"
	"qk/train/disk"
)

// matchFn finds the files that a corpus names.
type matchFn struct{}

// ProcessElement emits the names of what the corpus spec stands for: a built-in
// corpus, a file, or the files of a glob on any of Beam's file systems.
func (*matchFn) ProcessElement(ctx context.Context, spec string, emit func(string)) error {
	names, err := match(ctx, spec)
	for _, name := range names {
		emit(name)
	}
	return reported(err)
}

// cutFn cuts texts into blocks.
type cutFn struct {
	BlockSize int64
}

// ProcessElement emits the blocks of a file or a built-in corpus.
func (f *cutFn) ProcessElement(ctx context.Context, name string, emit func(block)) error {
	b, err := find(ctx, name)
	if err != nil {
		return reported(err)
	}
	if b.BuiltIn || b.Compressed {
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

// find looks at a text. Its block is all of it.
func find(ctx context.Context, name string) (block, error) {
	b := block{Name: name, BuiltIn: isBuiltIn(name)}
	if b.BuiltIn {
		return b, nil
	}
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return b, fmt.Errorf("corpus %s: %w", name, err)
	}
	defer files.Close()
	if b.Size, err = files.Size(ctx, name); err != nil {
		return b, fmt.Errorf("corpus %s: %w", name, disk.WithoutPath(err))
	}
	in, err := b.open(ctx)
	if err != nil {
		return b, err
	}
	defer in.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return b, fmt.Errorf("corpus %s: %w", name, disk.WithoutPath(err))
	}
	b.End, b.Compressed = b.Size, text.Compressed(head[:n])
	return b, nil
}

// match returns the texts of a corpus in ascending order. On this machine a directory
// stands for its files, as [text.OpenAll] says.
func match(ctx context.Context, spec string) ([]string, error) {
	local := !strings.Contains(spec, "://")
	if local {
		sources, err := text.OpenAll([]string{spec}, nil)
		if err == nil {
			names := make([]string, len(sources))
			for i, s := range sources {
				if names[i] = s.Name; s.Once {
					return nil, fmt.Errorf("corpus %s: this is no file but a pipe or a device, which can be read only once: copy it into a file", s.Name)
				}
			}
			return names, nil
		}
		if _, missing := os.Stat(spec); missing == nil || !strings.ContainsAny(spec, "*?[") {
			return nil, err
		}
	}
	files, err := filesystem.New(ctx, spec)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", spec, err)
	}
	defer files.Close()
	names, err := files.List(ctx, spec)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", spec, disk.WithoutPath(err))
	}
	if local {
		names = slices.DeleteFunc(names, func(name string) bool {
			info, err := os.Stat(name)
			return err == nil && info.IsDir()
		})
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("corpus %s: no file is called like this: check the folder and the pattern", spec)
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
		return nil, fmt.Errorf("%s %s: %w", what, name, disk.WithoutPath(err))
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
