package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestTruncateAfterEveryOffset cuts a log at every offset: the ends of lines are
// accepted, everything else is refused and changes nothing.
func TestTruncateAfterEveryOffset(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for _, content := range []string{"", "\n", "one\n", "one\n\ntwo words\n", "one\ntwo\nto"} {
		for offset := int64(-1); offset <= int64(len(content))+2; offset++ {
			t.Run(fmt.Sprintf("%q/%d", content, offset), func(t *testing.T) {
				if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
				err, want := TruncateAfter(path, offset), content
				switch {
				case offset < 0:
					wantError(t, err, path, StepTruncate, fs.ErrInvalid)
				case offset > int64(len(content)):
					wantError(t, err, path, StepTruncate, ErrShortLog)
				case offset > 0 && content[offset-1] != '\n':
					wantError(t, err, path, StepTruncate, ErrTornLine)
				default:
					if want = content[:offset]; err != nil {
						t.Error(err)
					}
				}
				if got := string(mustRead(t, path)); got != want {
					t.Errorf("the log is now %q, want %q", got, want)
				}
			})
		}
	}
}

func TestTruncateAfterMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := TruncateAfter(path, 0); err != nil {
		t.Error(err)
	}
	wantError(t, TruncateAfter(path, 1), path, StepTruncate, ErrShortLog)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the log was created")
	}
	dir := filepath.Dir(path)
	if err := TruncateAfter(dir, 0); !errors.As(err, new(*Error)) {
		t.Errorf("a directory: error %v", err)
	}
}
