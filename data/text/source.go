package text

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"qk/train/disk"
)

//go:embed corpora/*.txt
var corpora embed.FS

// Source is a text that can be read, of a size that need not fit in memory.
type Source struct {
	// Name is how the text was named: a built-in corpus, a path, or "-".
	Name string
	// BuiltIn tells a corpus that is part of the program from a user's text.
	BuiltIn bool
	// Once tells a text that can be read only once: standard input, or a file that
	// is a pipe or a device.
	Once bool

	size int64 // bytes as they are stored, or −1
	open func() (io.ReadCloser, error)
	tee  io.Writer // gets what is read, or nil
}

// BuiltIn lists the names of the corpora that are part of the program, in byte
// order. They are the worked examples of "Transformers from Scratch" in
// sentences of the same shape: coat (first order suffices), candle (the next
// word hangs on one earlier word) and diary (the earlier word is ten words
// back, and only a mask makes its vote heard).
func BuiltIn() []string {
	entries, err := corpora.ReadDir("corpora")
	if err != nil {
		panic("text: the embedded corpora are missing: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".txt")
	}
	return names
}

// Open finds the text that spec names: a built-in corpus, "-" for standard
// input, or else a file. A file that is called like a built-in corpus needs its
// folder before it ("./diary"). The file itself is opened by [Source.Reader]; that
// it exists and is a file is checked here.
func Open(spec string, stdin io.Reader) (*Source, error) {
	switch spec {
	case "":
		return nil, fmt.Errorf("the corpus has no name: give a file, - for standard input, or one of %s", strings.Join(BuiltIn(), ", "))
	case "-":
		return &Source{Name: spec, Once: true, size: -1, open: func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }}, nil
	}
	if slices.Contains(BuiltIn(), spec) {
		file := path.Join("corpora", spec+".txt")
		text, err := corpora.ReadFile(file)
		if err != nil {
			return nil, err
		}
		return &Source{Name: spec, BuiltIn: true, size: int64(len(text)), open: func() (io.ReadCloser, error) { return corpora.Open(file) }}, nil
	}
	return openPath(spec)
}

// openPath is Open for a file.
func openPath(spec string) (*Source, error) {
	info, err := os.Stat(spec)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unknownCorpus(spec)
	case err != nil:
		return nil, fmt.Errorf("corpus %s: %w", spec, disk.WithoutPath(err))
	case info.IsDir():
		return nil, fmt.Errorf("corpus %s: this is a directory, where one text is asked for: give a file", spec)
	}
	s := &Source{Name: spec, Once: !info.Mode().IsRegular(), size: -1, open: func() (io.ReadCloser, error) { return openFile(spec) }}
	if !s.Once {
		s.size = info.Size()
	}
	return s, nil
}

// Tee returns a source of the same text that writes to w what is read of it,
// decompressed.
func (s *Source) Tee(w io.Writer) *Source {
	tee := *s
	tee.tee = w
	return &tee
}

// Size returns how many bytes the source has as it is stored, compressed or not, or
// −1 if that is not known.
func (s *Source) Size() int64 { return s.size }

// FromText makes a source of a text in memory, under a name of its own.
func FromText(name, text string) *Source {
	return &Source{Name: name, size: int64(len(text)), open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

// FromBytes is [FromText] for bytes; it does not copy them.
func FromBytes(name string, text []byte) *Source {
	return &Source{Name: name, size: int64(len(text)), open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text)), nil
	}}
}

// Reader opens the text for reading from its start, and decompresses it if it is
// gzip or zstd. What can be read only [Source.Once] is not to be opened again.
func (s *Source) Reader() (io.ReadCloser, error) {
	in, err := s.stream()
	if err != nil {
		return nil, err
	}
	return in, nil
}

func unknownCorpus(spec string) error {
	hint := ""
	if near := Nearest(spec, BuiltIn(), 1); len(near) > 0 {
		hint = fmt.Sprintf(" (did you mean %s?)", near[0])
	}
	return fmt.Errorf("corpus %s: no such file, and not a built-in corpus%s: built in are %s", spec, hint, strings.Join(BuiltIn(), ", "))
}

// DisplayName is how a text of that name is called in messages.
func DisplayName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
