package disk

import (
	"errors"
	"path/filepath"
	"runtime"
	"testing"
)

func TestLock(t *testing.T) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" || runtime.GOOS == "plan9" || runtime.GOOS == "solaris" || runtime.GOOS == "aix" {
		t.Skip("no locks on this system")
	}
	path := filepath.Join(t.TempDir(), "lock")
	for range 2 {
		unlock, err := Lock(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Lock(path); !errors.Is(err, ErrLocked) {
			t.Errorf("a second lock: error %v", err)
		}
		if err := unlock(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Lock(filepath.Join(path, "below"))
	wantErrorAt(t, err)
}

// wantErrorAt says that an error must be an [*Error].
func wantErrorAt(t *testing.T, err error) {
	t.Helper()
	if !errors.As(err, new(*Error)) {
		t.Errorf("error %v", err)
	}
}
