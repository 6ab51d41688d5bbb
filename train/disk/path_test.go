package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestWithoutPath(t *testing.T) {
	plain := errors.New("plain")
	inPath := &fs.PathError{Op: "open", Path: "some/file", Err: fs.ErrNotExist}
	for _, test := range []struct{ err, want error }{
		{nil, nil},
		{plain, plain},
		{inPath, fs.ErrNotExist},
		{fmt.Errorf("around: %w", inPath), fs.ErrNotExist},
	} {
		if got := WithoutPath(test.err); got != test.want {
			t.Errorf("%v gives %v, want %v", test.err, got, test.want)
		}
	}
}
