package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// manifestName is the file that says what a directory of counts holds.
const manifestName = "count.json"

// formatName is how the manifest tells itself from other JSON.
const formatName = "qk count"

// manifest is the file that binds the tables of a count together: it says how
// they were counted and holds the checksum of each.
type manifest struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Settings Settings        `json:"settings"`
	MinPairs int64           `json:"min_pairs"` // pairs seen fewer times were left out; 1 if none
	Totals   *Totals         `json:"totals,omitempty"`
	Tables   map[Name]*entry `json:"tables,omitempty"`
	// Seal is the SHA-256 of the manifest with an empty Seal, as [manifest.encode]
	// writes it. Without one the directory was written by another program.
	Seal string `json:"seal,omitempty"`
}

// entry is what a manifest says about a table.
type entry struct {
	Rows   int64  `json:"rows"`
	N      int64  `json:"n"` // sum of the column n
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// encode returns the manifest as it is written, with its seal.
func (m manifest) encode() ([]byte, error) {
	m.Seal = ""
	seal, err := m.seal()
	if err != nil {
		return nil, err
	}
	m.Seal = seal
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

func (m manifest) seal() (string, error) {
	m.Seal = ""
	text, err := json.Marshal(m)
	return fmt.Sprintf("%x", sha256.Sum256(text)), err
}

// What is wrong with a manifest, apart from JSON that is none.
var (
	errNoManifest = errors.New("is not the description of a count")
	errVersion    = errors.New("is of another version of the format")
	errSeal       = errors.New("does not have the checksum that is written in it: it was changed")
)

// decodeManifest is the inverse of encode; it also takes a manifest without seal.
func decodeManifest(text []byte) (*manifest, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoManifest, err)
	}
	if head.Format != formatName {
		return nil, fmt.Errorf("%w: it lacks \"format\": %q", errNoManifest, formatName)
	}
	if head.Version != Version {
		return nil, fmt.Errorf("%w: it has version %d, and this program knows version %d", errVersion, head.Version, Version)
	}
	var m manifest
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoManifest, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: something follows the JSON object", errNoManifest)
	}
	if m.Seal != "" {
		seal, err := m.seal()
		if err != nil {
			return nil, err
		}
		if seal != m.Seal {
			return nil, errSeal
		}
	}
	return &m, m.check()
}
