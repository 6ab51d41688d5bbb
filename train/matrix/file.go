package matrix

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"qk/data/text"
	"qk/train/disk"
)

// File is an open file of arrays.
type File struct {
	// Names are those of its arrays, in the order of the file. A .npy file has one,
	// which is empty.
	Names []string

	file  *os.File
	array func(i int) (*Dense, error)
}

// Open opens a .npy, .npz or safetensors file. What it is shows in its first bytes,
// not in its name. Errors do not name the path; they say what to give instead.
func Open(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: give a .npy, .npz or .safetensors file", disk.WithoutPath(err))
	case info.IsDir():
		return nil, errors.New("this is a directory: give a .npy, .npz or .safetensors file")
	case !info.Mode().IsRegular():
		return nil, errors.New("this is no regular file: give a .npy, .npz or .safetensors file")
	case info.Size() == 0:
		return nil, errors.New("the file is empty: give a .npy, .npz or .safetensors file")
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, disk.WithoutPath(err)
	}
	f := &File{file: in}
	if err := f.open(in, info.Size()); err != nil {
		in.Close()
		return nil, err
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// open finds out what the file is.
func (f *File) open(in io.ReaderAt, size int64) error {
	var start [9]byte
	n, err := in.ReadAt(start[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return disk.WithoutPath(err)
	}
	switch first := string(start[:n]); {
	case strings.HasPrefix(first, npyMagic), strings.HasPrefix(npyMagic, first):
		f.npy(in, size)
		return nil
	case strings.HasPrefix(first, "PK\x03\x04"), strings.HasPrefix(first, "PK\x05\x06"):
		return f.npz(in, size)
	case strings.HasPrefix(first, "\x80\x02"), strings.HasPrefix(first, "\x80\x03"), strings.HasPrefix(first, "\x80\x04"), strings.HasPrefix(first, "\x80\x05"):
		return errPickle
	case strings.HasPrefix(first, "\x89HDF"):
		return errors.New("this is an HDF5 file: write the matrix with numpy.save")
	case n == len(start) && start[8] == '{', n < len(start):
		return f.safetensors(in, size)
	}
	return errors.New("this is neither .npy, .npz nor safetensors: write it with numpy.save or safetensors")
}

var errPickle = errors.New("this is a pickle, which is a program, and qk does not run it: write the matrix with numpy.save(file, W.numpy()) or safetensors.torch.save_file")

func (f *File) npy(in io.ReaderAt, size int64) {
	f.Names = []string{""}
	f.array = func(int) (*Dense, error) {
		r := bufio.NewReader(io.NewSectionReader(in, 0, size))
		a, header, err := readNPYHeader(r)
		if err != nil {
			return nil, err
		}
		return a.read(r, size-header)
	}
}

// npz opens a zip of .npy files. Its sizes are not believed.
func (f *File) npz(in io.ReaderAt, size int64) error {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return fmt.Errorf("the .npz file is damaged (%w): copy it once more", err)
	}
	var files []*zip.File
	for _, entry := range z.File {
		if name, ok := strings.CutSuffix(entry.Name, ".npy"); ok {
			f.Names, files = append(f.Names, name), append(files, entry)
		} else if strings.HasSuffix(entry.Name, "/data.pkl") {
			return errPickle
		}
	}
	if len(files) == 0 {
		return errors.New("this is a zip file without arrays: write it with numpy.savez")
	}
	f.array = func(i int) (*Dense, error) {
		content, err := files[i].Open()
		if err != nil {
			return nil, fmt.Errorf("the .npz file is damaged (%w): copy it once more", err)
		}
		defer content.Close()
		r := bufio.NewReader(content)
		a, _, err := readNPYHeader(r)
		if err != nil {
			return nil, err
		}
		m, err := a.read(r, -1)
		if err != nil {
			return nil, err
		}
		if err := expectEnd(r); err != nil { // the checksum of the zip is checked here, too
			return nil, fmt.Errorf("the .npz file is damaged (%w): copy it once more", err)
		}
		return m, nil
	}
	return nil
}

func (f *File) safetensors(in io.ReaderAt, size int64) error {
	index, err := disk.ReadTensorIndex(in, size)
	if err != nil {
		return fmt.Errorf("%w: copy it once more, or write it anew", err)
	}
	list := index.List()
	for _, t := range list {
		f.Names = append(f.Names, t.Name)
	}
	f.array = func(i int) (*Dense, error) {
		formats := map[string]number{"F64": float64s, "F32": float32s, "F16": float16s, "BF16": bfloat16s}
		format, ok := formats[list[i].DType]
		if !ok {
			return nil, notFloats("numbers of dtype " + list[i].DType)
		}
		r := index.Bytes(i)
		return array{shape: list[i].Shape, number: format}.read(r, r.Size())
	}
	return nil
}

// Find returns the number of the array called name. Without a name it is the only
// array, or the first of the usual names that is there.
func (f *File) Find(name string, usual ...string) (int, error) {
	if name == "" && len(f.Names) == 1 {
		return 0, nil
	}
	if name != "" {
		usual = []string{name}
	}
	for _, n := range usual {
		if i := slices.Index(f.Names, n); i >= 0 && n != "" {
			return i, nil
		}
	}
	switch {
	case len(f.Names) == 0:
		return 0, errors.New("the file holds no arrays")
	case len(f.Names) == 1 && f.Names[0] == "":
		return 0, fmt.Errorf("a .npy file holds one array, without a name: leave out %q", ":"+name)
	case name == "":
		return 0, fmt.Errorf("the file holds %d arrays, none of them called %s: name one, as FILE:NAME; there are %s", len(f.Names), strings.Join(usual, " or "), some(f.Names))
	}
	hint := ""
	if near := text.Nearest(name, f.Names, 1); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q? ", near[0])
	}
	return 0, fmt.Errorf("no array is called %q: %sthere are %s", name, hint, some(f.Names))
}

// Read reads array i, which must be a matrix of floating-point numbers.
func (f *File) Read(i int) (*Dense, error) { return f.array(i) }

// some lists names, the first of many.
func some(names []string) string {
	const most = 8
	var quoted []string
	for _, n := range names[:min(most, len(names))] {
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return list
}
