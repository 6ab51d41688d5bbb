package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"qk/train/disk"
)

// The files of a run directory.
const (
	recordFile     = "run.json"
	metricsFile    = "metrics.jsonl"
	modelFile      = "model.safetensors"
	vocabularyFile = "vocabulary.json"
	checkpointFile = "checkpoint.qk"
	corpusFile     = "corpus.txt" // only of a text that can be read only once
	cardFile       = "README.md"
)

// IsRunFile tells whether a file of this name is one that a run keeps in its folder,
// on a file system that may not tell A from a.
func IsRunFile(name string) bool {
	for _, own := range []string{recordFile, metricsFile, modelFile, vocabularyFile, checkpointFile, corpusFile, cardFile} {
		if strings.EqualFold(name, own) {
			return true
		}
	}
	return false
}

// writeFile writes a file whole or not at all.
func writeFile(path string, content []byte) error {
	return disk.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func writeSealed(path string, payload []byte) error {
	return disk.WriteFile(path, func(w io.Writer) error {
		return disk.Seal(w, checkpointVersion, payload)
	})
}

// writeJSONFile writes v as indented JSON, whole or not at all.
func writeJSONFile(path string, v any) error {
	var content bytes.Buffer
	if err := WriteJSON(&content, v); err != nil {
		return err
	}
	return writeFile(path, content.Bytes())
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
