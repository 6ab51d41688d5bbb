package disk

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A temporary is named .qk-<16 hexadecimal digits>.tmp. The name does not hold
// the target's, which could make it longer than the file system allows.
const (
	tempPrefix = ".qk-"
	tempSuffix = ".tmp"
	tempRandom = 8 // random bytes in the name
)

// tempName gives a fresh name for a temporary file.
func tempName() string {
	var random [tempRandom]byte
	_, _ = rand.Read(random[:]) // never fails, by its contract
	return tempPrefix + hex.EncodeToString(random[:]) + tempSuffix
}

// isTempName tells whether tempName could have made name.
func isTempName(name string) bool {
	middle, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return false
	}
	middle, ok = strings.CutSuffix(middle, tempSuffix)
	if !ok || len(middle) != 2*tempRandom || middle != strings.ToLower(middle) {
		return false
	}
	_, err := hex.DecodeString(middle)
	return err == nil
}

// RemoveStale removes from dir the temporary files that a killed [WriteFile]
// left behind and returns their names, in order. It touches regular files of
// exactly the names that WriteFile uses, in dir itself and not below it.
//
// A temporary that another WriteFile is still filling looks the same as a stale
// one. Call this only while nothing else writes to dir, as when a run is opened.
//
// The error is an [*Error] with [StepOpen] if dir cannot be read, or one or more
// joined with [StepRemove] for the files that could not be removed; the others
// are removed all the same. A file that is gone already is no error.
func RemoveStale(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, failed(dir, StepOpen, err)
	}
	var removed []string
	var problems []error
	for _, entry := range entries {
		if !isTempName(entry.Name()) || !entry.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		switch err := os.Remove(path); {
		case err == nil:
			removed = append(removed, entry.Name())
		case !errors.Is(err, fs.ErrNotExist):
			problems = append(problems, failed(path, StepRemove, err))
		}
	}
	return removed, errors.Join(problems...)
}
