package main

import (
	"fmt"
	"os"
	"path/filepath"

	"qk/data"
	"qk/data/table"
	"qk/train/disk"
)

// vocabularyFile is the table of words in a directory of counts.
const vocabularyFile = "vocabulary.parquet"

// vocabularyOfRun are the words in the folder of a run.
const vocabularyOfRun = "vocabulary.json"

// readVocab reads the words of a vocabulary: of a file with one word a line, or of
// a count or a run, given as its directory or as the vocabulary in it.
func readVocab(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w: give a file with one word a line, or the %s of a count", shown(name), disk.WithoutPath(err), vocabularyFile)
	}
	if info.IsDir() {
		if of := filepath.Join(name, vocabularyOfRun); exists(of) {
			name = of
			info, err = os.Stat(name)
			if err != nil {
				return nil, fmt.Errorf("--vocab %s: %w", shown(name), disk.WithoutPath(err))
			}
		}
	}
	if info.IsDir() || filepath.Ext(name) == ".parquet" {
		return vocabOfCount(name, info.IsDir())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w", shown(name), disk.WithoutPath(err))
	}
	defer f.Close()
	if filepath.Ext(name) == ".json" {
		return data.ReadVocabularyJSON(f, shown(name))
	}
	return data.ReadVocabulary(f, shown(name))
}

// vocabOfCount reads the words of a count, all of them: that of [data.Unknown] and
// that of the boundary too.
func vocabOfCount(name string, isDir bool) ([]string, error) {
	dir := name
	if !isDir {
		if filepath.Base(name) != vocabularyFile {
			return nil, fmt.Errorf("--vocab %s: of a count, give its %s", shown(name), vocabularyFile)
		}
		dir = filepath.Dir(name)
	}
	c, err := table.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("--vocab %s: %w", shown(name), err)
	}
	var words []string
	for _, w := range c.Words() {
		words = append(words, w.Text)
	}
	return words, nil
}
