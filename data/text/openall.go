package text

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qk/train/disk"
)

// OpenAll finds the texts that specs name, each as [Open] does, in their order. A
// directory stands for all files in it and below, in the byte order of their
// paths. What is hidden, its name beginning with a dot, is skipped there, and so is
// what is no file, such as a pipe; a link to a file is followed, but one to a
// directory is an error, lest a text be missed.
func OpenAll(specs []string, stdin io.Reader) ([]*Source, error) {
	if len(specs) == 0 {
		return nil, errors.New("no corpus is given: give a file, a directory, - for standard input, or one of " + strings.Join(BuiltIn(), ", "))
	}
	var sources []*Source
	once := map[string]bool{}
	for _, spec := range specs {
		if !isDirectory(spec) {
			s, err := Open(spec, stdin)
			if err != nil {
				return nil, err
			}
			if once[spec] {
				return nil, fmt.Errorf("%s can be read only once: give it only once", spec)
			}
			once[spec] = s.Once
			sources = append(sources, s)
			continue
		}
		paths, err := filesIn(spec)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			s, err := openPath(path)
			if err != nil {
				return nil, err
			}
			sources = append(sources, s)
		}
	}
	return sources, nil
}

// isDirectory reports whether a spec names a directory that is to be read.
func isDirectory(spec string) bool {
	if spec == "" || spec == "-" || slices.Contains(BuiltIn(), spec) {
		return false
	}
	info, err := os.Stat(spec)
	return err == nil && info.IsDir()
}

// filesIn lists the files in a directory and below, in the byte order of their
// paths.
func filesIn(dir string) ([]string, error) {
	var paths []string
	// A link to the directory itself is followed only with something after it.
	root := dir + string(filepath.Separator)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("corpus %s: %w", path, disk.WithoutPath(err))
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && path != root
		switch {
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
			return nil
		case entry.Type().IsRegular():
			paths = append(paths, filepath.Clean(path))
		case entry.Type()&fs.ModeSymlink != 0:
			info, err := os.Stat(path)
			switch {
			case err != nil:
				return fmt.Errorf("corpus %s: a link that leads nowhere: %w: remove it", path, disk.WithoutPath(err))
			case info.IsDir():
				return fmt.Errorf("corpus %s: a link to a directory, which is not followed: give that directory as a corpus of its own, and remove the link", path)
			case info.Mode().IsRegular():
				paths = append(paths, filepath.Clean(path))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("corpus %s: no file in this directory, or only hidden ones: give a text", dir)
	}
	slices.Sort(paths)
	return paths, nil
}

// Names is how several texts are called in messages.
func Names(sources []*Source) string {
	const most = 3
	var names []string
	for _, s := range sources[:min(len(sources), most)] {
		names = append(names, DisplayName(s.Name))
	}
	all := strings.Join(names, ", ")
	if more := len(sources) - most; more > 0 {
		all += fmt.Sprintf(" and %d more", more)
	}
	return all
}
