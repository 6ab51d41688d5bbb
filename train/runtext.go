package train

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qk/data/text"
	"qk/train/disk"
)

// keepTexts writes the texts that can be read only once and records where the
// others are.
func (d *RunDir) keepTexts(kept [][]byte) error {
	names := d.Record.Config.Corpus.Names()
	paths := make([]string, len(names))
	for i, name := range names {
		if i < len(kept) && kept[i] != nil {
			if err := writeFile(d.keptFile(i), kept[i]); err != nil {
				return err
			}
		} else if abs, err := filepath.Abs(name); err == nil && (d.Record.Config.Counts || !isBuiltIn(name)) {
			paths[i] = abs
		}
	}
	if strings.Join(paths, "") != "" {
		d.Record.CorpusPath = NameCorpus(paths...)
	}
	return nil
}

// keptFile is where text i is kept if it can be read only once.
func (d *RunDir) keptFile(i int) string {
	if len(d.Record.Config.Corpus.Names()) == 1 {
		return d.file(corpusFile)
	}
	ext := filepath.Ext(corpusFile)
	return d.file(fmt.Sprintf("%s-%d%s", strings.TrimSuffix(corpusFile, ext), i+1, ext))
}

// sources finds the texts of the run again.
func (d *RunDir) sources() ([]*text.Source, error) {
	names := d.Record.Config.Corpus.Names()
	paths := make([]string, len(names))
	if d.Record.CorpusPath != "" {
		if paths = d.Record.CorpusPath.Names(); len(paths) != len(names) {
			return nil, fmt.Errorf("its %s is damaged: it has %d texts and %d paths", recordFile, len(names), len(paths))
		}
	}
	var all []*text.Source
	for i, name := range names {
		sources, err := d.open(i, name, paths[i])
		if err != nil {
			return nil, err
		}
		all = append(all, sources...)
	}
	return all, nil
}

// open finds text i of the run.
func (d *RunDir) open(i int, name, path string) ([]*text.Source, error) {
	if content, err := os.ReadFile(d.keptFile(i)); err == nil {
		return []*text.Source{text.FromBytes(name, content)}, nil
	}
	if name == "-" && path == "" {
		return nil, fmt.Errorf("its text %s is missing: put it back, or train anew", d.keptFile(i))
	}
	if path != "" {
		if !filepath.IsAbs(path) {
			path = d.file(path)
		}
		name = path
		if _, err := os.Stat(name); err != nil {
			return nil, fmt.Errorf("its text %s: %w: put it back, or train anew", name, disk.WithoutPath(err))
		}
	}
	return text.OpenAll([]string{name}, bytes.NewReader(nil))
}

func isBuiltIn(corpus string) bool { return slices.Contains(text.BuiltIn(), corpus) }
